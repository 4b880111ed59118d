"""ICDAR 2013 table competition (Göbel et al. 2013): PDFs with `-str.xml` and `-reg.xml` beside.

The files give boxes in PDF points from the bottom-left corner of the page before its own rotation
and before its crop box, rounded to whole points; structure is scored by text, so boxes serve only
to show where a gold table stands. A cell without `end-row` or `end-col` spans one row or column.
Some documents come without their PDF in some distributions; they are left out.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from pincite.values import Value


class GoldCell(Value):
    row: int
    """May be negative: some documents count from the first row of values."""
    column: int
    end_row: int
    end_column: int
    text: str
    box: tuple[float, float, float, float]
    """x1, y1, x2, y2 as in the file: points, origin bottom-left."""


class GoldTable(Value):
    """One region of a table: a table over several pages has one on each."""

    table: str
    page: int
    """From 1."""
    cells: tuple[GoldCell, ...]


class TableDocument(Value):
    name: str
    """`eu-001`."""
    path: Path
    tables: tuple[GoldTable, ...]


def load(folder: Path) -> list[TableDocument]:
    """All documents of the folder and its subfolders that have a PDF and a structure file."""
    found: list[TableDocument] = []
    for path in sorted(folder.rglob("*-str.xml")):
        name = path.name.removesuffix("-str.xml")
        pdf = path.with_name(f"{name}.pdf")
        if pdf.is_file():
            found.append(TableDocument(name=name, path=pdf, tables=tuple(_tables(path))))
    return found


def _tables(path: Path) -> list[GoldTable]:
    root = ET.parse(path).getroot()  # noqa: S314 - a data set the developer downloaded
    return [
        GoldTable(
            table=table.get("id", ""),
            page=int(region.get("page", "1")),
            cells=tuple(_cell(cell) for cell in region.iter("cell")),
        )
        for table in root.iter("table")
        for region in table.iter("region")
    ]


def _cell(cell: ET.Element) -> GoldCell:
    row, column = int(cell.get("start-row", "0")), int(cell.get("start-col", "0"))
    box = cell.find("bounding-box")
    x1, y1, x2, y2 = (
        float(box.get(edge, "0")) if box is not None else 0.0 for edge in ("x1", "y1", "x2", "y2")
    )
    return GoldCell(
        row=row,
        column=column,
        end_row=int(cell.get("end-row", row)),
        end_column=int(cell.get("end-col", column)),
        text=cell.findtext("content") or "",
        box=(x1, y1, x2, y2),
    )
