"""Tables with drawn lines: cells are what the lines enclose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ingestion.layout.grid import NEAR, Grid, covered, edges_of, owners, shapes
from ingestion.layout.grid_cuts import filled_with, refined
from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Cell, Placed, Rule, Word
from ingestion.layout.tables import header_rows

_SHORTEST = 8.0
_MOST_LINES = 400
_MOST_CELLS = 6000
_DRAWN = 0.5
"""Share of the inner lines that is drawn in a table; underlined columns have less."""
_FILLED = 0.3
"""Share of the cells that have text."""
_LONGEST_CELL = 150
"""Words; a frame with more in it holds a page, not a cell."""


class Ruled(NamedTuple):
    table: Placed
    words: frozenset[int]
    """Indices of the words in it."""


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
            and rule.start <= last.end + NEAR
            and rule.end >= last.start - NEAR
        ):
            end = max(last.end, rule.end)
            merged[-1] = replace(last, start=min(last.start, rule.start), end=end)
        else:
            merged.append(rule)
    return [rule for rule in merged if rule.end - rule.start >= _SHORTEST]


def _grids(rules: list[Rule]) -> list[Grid]:
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
    return sorted(grids, key=lambda grid: -grid.box.area)


def _meet(level: Rule, upright: Rule) -> bool:
    return (
        upright.start - NEAR <= level.at <= upright.end + NEAR
        and level.start - NEAR <= upright.at <= level.end + NEAR
    )


def _grid(rules: list[Rule]) -> Grid | None:
    level = [rule for rule in rules if rule.horizontal]
    upright = [rule for rule in rules if not rule.horizontal]
    if len(level) < 2 or not upright:
        return None
    across = edges_of(
        [
            *(rule.at for rule in upright),
            min(rule.start for rule in level),
            max(rule.end for rule in level),
        ]
    )
    down = edges_of(
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
        *(covered(upright, at, (down[0], down[-1])) for at in across[1:-1]),
        *(covered(level, at, (across[0], across[-1])) for at in down[1:-1]),
    ]
    return Grid(across, down, rules) if sum(inner) >= _DRAWN * len(inner) else None


def _table(drawn: Grid, words: Sequence[Word], taken: set[int]) -> Ruled | None:
    free = [index for index in range(len(words)) if index not in taken]
    inside = [index for index in free if drawn.slot(words[index].box) is not None]
    grid = refined(drawn, [words[index] for index in inside])
    if grid.columns * grid.rows > _MOST_CELLS:
        return None
    owner = owners(grid, filled_with(grid, [words[index] for index in inside]))
    filled: dict[int, list[int]] = {}
    for index in inside:
        slot = grid.slot(words[index].box)
        if slot is not None:
            filled.setdefault(owner[slot], []).append(index)
    cells = shapes(grid, owner)
    columns = {cells[cell].left for cell in filled}
    rows = {cells[cell].top for cell in filled}
    too_long = any(len(indices) > _LONGEST_CELL for indices in filled.values())
    sparse = len(filled) < _FILLED * len(cells)
    if len(columns) < 2 or len(rows) < 2 or too_long or sparse:
        return None
    ordered = sorted(filled, key=lambda cell: (cells[cell].top, cells[cell].left))
    made = [_cell(cells[cell], [words[index] for index in filled[cell]]) for cell in ordered]
    headers = header_rows(made)
    return Ruled(
        Placed(grid.box, tuple(cell._replace(header=cell.row < headers) for cell in made)),
        frozenset(inside),
    )


def _cell(shape: Box, words: Sequence[Word]) -> Cell:
    lines = lines_of(words)
    return Cell(
        row=int(shape.top),
        column=int(shape.left),
        words=tuple(word for line in lines for word in line.words),
        row_span=int(shape.height),
        column_span=int(shape.width),
    )
