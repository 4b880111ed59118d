"""Lines of a page → labels and the values that belong to them.

A label ends in a colon and has its value after it, to the right or below; or it is one of the words
that forms use, and what stands beside it has the form of its value. Nothing here knows one form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingestion.layout.lines import rows_of
from ingestion.layout.marks import Box, Line, Word

_LONGEST_LABEL, _MOST_WORDS = 42, 6
_LONGEST_VALUE = 120
_BELOW = 1.6
"""How far below its label a value may begin, in type sizes."""
_COLON = re.compile(r"(?<![\d\W])(?:\s?[.#)\]])?\s?[:：](?!//|\d\d\b(?=[:.]))")
_NAMES = (
    ("tax_id", r"\b(?:gst|vat|ust|tax|tin|abn|ein)\b.{0,12}\b(?:id|no|reg|nr|number)\b|\bgst\s?id"),
    ("fax", r"\bfax\b"),
    ("phone", r"\b(?:tel|telephone|phone|mobile|h/?p|hotline)\b"),
    ("email", r"\be-?mail\b"),
    (
        "number",
        r"\b(?:invoice|receipt|bill|document|doc|order|inv|rechnung\w*)\b.{0,8}"
        r"(?:\b(?:no|number|nr)\b|#)",
    ),
    ("date", r"\b(?:date|dated|datum|fecha|data|\w{0,4}date)\b"),
    ("address", r"\baddress\b|\badresse\b"),
    ("name", r"^(?:name|customer|to|attn|from)\b"),
)
_COMPILED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _NAMES)


class Field(NamedTuple):
    """A value on a page, with its label where it has one."""

    name: str
    """What the value is, such as `date`; empty where only the label says it."""
    label: tuple[Word, ...]
    value: tuple[Word, ...]
    lines: tuple[Line, ...]
    """The lines that the value stands in, in reading order."""


def name_of(label: str) -> str:
    """What kind of value a label asks for; empty for any other."""
    return next((name for name, pattern in _COMPILED if pattern.search(label)), "")


def labelled(lines: Sequence[Line]) -> list[Field]:
    """Labels that end in a colon, with their values, from top to bottom."""
    rows = rows_of([line for line in lines if line.placed is None])
    used: set[int] = set()
    found: list[Field] = []
    for number, row in enumerate(rows):
        for place, line in enumerate(row):
            if id(line) in used:
                continue
            split = _split(line)
            if split is None:
                continue
            label, value = split
            if not label:
                label = _beside(row[place - 1], used) if place else ()
            where = line if value else _value_line(rows, number, place)
            if where is None or not label:
                continue
            words = value or where.words
            if _is_value(words):
                more = list(_continued(rows, words[0].box, where)) if _runs_on(where, rows) else []
                used.update(map(id, (line, where, *more)))
                words = (*words, *(word for other in more for word in other.words))
                found.append(Field(name_of(_text(label)), label, words, (where, *more)))
    return found


def _runs_on(line: Line, rows: Sequence[Sequence[Line]]) -> bool:
    """Whether a line ends near the edge of the page, so that what it says may go on below."""
    return line.box.right >= 0.8 * max(other.box.right for row in rows for other in row)


def _continued(rows: Sequence[Sequence[Line]], start: Box, line: Line) -> Iterator[Line]:
    """Lines right below a value that begin where it does, with nothing left of them."""
    last = line
    for row in rows:
        other = row[0]
        if other.box.top < last.box.bottom - 0.5 * last.size or other is last:
            continue
        near = other.box.top - last.box.bottom <= 0.8 * last.size
        if not near or abs(other.box.left - start.left) > last.size or _split(other) is not None:
            return
        yield other
        last = other


def _split(line: Line) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """The words before and after the colon; a word that has it inside is cut in two."""
    text = line.text
    if text[:1] in ":：":
        return (), tuple(part for part in cut(line, 1, len(text)) if part.text.strip(":：. "))
    at = _COLON.search(text)
    if at is None or at.end() > _LONGEST_LABEL:
        return None
    label, value = cut(line, 0, at.end()), cut(line, at.end(), len(text))
    if len(label) > _MOST_WORDS:
        return None
    return label, value


def cut(line: Line, start: int, end: int) -> tuple[Word, ...]:
    """The words of a line between two characters of its text; a word may be cut.

    A cut word's box is its share of the whole word's by length.
    """
    found: list[Word] = []
    at = 0
    for word in line.words:
        first, last = max(start - at, 0), min(end - at, len(word.text))
        if first < last:
            text = word.text[first:last]
            if text.strip():
                found.append(_part(word, first, last))
        at += len(word.text) + 1
    return tuple(found)


def _part(word: Word, first: int, last: int) -> Word:
    length = len(word.text)
    if (first, last) == (0, length):
        return word
    return word._replace(
        text=word.text[first:last],
        box=_share(word.box, first / length, last / length),
        shown=_share(word.shown, first / length, last / length),
    )


def _share(box: Box, start: float, end: float) -> Box:
    return box._replace(left=box.left + start * box.width, right=box.left + end * box.width)


def _beside(line: Line, used: set[int]) -> tuple[Word, ...]:
    short = len(line.words) <= _MOST_WORDS and any(letter.isalpha() for letter in line.text)
    return line.words if short and id(line) not in used else ()


def _value_line(rows: Sequence[Sequence[Line]], number: int, place: int) -> Line | None:
    """What stands to the right of a label, else what stands below it."""
    line = rows[number][place]
    right = rows[number][place + 1 : place + 2]
    if right and _split(right[0]) is None:
        return right[0]
    for other in rows[number + 1] if number + 1 < len(rows) else ():
        near = other.box.top - line.box.bottom <= _BELOW * line.size
        if near and abs(other.box.left - line.box.left) <= 2 * line.size:
            return other if _split(other) is None else None
    return None


def _is_value(words: Sequence[Word]) -> bool:
    text = _text(words)
    return any(letter.isalnum() for letter in text) and len(text) <= _LONGEST_VALUE


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
