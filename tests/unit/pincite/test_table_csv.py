from __future__ import annotations

import csv
import io

from pincite.elements import Cell, Table
from pincite.table_csv import table_csv


def rows(*cells: Cell) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table_csv(Table(cells=cells, html="")))))


def test_spans_leave_their_other_places_empty() -> None:
    assert rows(
        Cell(row=0, column=0, text="Fuel", column_span=2),
        Cell(row=1, column=1, text='12 "l"\nper h'),
    ) == [["Fuel", ""], ["", '12 "l" per h']]


def test_a_text_that_would_run_as_a_formula_is_kept_a_text() -> None:
    assert rows(
        Cell(row=0, column=0, text="=HYPERLINK(1)"),
        Cell(row=0, column=1, text="-1,200.5"),
        Cell(row=0, column=2, text="-"),
    ) == [["'=HYPERLINK(1)", "-1,200.5", "-"]]


def test_a_table_without_cells_is_empty() -> None:
    assert table_csv(Table(cells=(), html="")) == ""
