"""Headers, footers and page numbers: what stands at the edge and comes again on other pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingestion.layout.lines import rows_of
from ingestion.layout.marks import Line

_TOP, _BOTTOM = 0.11, 0.89
_LOWEST_THIRD = 0.66
_MOST_ROWS = 4
_LONGEST = 160
_DIGITS = re.compile(r"\d+|\b[ivxlc]{1,6}\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:page\s*|p\.\s*|seite\s*|[-–—|]\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/|von|\||[-–—])\s*\d{0,4})?",
    re.IGNORECASE,
)

Edges = tuple[frozenset[str], frozenset[str]]
"""What stands at the top and at the bottom of a page, numbers masked."""


def edge_lines(lines: Sequence[Line], height: float) -> tuple[list[Line], list[Line]]:
    """Lines that could be header or footer by their place."""
    top = rows_of([line for line in lines if line.box.bottom <= _TOP * height])[:_MOST_ROWS]
    bottom = rows_of([line for line in lines if line.box.top >= _BOTTOM * height])[-_MOST_ROWS:]
    if not bottom and len(lines) > 1:
        bottom = [_last_number(lines, height)]
    return (
        [line for row in top for line in row],
        [line for row in bottom for line in row],
    )


def edges_of(lines: Sequence[Line], height: float) -> Edges:
    top, bottom = edge_lines(lines, height)
    return _masks(top), _masks(bottom)


def furniture(
    lines: Sequence[Line], height: float, others: Iterable[Edges]
) -> tuple[list[Line], list[Line]]:
    """Headers and footers of a page, given the edges of the pages around it.

    `others` is read only as far as needed.
    """
    top, bottom = edge_lines(lines, height)
    sure = [line for line in (*top, *bottom) if _is_page_number(line)]
    open_top = [line for line in top if line not in sure]
    open_bottom = [line for line in bottom if line not in sure]
    for tops, bottoms in others if open_top or open_bottom else ():
        sure.extend(line for line in open_top if mask(line) in tops)
        sure.extend(line for line in open_bottom if mask(line) in bottoms)
        open_top = [line for line in open_top if line not in sure]
        open_bottom = [line for line in open_bottom if line not in sure]
        if not open_top and not open_bottom:
            break
    return [line for line in top if line in sure], [line for line in bottom if line in sure]


def mask(line: Line) -> str:
    """The same for lines that differ in numbers only."""
    return _DIGITS.sub("#", line.text)[:_LONGEST]


def _masks(lines: Sequence[Line]) -> frozenset[str]:
    return frozenset(mask(line) for line in lines)


def _last_number(lines: Sequence[Line], height: float) -> list[Line]:
    """A page number below a page that ends early: apart from the text, low or in the middle."""
    *above, last = sorted(lines, key=lambda line: line.box.bottom)
    if not _is_page_number(last) or last.box.top - above[-1].box.bottom <= 1.2 * last.size:
        return []
    left, right = min(line.box.left for line in above), max(line.box.right for line in above)
    off = abs((last.box.left + last.box.right) - (left + right)) / 2
    centred = off <= 0.05 * (right - left)
    return [last] if centred or last.box.top >= _LOWEST_THIRD * height else []


def _is_page_number(line: Line) -> bool:
    return len(line.words) <= 4 and _PAGE_NUMBER.fullmatch(line.text) is not None
