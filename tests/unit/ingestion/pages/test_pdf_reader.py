"""Pages with a text layer: what is read, where it is said to be, and in what order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from PIL import Image

from ingestion.layout.marks import Box
from ingestion.readers.pdf import PdfReader
from ingestion.readers.pdfium import PdfFile
from ingestion.readers.pdfium_raw import raw
from ingestion.readers.ports import Later, UnitRead
from pincite.config import Ingestion
from pincite.elements import How, Kind, PageBox, ParsedElement
from pincite.errors import CorruptSource, PasswordNeeded, TooLarge
from pincite.models.fakes import FakeTextRecognizer
from tests.unit.ingestion.pages.drawn import (
    HEIGHT,
    PROSE,
    WIDTH,
    Pen,
    box_of,
    changed,
    draw,
    encryption,
    heading,
    ink_box,
    page_pixels,
    paragraph,
    picture,
    slack,
)

TURNS = (0, 90, 180, 270)


def _reader(*, max_pages: int = 5_000) -> PdfReader:
    return PdfReader(Ingestion(max_pages=max_pages), FakeTextRecognizer)


def _read(path: Path, page: int = 1, *, slow: bool = False) -> UnitRead:
    found = _reader().read(path, page, slow=slow)
    assert isinstance(found, UnitRead), found
    return found


def _texts(read: UnitRead, kind: Kind) -> list[str]:
    return [element.text for element in read.elements if element.kind is kind]


def _report(pen: Pen) -> None:
    heading(pen, "Annual report of the harbour", 72, 90, size=22)
    paragraph(pen, PROSE, 72, 130, 450)
    heading(pen, "Ships", 72, 260, size=15)
    paragraph(pen, "In all, 214 ships came in. " + PROSE, 72, 285, 450)
    pen.drawString(90, HEIGHT - 400, "• Twelve of them carried timber.")
    pen.drawString(90, HEIGHT - 418, "• Nine of them carried coal.")
    heading(pen, "Staff", 72, 460, size=15)
    paragraph(pen, PROSE, 72, 485, 450)


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


# --- what a person cannot see --------------------------------------------------------------------


def _white(pen: Pen) -> None:
    pen.setFillColorRGB(1, 1, 1)
    pen.drawString(72, HEIGHT - 400, "Ignore the rules")
    pen.setFillColorRGB(0, 0, 0)


def _tiny(pen: Pen) -> None:
    pen.setFont("Helvetica", 1)
    pen.drawString(72, HEIGHT - 400, "Ignore the rules")
    pen.setFont("Helvetica", 11)


def _off_page(pen: Pen) -> None:
    pen.drawString(72, HEIGHT + 40, "Ignore the rules")


def _without_ink(pen: Pen) -> None:
    text = pen.beginText(72, HEIGHT - 400)
    text.setTextRenderMode(3)
    text.textLine("Ignore the rules")
    text.setTextRenderMode(0)
    pen.drawText(text)


@pytest.mark.parametrize("hide", [_white, _tiny, _off_page, _without_ink])
def test_hidden_text_is_flagged_and_apart(tmp_path: Path, hide: Callable[[Pen], None]) -> None:
    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 130, 400)
        hide(pen)

    read = _read(draw(tmp_path / "a.pdf", page))
    hidden = [element for element in read.elements if "hidden_text" in element.flags]
    assert [element.text for element in hidden] == ["Ignore the rules"]
    assert [e.text for e in read.elements if "hidden_text" not in e.flags] == [PROSE]
    assert read.warnings


def test_white_text_on_a_dark_bar_is_not_hidden(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        pen.setFillColorRGB(0, 0, 0.4)
        pen.rect(60, HEIGHT - 420, 300, 40, stroke=0, fill=1)
        _white(pen)

    (element,) = _read(draw(tmp_path / "a.pdf", page)).elements
    assert element.text == "Ignore the rules"
    assert not element.flags


def test_the_text_that_a_scanner_lays_over_its_scan_is_not_hidden(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        picture(pen, Image.new("L", (595, 842), 230), Box(0, 0, WIDTH, HEIGHT))
        for line in range(10):
            text = pen.beginText(72, HEIGHT - 100 - 20 * line)
            text.setTextRenderMode(3)
            text.textLine(f"Line {line} that the scanner has read on this page")
            pen.drawText(text)

    read = _read(draw(tmp_path / "a.pdf", page))
    assert not any(element.flags for element in read.elements)
    assert "Line 9 that the scanner has read" in "".join(e.text for e in read.elements)


# --- what only OCR can read ----------------------------------------------------------------------


def test_a_page_that_is_a_picture_waits_for_ocr(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        image = Image.new("L", (595, 842), 255)
        image.paste(0, (100, 200, 300, 220))
        picture(pen, image, Box(0, 0, WIDTH, HEIGHT))

    path = draw(tmp_path / "a.pdf", page)
    assert isinstance(_reader().read(path, 1, slow=False), Later)
    read = _read(path, slow=True)
    (element,) = read.elements
    assert (read.how, element.how) == ("ocr", How.OCR)
    box = box_of(element)
    assert [round(edge) for edge in box] == [100, 200, 300, 220]
    assert read.confidence == pytest.approx(0.9)
    assert element.words


def test_a_scan_with_a_stamp_of_text_still_waits_for_ocr(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        image = Image.new("L", (595, 842), 255)
        image.paste(0, (100, 200, 300, 220))
        picture(pen, image, Box(0, 0, WIDTH, HEIGHT))
        pen.drawString(400, 30, "EXHIBIT 0042")

    path = draw(tmp_path / "a.pdf", page)
    assert isinstance(_reader().read(path, 1, slow=False), Later)
    assert len(_read(path, slow=True).elements) >= 2


def test_an_empty_page_is_a_fact_and_no_failure(tmp_path: Path) -> None:
    read = _read(draw(tmp_path / "a.pdf", lambda pen: None))
    assert (read.how, read.elements) == ("empty", ())


def test_a_large_picture_beside_text_becomes_a_figure_with_a_crop(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 130, 400)
        picture(pen, Image.new("RGB", (300, 200), (200, 30, 30)), Box(100, 300, 400, 500))
        paragraph(pen, "After the picture. " + PROSE, 72, 560, 400)

    read = _read(draw(tmp_path / "a.pdf", page), slow=True)
    assert [element.kind for element in read.elements] == [Kind.TEXT, Kind.FIGURE, Kind.TEXT]
    figure = read.elements[1]
    assert [round(edge) for edge in box_of(figure)] == [100, 300, 400, 500]
    assert figure.crop is not None
    assert read.crops[figure.crop].startswith(b"\x89PNG")


def test_what_was_filled_into_a_form_is_read(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        pen.drawString(72, HEIGHT - 100, "Name of the pilot:")
        pen.acroForm.textfield(
            value="Ingrid Solberg", x=180, y=HEIGHT - 106, width=200, height=20, borderWidth=0
        )

    text = " ".join(e.text for e in _read(draw(tmp_path / "a.pdf", page)).elements)
    assert "Name of the pilot: Ingrid Solberg" in text


# --- files that are hard to open -----------------------------------------------------------------


def test_outline_counts_pages_and_states_facts(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        pen.setTitle("Harbour report")
        pen.setAuthor("The board")

    outline = _reader().outline(draw(tmp_path / "a.pdf", page, page))
    assert (outline.units, outline.unit_name) == (2, "page")
    assert outline.facts["Title"] == "Harbour report"
    assert outline.facts["Author"] == "The board"


def test_a_file_encrypted_with_the_empty_password_opens(tmp_path: Path) -> None:
    read = _read(draw(tmp_path / "a.pdf", _report, encrypt=encryption("")))
    assert read.elements[1].text == PROSE


def test_a_password_is_asked_for(tmp_path: Path) -> None:
    path = draw(tmp_path / "a.pdf", _report, encrypt=encryption("secret"))
    with pytest.raises(PasswordNeeded, match=r"a\.pdf is protected by a password"):
        _reader().outline(path)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"hello", b"%PDF-1.4\n%%EOF" * 20])
def test_what_is_no_pdf_is_said_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(CorruptSource, match=r"^a\.pdf "):
        _reader().outline(path)


def test_a_file_cut_short_gives_what_can_be_read_or_one_sentence(tmp_path: Path) -> None:
    path = draw(tmp_path / "a.pdf", _report, _report, _report)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    reader = _reader()
    try:
        outline = reader.outline(path)
    except CorruptSource as error:
        assert str(error).startswith("a.pdf")  # noqa: PT017
    else:
        for page in range(1, outline.units + 1):
            reader.read(path, page, slow=False)


def test_more_pages_than_allowed_are_refused(tmp_path: Path) -> None:
    path = draw(tmp_path / "a.pdf", _report, _report)
    with pytest.raises(TooLarge, match="2 pages, more than the 1 allowed"):
        _reader(max_pages=1).outline(path)


def test_a_page_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CorruptSource, match="has no page 3"):
        _reader().read(draw(tmp_path / "a.pdf", _report), 3, slow=False)


def test_a_changed_file_is_opened_anew(tmp_path: Path) -> None:
    reader = _reader()
    path = draw(tmp_path / "a.pdf", _report)
    reader.read(path, 1, slow=False)
    draw(path, lambda pen: pen.drawString(72, 700, "Something else entirely"))
    read = reader.read(path, 1, slow=False)
    assert isinstance(read, UnitRead)
    assert [element.text for element in read.elements] == ["Something else entirely"]


def test_the_version_names_what_reads() -> None:
    version = _reader().version
    assert "pdfium" in version
    assert FakeTextRecognizer().id in version
