from __future__ import annotations

from pathlib import Path

from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from ingestion.layout.continued import continued
from ingestion.passages import make_passages
from ingestion.readers.pdf import PdfReader
from ingestion.readers.ports import UnitRead
from pincite.config import Ingestion
from pincite.elements import ParsedElement
from pincite.models.ports import TextRecognizer

ACROSS = (60, 160, 260, 360)


def no_recognizer() -> TextRecognizer:
    raise AssertionError("these pages have a text layer")


def rows_on(canvas: Canvas, rows: list[tuple[str, str, str]], across: tuple[int, ...]) -> None:
    top = 540
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            canvas.drawString(across[place] + 5, top - 20 * number - 14, text)
    for number in range(len(rows) + 1):
        canvas.line(across[0], top - 20 * number, across[-1], top - 20 * number)
    for place in across:
        canvas.line(place, top, place, top - 20 * len(rows))
    canvas.showPage()


def tables(
    path: Path, second: list[tuple[str, str, str]], across: tuple[int, ...]
) -> ParsedElement:
    canvas = Canvas(str(path), pagesize=A5)
    first = [("Port", "Fuel", "Hours"), ("Hull", "12", "7"), ("Kiel", "9", "4")]
    rows_on(canvas, first, ACROSS)
    rows_on(canvas, second, across)
    canvas.save()
    read = PdfReader(Ingestion(), no_recognizer).read(path, 2, slow=False)
    assert isinstance(read, UnitRead)
    return next(element for element in read.elements if element.table is not None)


def test_a_table_goes_on_with_the_names_of_its_columns(tmp_path: Path) -> None:
    element = tables(tmp_path / "a.pdf", [("Riga", "31", "2"), ("Oslo", "5", "8")], ACROSS)
    assert element.table is not None
    assert element.table.continues
    assert element.table.names == ("Port", "Fuel", "Hours")
    (passage,) = make_passages([element])
    assert passage.text.splitlines() == ["Port | Fuel | Hours", "Riga | 31 | 2", "Oslo | 5 | 8"]


def test_a_table_that_repeats_its_header_keeps_it(tmp_path: Path) -> None:
    rows = [("Port", "Fuel", "Hours"), ("Riga", "31", "2"), ("Oslo", "5", "8")]
    element = tables(tmp_path / "a.pdf", rows, ACROSS)
    assert element.table is not None
    assert element.table.continues
    assert element.table.names == ()


def test_columns_elsewhere_are_another_table(tmp_path: Path) -> None:
    elsewhere = (60, 100, 300, 390)
    element = tables(tmp_path / "a.pdf", [("Riga", "31", "2"), ("Oslo", "5", "8")], elsewhere)
    assert element.table is not None
    assert not element.table.continues
    assert continued(element, element) is not None
