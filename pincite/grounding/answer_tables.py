"""Markdown tables of an answer: each cell states something of its row under its column's header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from pincite.grounding.marks import marks_in, without_marks

_RULER: Final = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*\Z")
_NOTHING: Final = re.compile(r"[\s\-–—./?]*|n\.?/?a\.?|none|unknown", re.IGNORECASE)
_ABOUT_SOURCES: Final = re.compile(r"(?:sources?|citations?|evidence|references?|refs?)\Z", re.I)


class CellClaim(NamedTuple):
    start: int
    """Characters [start, end) of the table."""
    end: int
    text: str
    own: int
    """From where the text is that of the cell; what is before comes from row and column."""
    cites: tuple[int, ...]


class _Cell(NamedTuple):
    start: int
    end: int
    text: str
    """Without marks."""
    cites: tuple[int, ...]


def is_table(text: str) -> bool:
    """Whether a text is lines of a table."""
    return text.lstrip().startswith("|") and text.count("|") > 1


def cell_claims(table: str) -> Iterator[CellClaim]:
    """A claim for each cell behind the first of its row, the row's label and the header before it.

    A table of one column states its cells. Without a ruler (`|---|`) there is no header. A cell
    without marks cites what its row cites.
    """
    rows = list(_rows(table))
    ruler = next((n for n, row in enumerate(rows) if row is None), None)
    headed = ruler is not None and ruler > 0
    headers = [cell.text for cell in rows[ruler - 1] or ()] if headed and ruler else []
    for row in rows[ruler + 1 if headed and ruler is not None else 0 :]:
        if row:
            yield from _of_row(row, headers)


def _rows(table: str) -> Iterator[list[_Cell] | None]:
    """None for a ruler."""
    at = 0
    for line in table.splitlines(keepends=True):
        bare = line.rstrip()
        if bare:
            yield None if _RULER.fullmatch(bare) else _cells(bare, at)
        at += len(line)


def _cells(line: str, at: int) -> list[_Cell]:
    first = line.find("|") + 1
    found: list[_Cell] = []
    place = first
    for piece in re.split(r"(?<!\\)\|", line[first:]):
        text = re.sub(r"\*+|`", "", without_marks(piece)).replace("\\|", "|").strip()
        cites = tuple(dict.fromkeys(n for mark in marks_in(piece) for n in mark.numbers))
        lead = len(piece) - len(piece.lstrip())
        start = at + place + lead
        found.append(_Cell(start, at + place + len(piece.rstrip()), text, cites))
        place += len(piece) + 1
    if found and not found[-1].text and not found[-1].cites:
        found.pop()
    return found


def _of_row(row: list[_Cell], headers: list[str]) -> Iterator[CellClaim]:
    shared = tuple(dict.fromkeys(n for cell in row for n in cell.cites))
    label = row[0].text if len(row) > 1 else ""
    for place, cell in enumerate(row):
        header = headers[place] if place < len(headers) else ""
        if (place == 0 and len(row) > 1) or _NOTHING.fullmatch(cell.text):
            continue
        if _ABOUT_SOURCES.fullmatch(header):
            continue
        before = ", ".join(filter(None, (label, header)))
        told = f"{before}: {cell.text}" if before else cell.text
        own = len(told) - len(cell.text)
        yield CellClaim(cell.start, cell.end, told, own, cell.cites or shared)
