"""Tables that go on from one page to the next: told by their columns, named by their first page."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from ingestion.layout.elements import column_names
from pincite.elements import Kind, ParsedElement, Table
from pincite.locators import PageBox

_ASIDE = frozenset({Kind.HEADER, Kind.FOOTER, Kind.FOOTNOTE})
_NEAR = 0.02
"""Share of the page's width by which columns of one table may stand otherwise on another page."""
_ALIGNED = 0.7


def first_table(elements: Sequence[ParsedElement]) -> int | None:
    """Place of a table that a page begins with, headers aside."""
    for place, element in enumerate(elements):
        if element.kind not in _ASIDE:
            return place if element.table is not None else None
    return None


def last_table(elements: Sequence[ParsedElement]) -> ParsedElement | None:
    """The table that a page ends with, footers, footnotes and what is derived aside."""
    for element in reversed(elements):
        if element.kind not in _ASIDE and element.field is None:
            return element if element.table is not None else None
    return None


def continued(element: ParsedElement, before: ParsedElement) -> ParsedElement | None:
    """The table as one that goes on from `before`; None where it is another table."""
    table, above = element.table, before.table
    if table is None or above is None or not _same_columns(table, above):
        return None
    if any(cell.is_header for cell in table.cells):
        names: tuple[str, ...] = ()
    else:
        told = column_names(above.cells)
        names = tuple(told.get(column, "") for column in range(_width(above))) or above.names
        names = names if any(names) else above.names
    return element.model_copy(
        update={"table": table.model_copy(update={"continues": True, "names": names})}
    )


def _width(table: Table) -> int:
    return max(cell.column + cell.column_span for cell in table.cells)


def _same_columns(one: Table, other: Table) -> bool:
    mine, yours = _edges(one), _edges(other)
    shared = mine.keys() & yours.keys()
    if _width(one) != _width(other) or len(shared) < 2:
        return False
    aligned = sum(
        min(abs(a - b) for a, b in zip(mine[column], yours[column], strict=True)) <= _NEAR
        for column in shared
    )
    return aligned >= _ALIGNED * len(shared)


def _edges(table: Table) -> dict[int, tuple[float, float]]:
    """Usual left and right edge of each column, in shares of the page's width."""
    found: dict[int, list[PageBox]] = {}
    for cell in table.cells:
        if isinstance(cell.locator, PageBox) and cell.column_span == 1 and not cell.is_header:
            found.setdefault(cell.column, []).append(cell.locator)
    return {
        column: (
            median(box.left / box.page_width for box in boxes),
            median(box.right / box.page_width for box in boxes),
        )
        for column, boxes in found.items()
    }
