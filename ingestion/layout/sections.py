"""Headings that stay open from one page to the next. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.layout.blocks import Block
from ingestion.layout.heading_marks import BIGGER, body_type
from ingestion.layout.marks import Line
from pincite.elements import Kind

Open = tuple[tuple[float, str], ...]
"""Rank and text of the headings above what comes next, outermost first."""
_SAME_RANK = 0.3
_NUMBERED = re.compile(r"(?:item|part|section|chapter|article|note|\d{1,2}\.)\s*[\dIVX]+", re.I)
_SECTION = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+[^\W\d]")
_LONGEST = 120


class Headings:
    """The headings above what comes next, outermost first."""

    def __init__(self, still_open: Open = ()) -> None:
        """`still_open` comes from the pages before."""
        self._open = list(still_open)

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._open)

    @property
    def still_open(self) -> Open:
        return tuple(self._open)

    def enter(self, text: str, rank: float) -> tuple[str, ...]:
        """Open a heading; returns the path above it. Numbers such as 3.2 tell more than type."""
        depth = _depth(text)
        for at, (_, other) in enumerate(self._open):
            if depth and _depth(other) >= depth:
                del self._open[at:]
                break
        while self._open and self._open[-1][0] <= rank + _SAME_RANK:
            if 0 < _depth(self._open[-1][1]) < depth:
                break
            self._open.pop()
        above = self.path
        self._open.append((rank, text))
        return above


def _depth(text: str) -> int:
    """2 for `3.2 Results`, 1 for `3 Methods`; 0 without a number."""
    number = _SECTION.match(text)
    return number.group(1).count(".") + 1 if number else 0


def may_open(lines: Sequence[Line]) -> bool:
    """Whether any line of a page could be a heading that stays open; cheap."""
    size = body_type(lines).size
    return any(_is_strong(line, size) for line in lines if line.placed is None)


def opened_by(above: Open, blocks: Sequence[Block], size: float, *, is_first: bool) -> Open:
    """What stays open at the end of a page.

    Only headings in larger type or with a number: bold lines are too often labels. The title of the
    first page stays closed: it would stand above everything and tell nothing.
    """
    strong = [
        block
        for block in blocks
        if block.kind is Kind.HEADING and any(_is_strong(line, size) for line in block.lines)
    ]
    title = max((block.rank for block in strong), default=0.0) if is_first else None
    headings = Headings(above)
    for block in strong:
        text = " ".join(" ".join(line.text for line in block.lines).split())
        if block.rank != title and len(text) <= _LONGEST:
            headings.enter(text, block.rank)
    return headings.still_open


def _is_strong(line: Line, size: float) -> bool:
    return line.size >= BIGGER * size or (line.bold and _NUMBERED.match(line.text) is not None)
