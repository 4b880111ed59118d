"""Words → lines: words on one baseline with ordinary gaps between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.layout.marks import Box, Line, Word, around, line_of

_GAP = 0.9
"""Widest gap inside a line, in type sizes; a wider one parts columns."""
_BULLET_GAP = 4.0
_BACK = 0.4
"""How far a word may begin before the end of its neighbour, in type sizes."""
_SAME_HEIGHT = 0.5
"""Share of the lower box that must lie beside the higher one on one baseline."""
_CURRENCY = frozenset("$€£¥₹")
_TAIL = re.compile(r"[)%\]]{1,3}|\*{1,3}")
BULLET = re.compile(
    r"[•●○◦▪▫■□❑❖➢➤►▶‣⁃·–—−o*-]|[\uf000-\uf0ff]"
    r"|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]"
)
"""A mark before a list item, alone in its word."""


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Group words into lines, from top to bottom."""
    runs: list[list[Word]] = []
    orders: list[int] = []
    for order, word in enumerate(words):
        if not runs or not _follows(runs[-1][-1], word):
            runs.append([word])
            orders.append(order)
        else:
            runs[-1].append(word)
    return _joined([line_of(run, order) for run, order in zip(runs, orders, strict=True)])


def _follows(last: Word, word: Word) -> bool:
    size = max(last.size, word.size)
    gap = word.box.left - last.box.right
    return -_BACK * size <= gap <= _GAP * size and beside(last.box, word.box)


def beside(one: Box, other: Box) -> bool:
    """Whether two boxes stand on one baseline, give or take a superscript."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    if shared <= 0:
        return _is_flat(one, other)
    return shared >= _SAME_HEIGHT * min(one.height, other.height)


def _is_flat(one: Box, other: Box) -> bool:
    """Dashes, dots and quotes have little height: their middle need only lie in the other box."""
    low, high = (one, other) if one.height <= other.height else (other, one)
    reach = 0.35 * high.height
    return (
        low.height < reach and high.top - reach <= (low.top + low.bottom) / 2 <= high.bottom + reach
    )


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines beside one another form a row; rows from top to bottom, lines from left to right."""
    rows: list[list[Line]] = []
    boxes: list[Box] = []
    for line in sorted(lines, key=lambda item: item.box.top + item.box.bottom):
        place = next(
            (
                index
                for index in range(len(rows) - 1, max(-1, len(rows) - 5), -1)
                if beside(boxes[index], line.box) and _is_clear(rows[index], line)
            ),
            None,
        )
        if place is None:
            rows.append([line])
            boxes.append(line.box)
        else:
            rows[place].append(line)
            boxes[place] = _core(boxes[place], line.box)
    order = sorted(range(len(rows)), key=lambda index: boxes[index].top)
    return [sorted(rows[index], key=lambda item: item.box.left) for index in order]


def _is_clear(row: Sequence[Line], line: Line) -> bool:
    """Whether no line of the row stands in the same place across."""
    box = line.box
    return all(
        min(other.box.right, box.right) - max(other.box.left, box.left)
        < 0.5 * min(other.box.width, box.width)
        for other in row
    )


def _core(one: Box, other: Box) -> Box:
    """Box of a row that does not grow beyond its tallest line, lest rows run together."""
    tall = one if one.height >= other.height else other
    return Box(min(one.left, other.left), tall.top, max(one.right, other.right), tall.bottom)


def _joined(lines: list[Line]) -> list[Line]:
    """Put together what the file drew apart on one baseline."""
    found: list[Line] = []
    for row in rows_of(lines):
        merged = [row[0]]
        for line in row[1:]:
            if _belongs(merged[-1], line, first=len(merged) == 1):
                merged[-1] = _one(merged[-1], line)
            else:
                merged.append(line)
        found.extend(merged)
    return found


def _one(left: Line, right: Line) -> Line:
    return Line(
        left.words + right.words, around((left.box, right.box)), min(left.order, right.order)
    )


def _belongs(left: Line, right: Line, *, first: bool) -> bool:
    last, word = left.words[-1], right.words[0]
    size = max(last.size, word.size)
    gap = right.box.left - left.box.right
    if gap <= _GAP * size:
        return True
    if len(left.words) == 1 and last.text in _CURRENCY:
        return gap <= 12 * size
    if len(right.words) == 1 and _TAIL.fullmatch(word.text):
        return gap <= 1.6 * size
    return first and len(left.words) == 1 and gap <= _BULLET_GAP * size and is_bullet(last.text)


def is_bullet(text: str) -> bool:
    return BULLET.fullmatch(text) is not None
