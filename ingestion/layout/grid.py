"""A grid of drawn lines, and which of its places are one cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ingestion.layout.marks import Box, Line, Rule, Word, around
from ingestion.layout.table_heads import is_number

NEAR = 3.0
"""Points within which lines meet, or are one line drawn in pieces."""
_CLOSED = 0.6
"""Share of a cell's side that is drawn where two cells are parted."""
_SPACE = 0.5
"""White between the words of one text, in type sizes, at most."""
_MOSTLY = 0.5
"""Share of the rows in which an edge between columns is drawn where its gaps mean spans."""


class Grid(NamedTuple):
    across: tuple[float, ...]
    """Places of the column edges, from left to right."""
    down: tuple[float, ...]
    rules: Sequence[Rule]
    guessed: frozenset[float] = frozenset()
    """Edges that are not drawn: white parts what is on either side."""

    @property
    def columns(self) -> int:
        return len(self.across) - 1

    @property
    def rows(self) -> int:
        return len(self.down) - 1

    @property
    def box(self) -> Box:
        return Box(self.across[0], self.down[0], self.across[-1], self.down[-1])

    def with_edges(self, across: Iterable[float], down: Iterable[float]) -> Grid:
        new_across, new_down = tuple(across), tuple(down)
        return Grid(
            tuple(sorted((*self.across, *new_across))),
            tuple(sorted((*self.down, *new_down))),
            self.rules,
            self.guessed.union(new_across, new_down),
        )

    def slot(self, box: Box) -> int | None:
        """Number of the place that the middle of `box` is in, row by row; None outside."""
        column = _between(self.across, (box.left + box.right) / 2)
        row = _between(self.down, (box.top + box.bottom) / 2)
        return None if column is None or row is None else row * self.columns + column


def edges_of(places: Iterable[float]) -> tuple[float, ...]:
    """Places of lines that are drawn at one place, or nearly, once each."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > 2 * NEAR:
            found.append(place)
    return tuple(found)


def covered(rules: Sequence[Rule], at: float, ends: tuple[float, float]) -> float:
    """Share of the way between `ends` that is drawn."""
    return _drawn(_at(rules, at), ends)


def _at(rules: Sequence[Rule], at: float) -> list[Rule]:
    return [rule for rule in rules if abs(rule.at - at) <= 2 * NEAR]


def _drawn(rules: Sequence[Rule], ends: tuple[float, float]) -> float:
    start, end = ends
    drawn = 0.0
    for rule in rules:
        if rule.start < end and rule.end > start:
            drawn += min(rule.end, end) - max(rule.start, start)
    return drawn / (end - start)


def _between(edges: Sequence[float], place: float) -> int | None:
    if not edges[0] <= place < edges[-1]:
        return None
    return bisect_right(edges, place) - 1


class Filled(NamedTuple):
    """What stands in the places of a grid."""

    words: dict[int, list[Word]]
    """By place; those that are empty are left out."""
    lines: dict[int, list[Line]]
    """By row of the grid: words side by side, never across a line that is drawn."""


def owners(grid: Grid, filled: Filled) -> list[int]:
    """For each place the first place of the cell that it belongs to.

    Where a line is drawn, two places are two cells. Where it is not, they are one cell if text
    runs from one to the other, or if other rows have the line, so that it was left out on purpose.
    """
    owner = list(range(grid.columns * grid.rows))

    def first(place: int) -> int:
        while owner[place] != place:
            place = owner[place]
        return place

    level = {edge: _at(_level(grid), edge) for edge in grid.down}
    upright = {edge: _at(_upright(grid), edge) for edge in grid.across}
    left_out = _on_purpose(grid, upright)
    for place in range(grid.columns * grid.rows):
        row, column = divmod(place, grid.columns)
        if column + 1 < grid.columns:
            edge, ends = grid.across[column + 1], (grid.down[row], grid.down[row + 1])
            if _drawn(upright[edge], ends) < _CLOSED and not _apart(
                grid, filled, place, on_purpose=edge in left_out
            ):
                owner[first(place + 1)] = first(place)
        if row + 1 < grid.rows:
            edge, ends = grid.down[row + 1], (grid.across[column], grid.across[column + 1])
            drawn = edge in grid.guessed or _drawn(level[edge], ends) >= _CLOSED
            if not drawn and not _are_values(filled, place, place + grid.columns):
                owner[first(place + grid.columns)] = first(place)
    return [first(place) for place in range(grid.columns * grid.rows)]


def _level(grid: Grid) -> list[Rule]:
    return [rule for rule in grid.rules if rule.horizontal]


def _upright(grid: Grid) -> list[Rule]:
    return [rule for rule in grid.rules if not rule.horizontal]


def _on_purpose(grid: Grid, upright: Mapping[float, Sequence[Rule]]) -> set[float]:
    """Column edges that are drawn in most rows."""
    rows = list(pairwise(grid.down))
    return {
        edge
        for edge in grid.across[1:-1]
        if sum(_drawn(upright[edge], ends) >= _CLOSED for ends in rows) >= _MOSTLY * len(rows)
    }


def _apart(grid: Grid, filled: Filled, place: int, *, on_purpose: bool) -> bool:
    """Whether white parts a place from the one to the right of it."""
    row, column = divmod(place, grid.columns)
    edge = grid.across[column + 1]
    lines = filled.lines.get(row, ())
    if any(_crosses(line, edge) for line in lines):
        return False
    if place in filled.words and place + 1 in filled.words:
        return True
    return not on_purpose


def _crosses(line: Line, edge: float) -> bool:
    """Whether text runs over an edge, with no more white there than words have between them."""
    if not line.box.left < edge - 1 < edge + 1 < line.box.right:
        return False
    ends = [word.box.right for word in line.words if word.box.right <= edge + 1]
    starts = [word.box.left for word in line.words if word.box.left >= edge - 1]
    if len(ends) + len(starts) < len(line.words) or not (ends and starts):
        return True
    return min(starts) - max(ends) <= _SPACE * line.size


def _are_values(filled: Filled, *places: int) -> bool:
    return all(
        place in filled.words and is_number(" ".join(word.text for word in filled.words[place]))
        for place in places
    )


def shapes(grid: Grid, owner: Sequence[int]) -> dict[int, Box]:
    """Columns and rows that each cell takes: left, top, right, bottom, the last ones excluded."""
    spans: dict[int, list[Box]] = {}
    for place, first in enumerate(owner):
        row, column = divmod(place, grid.columns)
        spans.setdefault(first, []).append(Box(column, row, column + 1, row + 1))
    return {first: around(parts) for first, parts in spans.items()}
