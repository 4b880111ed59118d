"""Headers, footers and page numbers: what stands at the edge and comes again on other pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from ingestion.layout.lines import rows_of
from ingestion.layout.marks import Box, Line, Rule, around
from ingestion.layout.table_heads import is_number

_TOP, _BOTTOM = 0.11, 0.89
_LOWEST_THIRD = 0.66
_MOST_ROWS = 4
_APART = 4.0
"""Type sizes of white between a page number and the running title beside it."""
_LARGEST = 1.6
"""Type of a running title beside a page number, at most, in sizes of the page's type."""
_SMALL = 0.82
_OUTERMOST = 0.06
"""Share of the height at either end where small type is furniture without further signs."""
_WIDE_RULE = 0.5
_TABLE_NEAR = 3.0
"""Type sizes from the names of columns to the end of the first values below."""
_TEXTS_NEAR, _TEXT_ROWS, _CELL_WORDS = 10.0, 3, 6
"""Type sizes from names of columns to texts under them, rows of these, words of a text at most."""
_SAME_HEAD = 0.5
"""White between two rows of one head, in type sizes."""
_WHITE = 1.5
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
    lines: Sequence[Line], height: float, others: Iterable[Edges], rules: Sequence[Rule] = ()
) -> tuple[list[Line], list[Line]]:
    """Headers and footers of a page, given the edges of the pages around it.

    `others` is read only as far as needed. A page alone shows some of its furniture by itself: a
    running title beside a page number, above a rule, or in small type at the very edge.
    """
    top, bottom = edge_lines(lines, height)
    sure = [line for line in (*top, *bottom) if _is_page_number(line)]
    sure.extend(_alone(lines, top, bottom, height, rules))
    open_top = [line for line in top if line not in sure]
    open_bottom = [line for line in bottom if line not in sure]
    for tops, bottoms in others if open_top or open_bottom else ():
        sure.extend(line for line in open_top if mask(line) in tops)
        sure.extend(line for line in open_bottom if mask(line) in bottoms)
        open_top = [line for line in open_top if line not in sure]
        open_bottom = [line for line in open_bottom if line not in sure]
        if not open_top and not open_bottom:
            break
    known = {id(line) for line in sure}
    heads = _outermost(rows_of(top), known, lines)
    feet = _outermost(rows_of(bottom)[::-1], known)
    return (
        [line for row in heads for line in row],
        [line for row in reversed(feet) for line in row],
    )


def _outermost(
    rows: Sequence[Sequence[Line]], known: set[int], body: Sequence[Line] = ()
) -> list[list[Line]]:
    """What is known of the rows from the edge inwards; below the page's own text it is none.

    Names of columns that come again on the next page too stay with the table in `body` below.
    """
    found: list[list[Line]] = []
    for row in rows:
        aside = [line for line in row if id(line) in known]
        if not aside:
            break
        found.append(aside)
    while found and len(found[-1]) > 1 and _heads_table(found[-1], body):
        inner = found.pop()
        while found and _is_close(found[-1], inner):
            inner = found.pop()
    return found


def _is_close(row: Sequence[Line], below: Sequence[Line]) -> bool:
    white = min(line.box.top for line in below) - max(line.box.bottom for line in row)
    return white <= _SAME_HEAD * below[0].size


def _heads_table(row: Sequence[Line], body: Sequence[Line]) -> bool:
    return _names_columns(row, body) or _names_texts(row, body)


def _names_texts(row: Sequence[Line], body: Sequence[Line]) -> bool:
    """Whether several short texts stand under each of three or more lines, row after row."""
    bottom, size = max(line.box.bottom for line in row), row[0].size
    near = [line for line in body if 0 < line.box.bottom - bottom <= _TEXTS_NEAR * size]
    below = [cells for cells in rows_of(near) if len(cells) >= len(row)][:_TEXT_ROWS]
    return (
        len(row) > 2
        and len(below) == _TEXT_ROWS
        and all(len(line.words) <= _CELL_WORDS for cells in below for line in cells)
        and all(any(_is_over(name, line) for line in cells) for cells in below for name in row)
    )


