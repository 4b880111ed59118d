"""What is computed over the cells of a table: by code, over cells that are cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, Literal

from pincite.extractions import (
    AmountValue,
    CellValue,
    Column,
    ColumnKind,
    DateValue,
    Extraction,
    FoundCell,
    NumberValue,
)
from pincite.values import Value

What = Literal["count", "sum", "mean", "min", "max"]
_CENT: Final = Decimal("0.01")


class Figure(Value):
    """A number over the cells of a column, with what it rests on and what it leaves out."""

    column: str
    what: What
    value: CellValue | None
    """Of `count` None: the number of cells says it."""
    cells: tuple[int, ...]
    """Numbers of the citations of the cells that it is computed over."""
    without: tuple[str, ...]
    """Files that were read and have no value."""
    not_read: tuple[str, ...]
    """Files that were not, or not wholly, looked at."""
    unsure: int
    """Of the cells, how many the checker does not call supported."""
    other: int = 0
    """Cells in another currency, which are left out."""

    @property
    def is_whole(self) -> bool:
        return not (self.without or self.not_read or self.other)


def figures(table: Extraction) -> tuple[Figure, ...]:
    """All that make sense of each column; amounts apart for each currency."""
    return tuple(
        figure
        for column in table.asked.columns
        for what in _sensible(column)
        for figure in figure_of(table, column.name, what)
    )


def _sensible(column: Column) -> tuple[What, ...]:
    match column.kind:
        case ColumnKind.AMOUNT | ColumnKind.NUMBER:
            return ("count", "sum", "mean", "min", "max")
        case ColumnKind.DATE:
            return ("count", "min", "max")
        case ColumnKind.TEXT:
            return ("count",)


def figure_of(
    table: Extraction, column: str, what: What, only: Sequence[int] | None = None
) -> Iterator[Figure]:
    """One for each currency, the commonest first; `only` narrows to cells by citation number.

    Amounts without a currency are apart as well, unless there is one currency only and at least
    half of the cells name it.
    """
    cells = [cell for _, cell in table.found(column)]
    cells = [cell for cell in cells if only is None or cell.citation.number in only]
    without, not_read = table.without(column), tuple(file.name for file in table.not_whole)
    groups = _by_currency(cells)
    for group in groups:
        value = None if what == "count" else _computed(what, [cell.value for cell in group])
        if what == "count" or value is not None:
            yield Figure(
                column=column,
                what=what,
                value=value,
                cells=tuple(cell.citation.number for cell in group),
                without=without,
                not_read=not_read,
                unsure=sum(not cell.is_supported for cell in group),
                other=len(cells) - len(group),
            )


def _by_currency(cells: Sequence[FoundCell]) -> list[list[FoundCell]]:
    named: dict[str, list[FoundCell]] = {}
    bare: list[FoundCell] = []
    for cell in cells:
        currency = currency_of(cell.value)
        (named.setdefault(currency, []) if currency else bare).append(cell)
    groups = sorted(named.values(), key=len, reverse=True)
    if len(groups) == 1 and len(groups[0]) >= len(bare):
        return [sorted([*groups[0], *bare], key=lambda cell: cell.citation.number)]
    return sorted([*groups, *([bare] if bare else [])], key=len, reverse=True) or [[]]


_ALIKE: Final = {"RM": "MYR", "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "US$": "USD"}


def currency_of(value: CellValue) -> str:
    """The same for `RM` and `MYR`; empty for what has none."""
    if not isinstance(value, AmountValue):
        return ""
    bare = value.currency.upper().rstrip(".")
    return _ALIKE.get(bare, bare)


def _computed(what: What, values: Sequence[CellValue]) -> CellValue | None:
    days = [value for value in values if isinstance(value, DateValue)]
    if days and what in ("min", "max"):
        return (min if what == "min" else max)(days, key=lambda value: value.day)
    numbers = [value for value in values if isinstance(value, AmountValue | NumberValue)]
    if not numbers:
        return None
    told = [value.number for value in numbers]
    if what in ("min", "max"):
        return (min if what == "min" else max)(numbers, key=lambda value: value.number)
    total = sum(told, Decimal(0))
    number = total if what == "sum" else (total / len(told)).quantize(_CENT)
    currency = next((currency_of(value) for value in numbers if currency_of(value)), "")
    if isinstance(numbers[0], AmountValue):
        return AmountValue(number=number, currency=currency)
    return NumberValue(number=number)
