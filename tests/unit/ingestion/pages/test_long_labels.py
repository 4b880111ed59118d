"""A label that runs on under the next column takes no value away."""

from __future__ import annotations

from pathlib import Path

from pincite.elements import Kind
from tests.unit.ingestion.pages.drawn import Pen, draw
from tests.unit.ingestion.pages.harbour import read

ROWS = (
    ("December 31", "2022", "2021"),
    *((f"Ropes {number}", f"3{number}", f"2{number}") for number in range(10, 38)),
    ("Shares issued to this day", "5,061", "5,062"),
    ("Total", "431", "405"),
)


def test_each_cell_ends_where_the_next_one_begins(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        for number, (label, one, other) in enumerate(ROWS):
            top = 740 - 13 * number
            pen.drawString(72, top, label)
            for right, value in ((243, one), (330, other)):
                pen.drawRightString(right, top, value)

    elements = read(draw(tmp_path / "a.pdf", page)).elements
    tables = [element.table for element in elements if element.kind is Kind.TABLE]
    assert len(tables) == 1
    assert tables[0] is not None
    for value in ("5,061", "5,062", "431", "405"):
        assert f"<td>{value}</td>" in tables[0].html
    taken = [
        (cell.row, cell.column + step)
        for cell in tables[0].cells
        for step in range(cell.column_span)
    ]
    assert len(taken) == len(set(taken))
