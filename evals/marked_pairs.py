"""Pairs of claims made of marked tables, receipts, forms and recordings.

- Tables of ICDAR 2013 without cells that span others, of which the top row names every column and
  the first column every row, each once: cells that are a figure, at most `CELLS` of a table.
- SROIE: the fields of a receipt. FUNSD: keys and what is entered there, at most `KEYS` of a form;
  the wrong field has digits where the right one has.
- Recordings of at least `WORDS` telling words: the transcript, as what the speaker says; the wrong
  word is a thing of another recording for a thing of this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from evals.asked_sets import TABLES
from evals.corruptions import (
    PRINTED,
    drawn,
    negated,
    other_digit,
    other_figure,
    other_spoken_number,
    swapped,
)
from evals.datasets.funsd import Form
from evals.datasets.icdar2013 import GoldCell, GoldTable, TableDocument
from evals.datasets.made_questions import filled, key_name
from evals.datasets.pages import Page
from evals.datasets.speech import Clip
from evals.datasets.sroie import Receipt
from evals.sampling import sample
from evals.scorers.answers import figures
from evals.scorers.fields import letters_of, same_value
from evals.twins import Pair, Wrong, twin
from pincite.grounding.words import content

CELLS: Final = 2
KEYS: Final = 2
WORDS: Final = 6
_FIGURE_ONLY: Final = re.compile(r"[^\w]*[\d.,]+[^\w]*")
_LONGEST_NAME: Final = 60
_THING: Final = re.compile(
    r"\b(?:the|an?|of|in|from|their|our|your|his)\s((?!\w+(?:ly|ed|ing|er|est|ive)\b)[a-z]{4,})\b"
    r"(?=\s(?:of|in|on|for|from|to|and|which|that|was|were|is|are|can|should|by|at)\b|[,.;]|\Z)",
    re.IGNORECASE,
)
_DENIED: Final = ("total", "company")
"""Of receipts; so that denials do not outweigh the rest, as of one cell of a table."""
_WORDINGS: Final = ("The {} is {}.", "The {} of the receipt is {}.")
"""Of receipts: bare, and with a word that no receipt has."""


# --- tables --------------------------------------------------------------------------------------


def of_document(document: TableDocument) -> Iterator[Pair]:
    for number, table in enumerate(document.tables, 1):
        named = named_cells(table)
        name = f"{TABLES}/{document.name}#{number}"
        values = {place for place, cell in named.items() if _is_figure(cell)}
        for step in range(CELLS):
            place = drawn(f"{name}.{step}", sorted(values))
            if place is None:
                break
            values.discard(place)
            yield _of_cell(f"{name}.{step}", Page(document.path.name, table.page), named, place)


_Named = tuple[str, str]
"""Names of a row and of a column."""


def named_cells(table: GoldTable) -> dict[_Named, GoldCell]:
    """Cells by the names of row and column; empty where these are not all there, each once."""
    top = min(cell.row for cell in table.cells)
    first = min(cell.column for cell in table.cells)
    columns = {cell.column: _flat(cell) for cell in table.cells if cell.row == top}
    rows = {cell.row: _flat(cell) for cell in table.cells if cell.column == first}
    columns.pop(first, None)
    rows.pop(top, None)
    inside = [cell for cell in table.cells if cell.row > top and cell.column > first]
    spans = any(cell.row != cell.end_row or cell.column != cell.end_column for cell in table.cells)
    for names, wanted in ((columns, {c.column for c in inside}), (rows, {c.row for c in inside})):
        told = [names.get(place, "") for place in wanted]
        if not all(0 < len(name) <= _LONGEST_NAME for name in told) or len(set(told)) < len(told):
            return {}
    if spans:
        return {}
    return {(rows[cell.row], columns[cell.column]): cell for cell in inside}


def _of_cell(name: str, page: Page, named: Mapping[_Named, GoldCell], place: _Named) -> Pair:
    value = _flat(named[place])
    right = f"For {place[0]}, {place[1]} is {value}."
    wrong: list[Wrong] = []
    for kind, fixed in (("row", 1), ("column", 0)):
        others = {
            _flat(cell)
            for other, cell in named.items()
            if other[fixed] == place[fixed] and _is_figure(cell)
        }
        own = [figure.value for figure in figures(value)]
        unlike = sorted(each for each in others if [f.value for f in figures(each)] != own)
        wrong += twin(kind, swapped(right, f" is {value}.", _said(unlike), name), right)
    if name.endswith(".0"):
        wrong += twin("negation", negated_of(right, value), right)
    return Pair(
        id=name, medium="table", pages=(page,), right=right, value=value, wrong=tuple(wrong)
    )


def _is_figure(cell: GoldCell) -> bool:
    return bool(_FIGURE_ONLY.fullmatch(_flat(cell)) and PRINTED.search(_flat(cell)))


def _said(values: Sequence[str]) -> list[str]:
    return [f" is {value}." for value in values]


def negated_of(right: str, value: str) -> str:
    """Of a sentence that ends with `is` and its value."""
    return right.replace(f" is {value}.", f" is not {value}.")


def _flat(cell: GoldCell) -> str:
    return " ".join(cell.text.split())


# --- scans ---------------------------------------------------------------------------------------


def of_receipts(receipts: Sequence[Receipt]) -> Iterator[Pair]:
    for receipt in receipts:
        for field in receipt.fields:
            name = f"sroie/{receipt.id}#{field}"
            value = receipt.fields[field].rstrip(".")
            right = (drawn(name, _WORDINGS) or "").format(field, value)
            others = {each.fields.get(field, "") for each in receipts} - {""}
            unlike = sorted(each for each in others if not same_value(field, each, value))
            wrong = list(twin("receipt", swapped(right, value, unlike, name), right))
            if field == "total":
                there = [m[0] for line in receipt.lines for m in PRINTED.finditer(line.text)]
                wrong += twin("number of the page", other_figure(right, value, there, name), right)
            if field in ("total", "date"):
                own = PRINTED.search(value)
                wrong += twin("digit", other_digit(right, own[0]) if own else None, right)
            if field in _DENIED:
                wrong += twin("negation", negated_of(right, value), right)
            yield Pair(
                id=name,
                medium="scan",
                pages=(Page(receipt.image.name, 1),),
                right=right,
                value=value,
                wrong=tuple(wrong),
            )


def of_form(form: Form) -> Iterator[Pair]:
    entered = list(filled(form))
    for each in sample(entered, KEYS, id_of=lambda each: f"{form.id}#{each.key.id}", seed=0):
        name, value = f"funsd/{form.id}#{each.key.id}", each.value
        right = f"The {key_name(each.key)} is {value}."
        others = {other.value for other in entered}
        unlike = sorted(other for other in others if letters_of(other) != letters_of(value))
        alike = [other for other in unlike if _has_digit(other) is _has_digit(value)]
        wrong = list(
            twin("field", swapped(right, f" is {value}.", _said(alike or unlike), name), right)
        )
        own = PRINTED.search(value)
        wrong += twin("digit", other_digit(right, own[0]) if own else None, right)
        wrong += twin("negation", negated_of(right, value), right)
        yield Pair(
            id=name,
            medium="scan",
            pages=(Page(form.image.name, 1),),
            right=right,
            value=value,
            wrong=tuple(wrong),
        )


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


# --- recordings ----------------------------------------------------------------------------------


def of_clips(clips: Sequence[Clip]) -> Iterator[Pair]:
    said = [clip for clip in clips if len(content(clip.text)) >= WORDS]
    for clip in said:
        others = [each for each in said if each.id != clip.id]
        other = drawn(f"speech/{clip.id}", others)
        right = _speech(clip.text)
        wrong: list[Wrong] = []
        if other is not None:
            wrong += twin("recording", right, right, other.audio.name)
            wrong += twin("word", _other_word(clip.text, other.text), right)
        number = other_spoken_number(clip.text)
        wrong += twin("number", _speech(number) if number else None, right)
        turned_round = negated(clip.text)
        wrong += twin("negation", _speech(turned_round) if turned_round else None, right)
        yield Pair(
            id=f"speech/{clip.id}",
            medium="speech",
            pages=(Page(clip.audio.name, 1),),
            right=right,
            value=clip.text,
            wrong=tuple(wrong),
        )


def _speech(text: str) -> str:
    text = text.strip().rstrip(".,;")
    return f"The speaker says: {text.lower() if text.isupper() else text}."


def _other_word(text: str, other: str) -> str | None:
    """The longest thing that the other recording does not have, for the longest that this lacks."""
    text = text.lower() if text.isupper() else text
    ours, theirs = set(content(text)), set(content(other))
    own = [word for word in _things(text) if not set(content(word)) & theirs]
    its = [word for word in _things(other) if not set(content(word)) & ours]
    if not own or not its:
        return None
    mine, its_own = max(own, key=len), max(its, key=len)
    return _speech(text.replace(mine, its_own.title() if mine.istitle() else its_own.lower(), 1))


def _things(text: str) -> list[str]:
    """Words behind an article or the like that do not look like a verb or an adverb."""
    return [match[1] for match in _THING.finditer(text)]
