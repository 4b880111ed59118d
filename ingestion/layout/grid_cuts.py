"""Rows and columns of a grid that are parted by white instead of lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from ingestion.layout.grid import Filled, Grid, owners, shapes
from ingestion.layout.lines import lines_of, rows_of
from ingestion.layout.marks import Box, Line, Word, line_of
from ingestion.layout.table_heads import is_number

_VALUES = 0.5
"""Share of what stands beside the labels that is a number, where lines of text are rows."""
_WHITE = 0.8
"""White between rows of text, in type sizes; lines of one cell are nearer."""
_PARTS = 0.6
"""White between the texts of two cells, in type sizes, at least."""
_NARROWEST = 0.5
"""White between columns, in type sizes."""


def refined(grid: Grid, words: Sequence[Word]) -> Grid:
    """The grid with the edges that are not drawn."""
    inside = [word for word in words if grid.slot(word.box) is not None]
    grid = grid.with_edges((), _row_edges(grid, inside))
    return grid.with_edges(_column_edges(grid, inside), ())


def filled_with(grid: Grid, words: Sequence[Word]) -> Filled:
    places: dict[int, list[Word]] = {}
    for word in words:
        slot = grid.slot(word.box)
        if slot is not None:
            places.setdefault(slot, []).append(word)
    rows: dict[int, list[Word]] = {}
    for slot, found in places.items():
        rows.setdefault(slot // grid.columns, []).extend(found)
    upright = [(rule.at, rule.start, rule.end) for rule in grid.rules if not rule.horizontal]
    return Filled(places, {row: _lines(found, upright) for row, found in rows.items()})


def _lines(words: Sequence[Word], upright: Sequence[tuple[float, float, float]]) -> list[Line]:
    """Lines of words; a drawn line between two words ends one. Of lines: place, start and end."""
    parts: dict[int, list[Word]] = {}
    for word in words:
        left, top, right, bottom = word.box
        across, down = (left + right) / 2, (top + bottom) / 2
        before = 0
        for at, start, end in upright:
            if at <= across and start <= down <= end:
                before += 1
        parts.setdefault(before, []).append(word)
    return [piece for part in parts.values() for line in lines_of(part) for piece in _pieces(line)]


def _pieces(line: Line) -> Iterator[Line]:
    """A line cut where there is more white than between words; a table has narrow columns."""
    start = 0
    for place, (one, other) in enumerate(pairwise(line.words), start=1):
        if other.box.left - one.box.right > _PARTS * line.size:
            yield line_of(line.words[start:place], line.order)
            start = place
    yield line_of(line.words[start:], line.order) if start else line


# --- rows ----------------------------------------------------------------------------------------


def _row_edges(grid: Grid, words: Sequence[Word]) -> Iterator[float]:
    filled = filled_with(grid, words)
    owner = owners(grid, filled)
    tall = {cell for cell, shape in shapes(grid, owner).items() if shape.height > 1}
    low = [word for word in words if (at := grid.slot(word.box)) is None or owner[at] not in tall]
    for lines in filled_with(grid, low).lines.values():
        rows = rows_of(lines)
        if _are_rows(rows):
            yield from _between(rows)


def _are_rows(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether lines of text between two drawn lines are rows, not the lines of cells."""
    many = [row for row in rows if len(row) > 1]
    if len(many) < 2 or len(many) < 0.6 * len(rows):
        return False
    beside = [line.text for row in many for line in row[1:]]
    if sum(map(is_number, beside)) >= _VALUES * len(beside):
        return True
    gaps = [_gap(above, below) / below[0].size for above, below in pairwise(rows)]
    return len(many) == len(rows) and min(gaps) > _WHITE


def _gap(above: Sequence[Line], below: Sequence[Line]) -> float:
    return min(line.box.top for line in below) - max(line.box.bottom for line in above)


def _between(rows: Sequence[Sequence[Line]]) -> Iterator[float]:
    left = min(line.box.left for row in rows for line in row)
    for above, below in pairwise(rows):
        lone = below[0] if len(below) == 1 else None
        runs_on = lone is not None and lone.text[:1].islower() and lone.box.left < left + lone.size
        if not runs_on:
            bottom = max(line.box.bottom for line in above)
            yield (bottom + min(line.box.top for line in below)) / 2


# --- columns -------------------------------------------------------------------------------------


def _column_edges(grid: Grid, words: Sequence[Word]) -> Iterator[float]:
    filled = filled_with(grid, words)
    for start, end in pairwise(grid.across):
        rows = [
            part
            for lines in filled.lines.values()
            if (part := [line.box for line in lines if _is_within(line.box, start, end)])
        ]
        many = [row for row in rows if len(row) > 1]
        if len(many) >= 2 and len(many) >= 0.5 * len(rows):
            size = median(word.size for word in words)
            yield from _white(many, Box(start, 0, end, 0), _NARROWEST * size)


def _is_within(box: Box, start: float, end: float) -> bool:
    return start - 2 <= box.left and box.right <= end + 2


def _white(rows: Sequence[Sequence[Box]], strip: Box, least: float) -> Iterator[float]:
    """Middles of the stretches that no row has ink in, with ink on both sides in two rows."""
    ink = np.zeros(int(strip.width) + 3, dtype=np.bool_)
    for row in rows:
        for box in row:
            start, end = int(box.left - strip.left), int(box.right - strip.left)
            ink[max(0, start) : max(0, end) + 1] = True
    edges = np.flatnonzero(np.diff(np.concatenate(([True], ink, [True])).astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        place = strip.left + (start + end) / 2
        parted = sum(
            any(box.right <= place for box in row) and any(box.left >= place for box in row)
            for row in rows
        )
        if end - start >= least and parted >= 2:
            yield place
