"""The places of an element that a claim can rest on: its sentences, or the rows of its table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

from pincite.elements import Cell, Element, How, Kind
from pincite.grounding.numbers import Quantity, quantities
from pincite.grounding.sentences import sentences
from pincite.grounding.units import unit_of
from pincite.grounding.words import content

_CURRENCY: Final = r"(?:(?:US|U\.S\.)\s?)?(?:[$€£]|USD|EUR|GBP|dollars|euros?|pounds)"
_THOUSANDS: Final = re.compile(
    rf"\bin (?:{_CURRENCY}\s?)?(thousand|million|billion)s?\b"
    rf"|\((?:{_CURRENCY}\s?(?:in\s)?)?(thousand|million|billion|000)s?\b(?:[^()\d]*)\)",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"[-−]?\d[\d.,\s'’]*")
_WORD: Final = re.compile(r"[^\W\d_]{2,}|%|(?<=\()[A-Za-z](?=\))")
_ENDING: Final = re.compile(r"\.\w{1,5}$")
_BETWEEN: Final = re.compile(r"[\W_]+")
_FACTORS: Final = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "000": 1e3}
LONGEST: Final = 60
"""Words after which a sentence without end (a list, a form) is cut."""


@dataclass(frozen=True)
class Spot:
    """One sentence or table row, with what its surroundings add to its meaning."""

    element: Element
    text: str
    context: str
    """Headings, captions and table headers that hold for it."""
    row: int | None = None
    """Of a table, from 0; None for a sentence."""
    columns: tuple[tuple[str, str], ...] = ()
    """Header and text of a row's cells, in order."""
    origin: str = ""
    """What the name of its file says it is about."""

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(content(self.text))

    @property
    def surroundings(self) -> str:
        return f"{self.context} {self.origin}"

    @cached_property
    def context_stems(self) -> frozenset[str]:
        return frozenset(content(self.surroundings))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        stems = content(self.text)
        return frozenset(pairwise(stems))

    @cached_property
    def label(self) -> frozenset[str]:
        """Stems of a row without its headers and numbers: what tells it from other rows."""
        text = " ".join(text for _, text in self.columns) or self.text
        return frozenset(stem for stem in content(text) if not stem[0].isdigit())

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return (
            self.quantities_under(self.columns) if self.columns else self.quantities_of(self.text)
        )

    @cached_property
    def around(self) -> tuple[Quantity, ...]:
        """Of a file's name only the dates: `4471` in it may be anything."""
        dates = (each for each in quantities(self.origin) if each.is_date)
        return (*quantities(self.context), *dates)

    def quantities_of(self, part: str) -> tuple[Quantity, ...]:
        """Of a part of the spot, also as multiplied by an `in thousands` of its surroundings."""
        found = quantities(part)
        scale = _scale(self.context + " " + self.text)
        return (*found, *(_scaled(q, scale) for q in found if scale != 1 and not q.is_date))

    def quantities_under(self, columns: Sequence[tuple[str, str]]) -> tuple[Quantity, ...]:
        """Of some of its columns; a bare figure also in the unit that its header names."""
        told = " ; ".join(f"{head}: {text}" if head else text for head, text in columns)
        units = (each for head, text in columns for each in _in_unit_of(head, text))
        return (*self.quantities_of(told), *units)

    @property
    def misread(self) -> bool:
        """Whether its letters were guessed."""
        return self.element.how in {How.OCR, How.SPEECH}


def spots_of(element: Element, source_name: str = "") -> list[Spot]:
    """Empty for what a machine wrote about a picture: it never supports a claim."""
    if not element.how.may_support:
        return []
    origin = _BETWEEN.sub(" ", _ENDING.sub("", source_name)).strip()
    return [replace(spot, origin=origin) for spot in _spots(element)]


def _spots(element: Element) -> list[Spot]:
    named = (element.field.name,) if element.field else ()
    context = " ".join((*element.heading_path, *named))
    if element.table and element.table.cells:
        return _rows(element, element.table.cells, context)
    lines = element.kind in {Kind.TABLE, Kind.FIELD, Kind.CODE}
    text = element.text
    spans = sentences(text, lines=lines)
    return [
        Spot(element, piece, context)
        for span in spans
        for piece in _pieces(text[span.start : span.end])
    ]


def _pieces(sentence: str) -> list[str]:
    parts = sentence.split()
    if len(parts) <= LONGEST * 2:
        return [sentence]
    return [" ".join(parts[i : i + LONGEST]) for i in range(0, len(parts), LONGEST)]


def _rows(element: Element, cells: tuple[Cell, ...], context: str) -> list[Spot]:
    """`label; header: value; header: value` for every row; header rows stay context."""
    headers = _headers(cells)
    above = " ".join((context, *(text for texts in headers.values() for text in texts)))
    spots: list[Spot] = []
    for row in sorted({cell.row for cell in cells}):
        line = [cell for cell in cells if cell.row == row and cell.text.strip()]
        if line and not all(cell.is_header for cell in line):
            columns = tuple((_head(cell, headers), cell.text.strip()) for cell in line)
            text = "; ".join(f"{head}: {body}" if head else body for head, body in columns)
            spots.append(Spot(element, text, above, row, columns))
    return spots


def _headers(cells: tuple[Cell, ...]) -> dict[int, list[str]]:
    rows = {cell.row for cell in cells if cell.is_header}
    whole = {row for row in rows if all(c.is_header for c in cells if c.row == row)} or {
        min((cell.row for cell in cells), default=0)
    }
    found: dict[int, list[str]] = {}
    for cell in cells:
        if cell.row in whole and cell.text.strip():
            for column in range(cell.column, cell.column + cell.column_span):
                found.setdefault(column, []).append(cell.text.strip())
    return found


def _head(cell: Cell, headers: dict[int, list[str]]) -> str:
    return " ".join(headers.get(cell.column, ()))


def _in_unit_of(head: str, text: str) -> list[Quantity]:
    """`34` under `Hours` is `34 Hours`."""
    if not _BARE.fullmatch(text):
        return []
    named = next((word for word in _WORD.findall(head) if unit_of(word)), "")
    return quantities(f"{text} {named}") if named else []


def _scale(text: str) -> float:
    found = _THOUSANDS.search(text)
    return _FACTORS[(found.group(1) or found.group(2)).casefold()] if found else 1.0


def _scaled(quantity: Quantity, factor: float) -> Quantity:
    values = tuple(r._replace(value=r.value * factor, ulp=r.ulp * factor) for r in quantity.values)
    return quantity._replace(values=values)
