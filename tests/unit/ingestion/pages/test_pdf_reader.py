"""Pages with a text layer: what is read, where it is said to be, and in what order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from ingestion.layout.marks import Box
from ingestion.readers.pdfium import PdfFile
from ingestion.readers.pdfium_raw import raw
from ingestion.readers.ports import UnitRead
from pincite.elements import How, Kind, ParsedElement
from pincite.locators import PageBox
from tests.unit.ingestion.pages.drawn import (
    HEIGHT,
    PROSE,
    WIDTH,
    Pen,
    box_of,
    changed,
    draw,
    heading,
    ink_box,
    page_pixels,
    paragraph,
    slack,
)
from tests.unit.ingestion.pages.harbour import read as _read
from tests.unit.ingestion.pages.harbour import report as _report

TURNS = (0, 90, 180, 270)


def _texts(read: UnitRead, kind: Kind) -> list[str]:
    return [element.text for element in read.elements if element.kind is kind]


# --- what and in which order ---------------------------------------------------------------------


def test_paragraphs_headings_and_list_items_come_in_reading_order(tmp_path: Path) -> None:
    read = _read(draw(tmp_path / "a.pdf", _report))
    kinds = [element.kind for element in read.elements]
    assert kinds == [
        Kind.HEADING,
        Kind.TEXT,
        Kind.HEADING,
        Kind.TEXT,
        Kind.LIST_ITEM,
        Kind.LIST_ITEM,
        Kind.HEADING,
        Kind.TEXT,
    ]
    assert read.how == "text_layer"
    assert read.page_size == (WIDTH, HEIGHT)
    assert read.elements[1].text == PROSE
    assert {element.how for element in read.elements} == {How.TEXT_LAYER}


def test_text_stands_under_its_headings(tmp_path: Path) -> None:
    read = _read(draw(tmp_path / "a.pdf", _report))
    assert read.elements[3].heading_path == ("Annual report of the harbour", "Ships")
    assert read.elements[7].heading_path == ("Annual report of the harbour", "Staff")
    assert read.elements[6].heading_path == ("Annual report of the harbour",)


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        heading(pen, "A heading over both columns of the page", 72, 90)
        paragraph(pen, "Left one. " + PROSE, 72, 130, 210)
        paragraph(pen, "Left two. " + PROSE, 72, 350, 210)
        paragraph(pen, "Right one. " + PROSE, 312, 130, 210)
        paragraph(pen, "Right two. " + PROSE, 312, 350, 210)

    texts = _texts(_read(draw(tmp_path / "a.pdf", page)), Kind.TEXT)
    assert [text[:9] for text in texts] == ["Left one.", "Left two.", "Right one", "Right two"]
    assert all(text.endswith("counted them twice.") for text in texts)


def test_words_broken_at_line_ends_are_joined_and_ligatures_undone(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        for number, line in enumerate(
            (
                "The auditors found the infor-",
                "mation in a long-",
                "term store; the long-term store",
                "was locked.",
            )
        ):
            pen.drawString(72, HEIGHT - 100 - 14 * number, line)

    (element,) = _read(draw(tmp_path / "a.pdf", page)).elements
    assert element.text == (
        "The auditors found the information in a long-term store; the long-term store was locked."
    )


def test_what_comes_again_at_the_edge_of_pages_is_header_and_footer(tmp_path: Path) -> None:
    def page(number: int) -> Callable[[Pen], None]:
        def drawn(pen: Pen) -> None:
            pen.drawString(72, HEIGHT - 40, "Harbour Board – internal")
            paragraph(pen, f"Page {number} says: {PROSE}", 72, 120, 450)
            pen.drawString(290, 30, str(number))

        return drawn

    path = draw(tmp_path / "a.pdf", *(page(number) for number in range(1, 5)))
    for number in range(1, 5):
        read = _read(path, number)
        assert _texts(read, Kind.HEADER) == ["Harbour Board – internal"]
        assert _texts(read, Kind.FOOTER) == [str(number)]
        assert len(_texts(read, Kind.TEXT)) == 1


# --- where ---------------------------------------------------------------------------------------


def test_boxes_are_tight(tmp_path: Path) -> None:
    path = draw(tmp_path / "a.pdf", _report)
    pixels = page_pixels(path)
    slacks = [slack(pixels, element) for element in _read(path).elements]
    assert median(slacks) <= 1.1
    assert max(slacks) <= 1.3


@pytest.mark.parametrize("turn", TURNS)
def test_boxes_lie_where_a_reader_sees_the_text_on_turned_pages(tmp_path: Path, turn: int) -> None:
    path = changed(draw(tmp_path / "a.pdf", _report), lambda page: page.set_rotation(turn))
    pixels = page_pixels(path)
    read = _read(path)
    assert read.page_size == ((HEIGHT, WIDTH) if turn in (90, 270) else (WIDTH, HEIGHT))
    assert [element.kind for element in read.elements][:2] == [Kind.HEADING, Kind.TEXT]
    assert read.elements[1].text == PROSE
    for element in read.elements:
        assert slack(pixels, element) <= 1.3
        box = box_of(element)
        assert ink_box(pixels, box) is not None


@pytest.mark.parametrize("turn", TURNS)
def test_boxes_count_from_the_corner_of_the_crop_box(tmp_path: Path, turn: int) -> None:
    def cut(page: Any) -> None:
        page.set_cropbox(50, 100, WIDTH - 20, HEIGHT - 60)
        page.set_rotation(turn)

    path = changed(draw(tmp_path / "a.pdf", _report), cut)
    pixels = page_pixels(path)
    elements = _read(path).elements
    assert elements[1].text == PROSE
    for element in elements:
        assert slack(pixels, element) <= 1.3
    if turn == 0:
        assert 20 < box_of(elements[0]).left < 24
        place = elements[0].locators[0]
        assert isinstance(place, PageBox)
        assert (place.page_width, place.page_height) == (WIDTH - 70, HEIGHT - 160)


def test_sideways_text_on_an_upright_page_is_read(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 130, 400)
        pen.saveState()
        pen.translate(560, 300)
        pen.rotate(90)
        pen.drawString(0, 0, "Filed under number 4711 by the board")
        pen.restoreState()

    path = draw(tmp_path / "a.pdf", page)
    side = _read(path).elements[-1]
    assert side.text == "Filed under number 4711 by the board"
    assert slack(page_pixels(path), side) <= 1.3


def test_every_character_of_the_text_layer_is_in_exactly_one_element(tmp_path: Path) -> None:
    def table(pen: Pen) -> None:
        _report(pen)
        for row in range(6):
            for column, left in enumerate((80, 300, 400)):
                pen.drawString(left, HEIGHT - 620 - 16 * row, f"r{row}c{column}")

    path = draw(tmp_path / "a.pdf", table)
    with PdfFile(path) as pdf, pdf.page(1) as page:
        layer = Counter(_characters(page.handle))
    read = _read(path)
    found = Counter("".join(_own_text(element) for element in read.elements).replace(" ", ""))
    assert found == layer


def _characters(handle: Any) -> str:
    text_page = raw.FPDFText_LoadPage(handle)
    count = raw.FPDFText_CountChars(text_page)
    codes = [raw.FPDFText_GetUnicode(text_page, index) for index in range(count)]
    raw.FPDFText_ClosePage(text_page)
    return "".join(chr(code) for code in codes if not chr(code).isspace())


def _own_text(element: ParsedElement) -> str:
    if element.table is not None:
        return "".join(cell.text for cell in element.table.cells)
    return element.text


# --- tables --------------------------------------------------------------------------------------


def _balance(pen: Pen) -> None:
    heading(pen, "Balance sheet", 72, 90)
    rows = (
        ("(in thousands)", "2023", "2022"),
        ("Cash and cash equivalents", "$ 2,853", "$ 3,053"),
        ("Accounts receivable", "5,020", "4,911"),
        ("Other assets", "1,345", "(1,395)"),
        ("Total assets", "$ 9,218", "$ 6,569"),
    )
    for number, row in enumerate(rows):
        for text, right in zip(row, (0, 380, 480), strict=True):
            height = HEIGHT - 130 - 16 * number
            if right:
                pen.drawRightString(right, height, text)
            else:
                pen.drawString(72, height, text)


def test_a_table_without_lines_has_cells_with_places_and_lines_that_read_alone(
    tmp_path: Path,
) -> None:
    path = draw(tmp_path / "a.pdf", _balance)
    (element,) = (e for e in _read(path).elements if e.kind is Kind.TABLE)
    assert element.text.splitlines() == [
        "(in thousands) | 2023 | 2022",
        "Cash and cash equivalents | 2023: $ 2,853 | 2022: $ 3,053",
        "Accounts receivable | 2023: 5,020 | 2022: 4,911",
        "Other assets | 2023: 1,345 | 2022: (1,395)",
        "Total assets | 2023: $ 9,218 | 2022: $ 6,569",
    ]
    assert element.heading_path == ("Balance sheet",)
    assert element.table is not None
    cell = next(cell for cell in element.table.cells if cell.text == "4,911")
    assert (cell.row, cell.column, cell.is_header) == (2, 2, False)
    assert isinstance(cell.locator, PageBox)
    box = Box(cell.locator.left, cell.locator.top, cell.locator.right, cell.locator.bottom)
    ink = ink_box(page_pixels(path), box)
    assert ink is not None
    assert box.area <= 1.3 * ink.area
    assert "<th>2023</th>" in element.table.html
    assert "<td>(1,395)</td>" in element.table.html
