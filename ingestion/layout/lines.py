"""Words → lines: words on one baseline with ordinary gaps between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.layout.marks import Box, Line, Word, line_of, one_line

_GAP = 0.9
"""Widest gap inside a line, in type sizes; a wider one parts columns."""
_BULLET_GAP = 4.0
_BACK = 0.4
"""How far a word may begin before the end of its neighbour, in type sizes."""
_SAME_HEIGHT = 0.5
"""Share of the lower box that must lie beside the higher one on one baseline."""
_FLAT = 0.35
CURRENCY = frozenset("$€£¥₹")
_TAIL = re.compile(r"[)%\]]{1,3}|\*{1,3}")
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Hebrew, Arabic and the scripts between them."""
_RIGHTWARD = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u052f\d]")
_SECTION = re.compile(
    r"(?:(?:item|note|part|section|chapter|article)\s+)?"
    r"(?:\d{1,2}(?:\.\d{1,2}){1,3}|(?<=\s)\d{1,2}[A-Za-z]?|(?<=\s)[IVX]{1,5})[.:)]?",
    re.IGNORECASE,
)
"""The number of a section; a bare number only after a word that says so."""
_ALSO_NIL = frozenset("-–—−*o")
"""Bullets that stand for nothing in a cell of a table."""
BULLET = re.compile(
    r"[•●○◦▪▫■□❑❖➢➤►▶‣⁃·–—−o*-]|[\uf000-\uf0ff]"
    r"|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]"
)
"""A mark before a list item, alone in its word."""


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Group words into lines, from top to bottom."""
    if len(words) == 1:
        return [line_of(words)]
    runs: list[list[Word]] = []
    orders: list[int] = []
    for order, word in enumerate(words):
        if not runs or not _follows(runs[-1][-1], word):
            runs.append([word])
            orders.append(order)
        else:
            runs[-1].append(word)
    found = _joined([line_of(run, order) for run, order in zip(runs, orders, strict=True)])
    if not _LEFTWARD.search("".join([word.text for word in words])):
        return found
    return [_as_read(line) if _LEFTWARD.search(line.text) else line for line in found]


def _as_read(line: Line) -> Line:
    """Words in the order in which a mostly leftward line is read; what runs right keeps its own."""
    leftward = sum(_LEFTWARD.search(word.text) is not None for word in line.words)
    rightward = sum(_RIGHTWARD.search(word.text) is not None for word in line.words)
    if leftward < rightward:
        return line
    found: list[Word] = []
    run: list[Word] = []
    for word in sorted(line.words, key=lambda word: -word.box.right):
        if _RIGHTWARD.search(word.text):
            run.insert(0, word)
            continue
        found.extend([*run, word])
        run = []
    return line._replace(words=(*found, *run))


def _follows(last: Word, word: Word) -> bool:
    size = last.size if last.size >= word.size else word.size
    gap = word.box[0] - last.box[2]
    return -_BACK * size <= gap <= _GAP * size and beside(last.box, word.box)


def beside(one: Box, other: Box) -> bool:
    """Whether two boxes stand on one baseline, give or take a superscript."""
    _, top, _, bottom = one
    _, other_top, _, other_bottom = other
    shared = (bottom if bottom < other_bottom else other_bottom) - (
        top if top > other_top else other_top
    )
    tall, other_tall = bottom - top, other_bottom - other_top
    low, high = (tall, other_tall) if tall <= other_tall else (other_tall, tall)
    if shared > 0 and shared >= _SAME_HEIGHT * low:
        return True
    if low >= _FLAT * high:
        return False
    # dashes, dots and quotes: their middle need only lie in the other box
    if tall > other_tall:
        top, bottom, other_top, other_bottom = other_top, other_bottom, top, bottom
    middle = (top + bottom) / 2
    return other_top - _FLAT * high <= middle <= other_bottom + _FLAT * high


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines beside one another form a row; rows from top to bottom, lines from left to right."""
    if len(lines) == 1:
        return [list(lines)]
    rows: list[list[Line]] = []
    boxes: list[Box] = []
    for line in sorted(lines, key=_twice_middle):
        for index in range(len(rows) - 1, max(-1, len(rows) - 5), -1):
            if beside(boxes[index], line.box) and _is_clear(rows[index], line.box):
                rows[index].append(line)
                boxes[index] = _core(boxes[index], line.box)
                break
        else:
            rows.append([line])
            boxes.append(line.box)
    order = sorted(range(len(rows)), key=lambda index: boxes[index].top)
    return [sorted(rows[index], key=_left) for index in order]


def _twice_middle(line: Line) -> float:
    return line.box[1] + line.box[3]


def _left(line: Line) -> float:
    return line.box[0]


def _is_clear(row: Sequence[Line], box: Box) -> bool:
    """Whether no line of the row stands in the same place across."""
    left, _, right, _ = box
    for line in row:
        start, _, end, _ = line.box
        shared = min(end, right) - max(start, left)
        if shared > 0 and shared >= 0.5 * min(end - start, right - left):
            return False
    return True


def _core(one: Box, other: Box) -> Box:
    """Box of a row that does not grow beyond its tallest line, lest rows run together."""
    tall = one if one.height >= other.height else other
    return Box(min(one.left, other.left), tall.top, max(one.right, other.right), tall.bottom)


def _joined(lines: list[Line]) -> list[Line]:
    """Put together what the file drew apart on one baseline."""
    if len(lines) == 1:
        return lines
    found: list[Line] = []
    for row in rows_of(lines):
        merged = [row[0]]
        for line in row[1:]:
            if _belongs(merged[-1], line, first=len(merged) == 1):
                merged[-1] = one_line(merged[-1], line)
            else:
                merged.append(line)
        found.extend(merged)
    return found


def _belongs(left: Line, right: Line, *, first: bool) -> bool:
    last, word = left.words[-1], right.words[0]
    size = max(last.size, word.size)
    gap = right.box.left - left.box.right
    if gap <= _GAP * size:
        return True
    if len(left.words) == 1 and last.text in CURRENCY:
        return gap <= 12 * size
    if len(right.words) == 1 and _TAIL.fullmatch(word.text):
        return gap <= 1.6 * size
    return gap <= _BULLET_GAP * size and _leads(left, word, first=first)


def _leads(left: Line, word: Word, *, first: bool) -> bool:
    """Whether a line is the bullet or number of what stands beside it."""
    if len(left.words) == 1 and is_bullet(left.words[0].text):
        return first or left.words[0].text not in _ALSO_NIL
    return word.text[0].isalpha() and _SECTION.fullmatch(left.text) is not None


def is_bullet(text: str) -> bool:
    return BULLET.fullmatch(text) is not None
