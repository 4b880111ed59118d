"""Tables with drawn lines: cells are what the lines enclose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Cell, Placed, Rule, Word, around
from ingestion.layout.tables import header_rows

_NEAR = 3.0
"""Points within which lines meet, or are one line drawn in pieces."""
_SHORTEST = 8.0
_MOST_LINES = 400
_MOST_CELLS = 6000
_CLOSED = 0.6
"""Share of a cell's side that is drawn where two cells are parted."""
_DRAWN = 0.5
"""Share of the inner lines that is drawn in a table; underlined columns have less."""
_LONGEST_CELL = 150
"""Words; a frame with more in it holds a page, not a cell."""


class Ruled(NamedTuple):
    table: Placed
    words: frozenset[int]
    """Indices of the words in it."""


class _Grid(NamedTuple):
    across: list[float]
    """Places of the column edges, from left to right."""
    down: list[float]
    rules: list[Rule]


def ruled_tables(words: Sequence[Word], rules: Sequence[Rule]) -> list[Ruled]:
    """Tables that lines enclose; none overlaps another."""
    found: list[Ruled] = []
    taken: set[int] = set()
    for grid in _grids(_whole(rules)):
        table = _table(grid, words, taken)
        if table is not None:
            found.append(table)
            taken |= table.words
    return found


