"""Values in tables: beside a label, below a head, and tables whose rows are the items asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from agent.extracting.labels import currency_in, fit
from agent.extracting.readings import Reading, first_typed, tidy
from pincite.elements import Cell, Element, Table
from pincite.extractions import AmountValue, Asked, Column, ColumnKind

_HEAD: Final = 0.9
"""Fit from which a head or label is that of a column."""
_BESIDE, _BELOW, _LAST = 0.9, 0.85, 0.75
"""How sure a value beside its label is, below its head, and in the row of a sum."""


_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")


class _Grid(NamedTuple):
    element: Element
    heads: dict[int, str]
    """By column; empty without a row of heads."""
    rows: tuple[tuple[Cell, ...], ...]
    """Of values, each from left to right, without empty cells."""


def from_tables(column: Column, elements: Sequence[Element]) -> list[Reading]:
    """Values for the whole file."""
    found: list[Reading] = []
    for grid in _grids(elements):
        found += _beside(column, grid)
        found += _below(column, grid)
    return found


def items(asked: Asked, elements: Sequence[Element]) -> list[tuple[Reading | None, ...]]:
    """The rows of all tables that have each of at least two columns; none where `rows` is files."""
    if asked.rows == "files" or len(asked.columns) < 2:
        return []
    found: list[tuple[Reading | None, ...]] = []
    for grid in _grids(elements):
        places = [_place(column, grid) for column in asked.columns]
        if None in places or len(set(places)) < len(places) or len(grid.rows) < 2:
            continue
        for row in grid.rows:
            cells = {cell.column: cell for cell in row}
            readings = tuple(
                _reading(column, cells[place], grid, row, _BELOW) if place in cells else None
                for column, place in zip(asked.columns, places, strict=True)
            )
            if sum(reading is not None for reading in readings) >= 2:
                found.append(readings)
    return found


def _grids(elements: Sequence[Element]) -> Iterator[_Grid]:
    for element in elements:
        usable = element.how.may_support and "hidden_text" not in element.flags
        if element.table and element.table.cells and usable:
            yield _grid(element, element.table)


def _grid(element: Element, table: Table) -> _Grid:
    by_row: dict[int, list[Cell]] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        if cell.text.strip():
            by_row.setdefault(cell.row, []).append(cell)
    first = next(iter(by_row.values()), list[Cell]())
    headed = [row for row in by_row.values() if all(cell.is_header for cell in row)]
    named = dict(enumerate(table.names)) if table.names and not headed else {}
    if not headed and not named and len(first) > 1 and not any(map(_is_value, first)):
        headed = [first]
    heads: dict[int, str] = dict(named)
    for row in headed:
        for cell in row:
            for column in range(cell.column, cell.column + cell.column_span):
                heads[column] = f"{heads.get(column, '')} {cell.text}".strip()
    rows = tuple(tuple(row) for row in by_row.values() if row not in headed)
    return _Grid(element, heads, rows)


def _is_value(cell: Cell) -> bool:
    return any(sign.isdigit() for sign in cell.text)


def _place(column: Column, grid: _Grid) -> int | None:
    fits = {place: fit(column, head) for place, head in grid.heads.items()}
    best = max(fits, key=lambda place: fits[place], default=None)
    return best if best is not None and fits[best] >= 0.8 else None


def _beside(column: Column, grid: _Grid) -> Iterator[Reading]:
    """`Total | 12.50`: the last value of the row, as columns before it may be quantities."""
    for row in grid.rows:
        sure = fit(column, row[0].text)
        if sure < _HEAD or len(row) < 2:
            continue
        cells = row[1:2] if column.kind is ColumnKind.TEXT else _latest_first(row[1:], grid)
        readings = (_reading(column, cell, grid, row, _BESIDE * sure) for cell in cells)
        yield from [reading for reading in readings if reading][:1]


def _latest_first(cells: Sequence[Cell], grid: _Grid) -> list[Cell]:
    """Of several years the latest; else from the right, where the sums of receipts stand."""
    years = {cell.column: _YEAR.search(grid.heads.get(cell.column, "")) for cell in cells}
    if sum(year is not None for year in years.values()) > 1:
        return sorted(cells, key=lambda cell: _year(years[cell.column]), reverse=True)
    return list(reversed(cells))


def _year(found: re.Match[str] | None) -> int:
    return int(found[0]) if found else 0


def _below(column: Column, grid: _Grid) -> Iterator[Reading]:
    """Where the table has one row, or all of them say the same, or the last one is the sum."""
    place = _place(column, grid)
    if place is None:
        return
    rows = [row for row in grid.rows if any(cell.column == place for cell in row)]
    found: list[Reading] = []
    for row in rows:
        cell = next(cell for cell in row if cell.column == place)
        if reading := _reading(column, cell, grid, row, _BELOW):
            found.append(reading)
    if found and all(reading.value == found[0].value for reading in found):
        yield found[0]
    elif found and column.kind is ColumnKind.AMOUNT and "total" in rows[-1][0].text.casefold():
        yield found[-1]._replace(score=_LAST)


def _told(cell: Cell, grid: _Grid) -> str:
    """`Total: 12.50`, as the places of a table are quoted elsewhere."""
    head = grid.heads.get(cell.column, "")
    return f"{head}: {tidy(cell.text)}" if head else tidy(cell.text)


def _reading(
    column: Column, cell: Cell, grid: _Grid, row: Sequence[Cell], score: float
) -> Reading | None:
    told = first_typed(column, cell.text)
    if told is None:
        return None
    value = told.value
    if isinstance(value, AmountValue) and not value.currency:
        currency = currency_in(grid.heads.get(cell.column, ""))
        value = value.model_copy(update={"currency": currency})
    parts = [_told(each, grid) for each in row]
    quote = "; ".join(parts)
    said = "; ".join(dict.fromkeys((parts[0], _told(cell, grid))))
    return Reading(
        score=score,
        value=value,
        written=tidy(cell.text),
        element=grid.element,
        locators=(cell.locator,) if cell.locator else grid.element.locators,
        quote=quote,
        claim=said,
        by="table",
        said=said,
    )