def _names_columns(row: Sequence[Line], body: Sequence[Line]) -> bool:
    """Whether values stand right below, each under a line of the row but for labels at the left."""
    box, size = around(line.box for line in row), max(line.size for line in row)
    near = [line for line in body if 0 < line.box.bottom - box.bottom <= _TABLE_NEAR * size]
    below = [row for row in rows_of(near) if row[0].box.top >= box.bottom - 1][:1]
    values = [line for row in below for line in row if is_number(line.text)]
    return len(values) > 1 and all(any(_is_over(name, value) for name in row) for value in values)


def _is_over(name: Line, value: Line) -> bool:
    return name.box.left < value.box.right and value.box.left < name.box.right


def _alone(
    lines: Sequence[Line],
    top: Sequence[Line],
    bottom: Sequence[Line],
    height: float,
    rules: Sequence[Rule],
) -> list[Line]:
    """What the page by itself shows to be furniture, from each edge inwards."""
    at_edge = {id(line) for line in (*top, *bottom)}
    body = [line for line in lines if id(line) not in at_edge and line.placed is None]
    if not body:
        return []
    size = median(line.size for line in body)
    middle = around([line.box for line in body])
    across = [rule for rule in rules if rule.horizontal]
    found: list[Line] = []
    for rows, low in ((rows_of(top), False), (rows_of(bottom)[::-1], True)):
        boxes = [*(around([line.box for line in row]) for row in rows), middle]
        drawn = [_is_guessed(row) and not _is_guessed(body) for row in rows]
        for at, row in enumerate(rows):
            box, after = boxes[at], at + 1
            while drawn[at] and after < len(rows) and drawn[after]:
                after += 1
            depth = box.bottom / height if not low else 1 - box.top / height
            edge = _Edge(box, boxes[after], depth, drawn[at])
            if not _is_furniture(row, edge, size, across):
                break
            found.extend(row)
    return found


class _Edge(NamedTuple):
    """The outermost row of a page."""

    box: Box
    rest: Box
    """What comes next further in."""
    depth: float
    """How far it reaches into the page, as a share of the height."""
    is_drawn: bool = False
    """Whether OCR read it on a page that has text of its own: letterheads and marks are drawn."""

    @property
    def is_low(self) -> bool:
        return self.box.top > self.rest.top

    @property
    def white(self) -> float:
        if self.is_low:
            return self.box.top - self.rest.bottom
        return self.rest.top - self.box.bottom


def _is_furniture(row: Sequence[Line], edge: _Edge, size: float, rules: Sequence[Rule]) -> bool:
    """Whether the outermost row stands apart from what lies further in."""
    if edge.white <= 0:
        return False
    if edge.is_drawn and edge.white > size:
        return True
    if _has_number_aside(row):
        return max(line.size for line in row) <= _LARGEST * size
    if any(line.size > 1.1 * size for line in row):
        return False
    if any(_parts(rule, edge) for rule in rules):
        return not edge.is_low or edge.white > size
    small = max(line.size for line in row) <= _SMALL * size
    return small and edge.depth <= _OUTERMOST and edge.white > _WHITE * size


def _is_guessed(lines: Sequence[Line]) -> bool:
    return all(word.confidence is not None for line in lines for word in line.words)


def _has_number_aside(row: Sequence[Line]) -> bool:
    """Whether a page number stands well apart from the rest of its row, or alone."""
    for at, line in enumerate(row):
        if _is_page_number(line):
            before = line.box.left - row[at - 1].box.right if at else _APART * line.size
            after = (
                row[at + 1].box.left - line.box.right if at + 1 < len(row) else _APART * line.size
            )
            if min(before, after) >= _APART * line.size:
                return True
    return False


def _parts(rule: Rule, edge: _Edge) -> bool:
    """Whether a rule as wide as the text lies between a row and the next one."""
    box, rest = edge.box, edge.rest
    start, end = (rest.bottom, box.top) if edge.is_low else (box.bottom, rest.top)
    if not start - 1 <= rule.at <= end + 1:
        return False
    width = max(box.right, rest.right) - min(box.left, rest.left)
    return rule.end - rule.start >= _WIDE_RULE * width


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