def _whole(rules: Sequence[Rule]) -> list[Rule]:
    """Lines drawn in pieces, put together; short ones left out."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (rule.horizontal, round(rule.at), rule.start)):
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.horizontal == rule.horizontal
            and abs(last.at - rule.at) <= 1.5
            and rule.start <= last.end + _NEAR
            and rule.end >= last.start - _NEAR
        ):
            end = max(last.end, rule.end)
            merged[-1] = replace(last, start=min(last.start, rule.start), end=end)
        else:
            merged.append(rule)
    return [rule for rule in merged if rule.end - rule.start >= _SHORTEST]


def _grids(rules: list[Rule]) -> list[_Grid]:
    """Lines that touch one another, the largest group first."""
    if len(rules) > _MOST_LINES:
        return []
    level = [rule for rule in rules if rule.horizontal]
    upright = [rule for rule in rules if not rule.horizontal]
    groups = {id(rule): {id(rule): rule} for rule in rules}
    for one in level:
        for other in upright:
            mine, yours = groups[id(one)], groups[id(other)]
            if mine is not yours and _meet(one, other):
                mine.update(yours)
                for key in yours:
                    groups[key] = mine
    whole = {id(group): list(group.values()) for group in groups.values()}
    grids = [grid for group in whole.values() if (grid := _grid(group)) is not None]
    return sorted(grids, key=lambda grid: -_area(grid))


def _meet(level: Rule, upright: Rule) -> bool:
    return (
        upright.start - _NEAR <= level.at <= upright.end + _NEAR
        and level.start - _NEAR <= upright.at <= level.end + _NEAR
    )


def _grid(rules: list[Rule]) -> _Grid | None:
    level = [rule for rule in rules if rule.horizontal]
    upright = [rule for rule in rules if not rule.horizontal]
    if len(level) < 2 or not upright:
        return None
    across = _edges(
        [
            *(rule.at for rule in upright),
            min(rule.start for rule in level),
            max(rule.end for rule in level),
        ]
    )
    down = _edges(
        [
            *(rule.at for rule in level),
            min(rule.start for rule in upright),
            max(rule.end for rule in upright),
        ]
    )
    cells = (len(across) - 1) * (len(down) - 1)
    if len(across) < 3 or len(down) < 3 or cells > _MOST_CELLS:
        return None
    inner = [
        *(_covered(upright, at, (down[0], down[-1])) for at in across[1:-1]),
        *(_covered(level, at, (across[0], across[-1])) for at in down[1:-1]),
    ]
    return _Grid(across, down, rules) if sum(inner) >= _DRAWN * len(inner) else None


def _edges(places: Iterable[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > 2 * _NEAR:
            found.append(place)
    return found


def _area(grid: _Grid) -> float:
    return (grid.across[-1] - grid.across[0]) * (grid.down[-1] - grid.down[0])


def _table(grid: _Grid, words: Sequence[Word], taken: set[int]) -> Ruled | None:
    owner = _owners(grid)
    filled: dict[int, list[int]] = {}
    for index, word in enumerate(words):
        slot = _slot(grid, word.box) if index not in taken else None
        if slot is not None:
            filled.setdefault(owner[slot], []).append(index)
    shapes = _shapes(grid, owner)
    columns = {shapes[cell].left for cell in filled}
    rows = {shapes[cell].top for cell in filled}
    too_long = any(len(indices) > _LONGEST_CELL for indices in filled.values())
    sparse = len(filled) < 0.3 * len(shapes)
    if len(columns) < 2 or len(rows) < 2 or too_long or sparse:
        return None
    ordered = sorted(filled, key=lambda cell: (shapes[cell].top, shapes[cell].left))
    cells = [_cell(shapes[cell], [words[index] for index in filled[cell]]) for cell in ordered]
    headers = header_rows(cells)
    box = Box(grid.across[0], grid.down[0], grid.across[-1], grid.down[-1])
    return Ruled(
        Placed(box, tuple(cell._replace(header=cell.row < headers) for cell in cells)),
        frozenset(index for indices in filled.values() for index in indices),
    )


def _slot(grid: _Grid, box: Box) -> int | None:
    """Number of the cell of the full grid that the middle of `box` is in."""
    column = _between(grid.across, (box.left + box.right) / 2)
    row = _between(grid.down, (box.top + box.bottom) / 2)
    if column is None or row is None:
        return None
    return row * (len(grid.across) - 1) + column


def _between(edges: Sequence[float], place: float) -> int | None:
    if not edges[0] <= place < edges[-1]:
        return None
    return next(index for index in range(len(edges) - 1) if place < edges[index + 1])


def _owners(grid: _Grid) -> list[int]:
    """For each cell of the full grid the first cell of the span that it belongs to."""
    columns, rows = len(grid.across) - 1, len(grid.down) - 1
    level = [rule for rule in grid.rules if rule.horizontal]
    upright = [rule for rule in grid.rules if not rule.horizontal]
    owner = list(range(columns * rows))

    def first(cell: int) -> int:
        while owner[cell] != cell:
            cell = owner[cell]
        return cell

    for cell in range(columns * rows):
        row, column = divmod(cell, columns)
        if column + 1 < columns:
            ends = (grid.down[row], grid.down[row + 1])
            if not _is_drawn(upright, grid.across[column + 1], ends):
                owner[first(cell + 1)] = first(cell)
        if row + 1 < rows:
            ends = (grid.across[column], grid.across[column + 1])
            if not _is_drawn(level, grid.down[row + 1], ends):
                owner[first(cell + columns)] = first(cell)
    return [first(cell) for cell in range(columns * rows)]


def _is_drawn(rules: Sequence[Rule], at: float, ends: tuple[float, float]) -> bool:
    return _covered(rules, at, ends) >= _CLOSED


def _covered(rules: Sequence[Rule], at: float, ends: tuple[float, float]) -> float:
    """Share of the way between `ends` that is drawn."""
    start, end = ends
    drawn = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start))
        for rule in rules
        if abs(rule.at - at) <= 2 * _NEAR
    )
    return drawn / (end - start)


def _shapes(grid: _Grid, owner: Sequence[int]) -> dict[int, Box]:
    """Columns and rows that each span takes: left, top, right, bottom, the last ones excluded."""
    columns = len(grid.across) - 1
    spans: dict[int, list[Box]] = {}
    for cell, first in enumerate(owner):
        row, column = divmod(cell, columns)
        spans.setdefault(first, []).append(Box(column, row, column + 1, row + 1))
    return {first: around(parts) for first, parts in spans.items()}


def _cell(shape: Box, words: Sequence[Word]) -> Cell:
    lines = lines_of(words)
    return Cell(
        row=int(shape.top),
        column=int(shape.left),
        words=tuple(word for line in lines for word in line.words),
        row_span=int(shape.height),
        column_span=int(shape.width),
    )
