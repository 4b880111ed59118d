"""Word, PowerPoint and Excel files, made by the usual libraries and read back."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import docx
import openpyxl
import pptx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement  # pyright: ignore[reportUnknownVariableType]
from docx.shared import Pt, RGBColor
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.styles import Font, PatternFill
from PIL import Image
from pptx.util import Emu

from ingestion.media import sniff
from ingestion.packages import DOCX, PPTX, XLSX
from ingestion.readers.documents import DocumentReader, Format
from ingestion.readers.environment import CHILD_ENVIRONMENT
from pincite.elements import Kind, ParsedElement
from pincite.errors import CorruptSource, PasswordNeeded, TooLarge
from tests.unit.ingestion.spans import read_all, read_units


@pytest.fixture
def forms(monkeypatch: pytest.MonkeyPatch) -> dict[str, Format]:
    """Imported under the environment of the parser child, as ever."""
    for name, value in CHILD_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    from ingestion.readers.office import SLIDES, WORD
    from ingestion.readers.workbook import WORKBOOK

    return {DOCX: WORD, PPTX: SLIDES, XLSX: WORKBOOK}


def _shown(elements: list[ParsedElement]) -> list[tuple[str, str]]:
    return [(element.kind.value, element.text) for element in elements]


# --- Word ----------------------------------------------------------------------------------------


def _letter(folder: Path) -> Path:
    made: Any = docx.Document()
    made.add_heading("Annual report", 0)
    made.add_heading("Sales", 1)
    made.add_paragraph("Sales rose by 12 % in 2024.")
    made.add_paragraph("oranges", style="List Bullet")
    made.add_paragraph("first", style="List Number")
    table = made.add_table(3, 2)
    for row, cells in enumerate([("Region", "Q1"), ("North", "1"), ("South", "3")]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    made.add_heading("Detail", 2)
    made.add_paragraph("Short line")
    made.sections[0].header.paragraphs[0].text = "Harbour Ltd"
    path = folder / "letter.docx"
    made.save(path)
    return path


def test_a_word_file_keeps_headings_lists_and_tables(
    tmp_path: Path, forms: dict[str, Format]
) -> None:
    path = _letter(tmp_path)
    assert sniff(path).media_type == DOCX
    elements = read_all(forms[DOCX], path)
    assert _shown(elements) == [
        ("header", "Harbour Ltd"),
        ("title", "Annual report"),
        ("heading", "Sales"),
        ("text", "Sales rose by 12 % in 2024."),
        ("list_item", "oranges"),
        ("list_item", "1. first"),
        ("table", "Region: North | Q1: 1\nRegion: South | Q1: 3"),
        ("heading", "Detail"),
        ("text", "Short line"),
    ]
    assert elements[-1].heading_path == ("Annual report", "Sales", "Detail")
    assert elements[6].table is not None
    assert elements[6].table.cells[0].is_header


def test_footnotes_comments_and_text_boxes_are_read_too(
    tmp_path: Path, forms: dict[str, Format]
) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    run = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    parts = {
        "word/footnotes.xml": f'<w:footnotes {space}><w:footnote w:type="separator">'
        f"{run.format('---')}</w:footnote><w:footnote>{run.format('A note.')}</w:footnote>"
        "</w:footnotes>",
        "word/comments.xml": f'<w:comments {space}><w:comment w:author="Ann">'
        f"{run.format('Really?')}</w:comment></w:comments>",
    }
    box = f"<w:txbxContent>{run.format('Boxed.')}</w:txbxContent>"
    boxed = f"<w:p><w:r><w:pict>{box}</w:pict></w:r></w:p>"
    path = tmp_path / "more.docx"
    with zipfile.ZipFile(_letter(tmp_path)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                data = data.replace("</w:body>", f"{boxed}</w:body>")
            if name not in parts:
                new.writestr(name, data.encode("utf-8", "surrogateescape"))
        for name, data in parts.items():
            new.writestr(name, data)
    found = _shown(read_all(forms[DOCX], path))
    assert ("text", "Boxed.") in found
    assert ("footnote", "A note.") in found
    assert ("text", "Comment by Ann: Really?") in found
    assert not any("---" in text for _, text in found)


def test_pictures_that_are_not_read_are_counted(tmp_path: Path, forms: dict[str, Format]) -> None:
    picture = tmp_path / "a.png"
    Image.new("RGB", (9, 9)).save(picture)
    made: Any = docx.Document()
    made.add_picture(str(picture))
    path = tmp_path / "picture.docx"
    made.save(path)
    (unit,) = read_units(forms[DOCX], path)
    assert unit.how == "empty"
    assert unit.warnings == ("1 picture(s) in this Word file were not read",)


def test_a_guess_from_the_wording_needs_no_weights_and_no_network(
    forms: dict[str, Format],
) -> None:
    from unstructured.nlp.tokenize import sent_tokenize

    assert forms
    assert sent_tokenize("One came. Two went.") == ["One came.", "Two went."]


# --- PowerPoint ----------------------------------------------------------------------------------


def test_slides_are_known_by_their_numbers(tmp_path: Path, forms: dict[str, Format]) -> None:
    made: Any = pptx.Presentation()
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text = "Plans"
    first.placeholders[1].text = "Buy a crane\nPaint the quay"
    first.notes_slide.notes_text_frame.text = "Speak slowly"
    second = made.slides.add_slide(made.slide_layouts[6])
    grid = second.shapes.add_table(2, 2, Emu(0), Emu(0), Emu(900_000), Emu(500_000)).table
    for place, text in enumerate(["Year", "Crates", "2024", "42"]):
        grid.cell(place // 2, place % 2).text = text
    path = tmp_path / "plans.pptx"
    made.save(path)
    assert sniff(path).media_type == PPTX
    elements = read_all(forms[PPTX], path)
    assert _shown(elements) == [
        ("heading", "Slide 1: Plans"),
        ("text", "Buy a crane"),
        ("text", "Paint the quay"),
        ("text", "Speaker notes: Speak slowly"),
        ("heading", "Slide 2"),
        ("table", "Year: 2024 | Crates: 42"),
    ]
    assert elements[1].heading_path == ("Slide 1: Plans",)


# --- Excel ---------------------------------------------------------------------------------------


def _workbook(folder: Path) -> Path:
    made: Any = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Sales"
    sheet.append(["Region", "Since", "Share"])
    sheet.append(["North", dt.date(2024, 5, 9), 0.125])
    sheet["C2"].number_format = "0.0%"
    sheet["A4"] = "=SUM(C2:C3)"
    made.create_sheet("Empty")
    hidden = made.create_sheet("Notes")
    hidden.sheet_state = "hidden"
    hidden.append(["secret", "word"])
    path = folder / "book.xlsx"
    made.save(path)
    return path


def test_sheets_are_read_as_a_person_sees_them(tmp_path: Path, forms: dict[str, Format]) -> None:
    path = _workbook(tmp_path)
    assert sniff(path).media_type == XLSX
    (unit,) = read_units(forms[XLSX], path)
    assert _shown(list(unit.elements)) == [
        ("heading", "Sales"),
        ("table", "Region: North | Since: 2024-05-09 | Share: 12.5%"),
        ("text", "=SUM(C2:C3)"),
        ("heading", "Notes (hidden sheet)"),
        ("table", "secret | word"),
    ]
    assert unit.elements[-1].flags == {"hidden_text"}
    assert "1 formula(s) have no stored result" in unit.warnings[0]


def test_a_large_workbook_is_streamed_and_reads_the_same(
    tmp_path: Path, forms: dict[str, Format], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _workbook(tmp_path)
    whole = _shown(read_all(forms[XLSX], path))
    monkeypatch.setattr("ingestion.readers.workbook._STREAMED_ABOVE", 0)
    assert _shown(read_all(forms[XLSX], path)) == whole


def test_every_row_of_a_long_sheet_is_found_under_its_header(
    tmp_path: Path, forms: dict[str, Format]
) -> None:
    made: Any = openpyxl.Workbook()
    made.active.append(["Name", "Amount"])
    for number in range(2_000):
        made.active.append([f"place {number}", number * 7])
    path = tmp_path / "long.xlsx"
    made.save(path)
    tables = [one for one in read_all(forms[XLSX], path) if one.kind is Kind.TABLE]
    lines = [line for one in tables for line in one.text.split("\n")]
    assert lines == [f"Name: place {number} | Amount: {number * 7}" for number in range(2_000)]
    assert all(one.table and one.table.cells[0].text == "Name" for one in tables)


# --- bad input -----------------------------------------------------------------------------------


def _copied(path: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


@pytest.mark.parametrize(
    ("make", "media_type", "part"),
    [(_letter, DOCX, "word/document.xml"), (_workbook, XLSX, "xl/worksheets/sheet1.xml")],
)
def test_a_bomb_is_refused_before_it_is_parsed(
    tmp_path: Path,
    forms: dict[str, Format],
    make: Callable[[Path], Path],
    media_type: str,
    part: str,
) -> None:
    path = _copied(
        make(tmp_path),
        tmp_path / "bomb",
        lambda name, data: b" " * (64 << 20) if name == part else data,
    )
    assert sniff(path).media_type == media_type
    with pytest.raises(TooLarge, match="as a zip bomb does"):
        read_all(forms[media_type], path)
    with pytest.raises(TooLarge, match="as a zip bomb does"):
        DocumentReader(forms[media_type]).outline(path)


@pytest.mark.parametrize(
    ("make", "media_type", "part"),
    [(_letter, DOCX, "word/document.xml"), (_workbook, XLSX, "xl/worksheets/sheet1.xml")],
)
def test_damage_is_one_sentence(
    tmp_path: Path,
    forms: dict[str, Format],
    make: Callable[[Path], Path],
    media_type: str,
    part: str,
) -> None:
    cut = _copied(
        make(tmp_path),
        tmp_path / "cut",
        lambda name, data: data[: len(data) // 2] if name == part else data,
    )
    with pytest.raises(
        CorruptSource, match=r"this (Word|Excel) file is damaged and cannot be read"
    ):
        read_all(forms[media_type], cut)
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
    full = _copied(
        make(tmp_path),
        tmp_path / "entities",
        lambda name, data: bomb if name == part else data,
    )
    with pytest.raises(CorruptSource, match="declares XML entities"):
        read_all(forms[media_type], full)
    with pytest.raises(CorruptSource, match="declares XML entities"):
        DocumentReader(forms[media_type]).outline(full)


def test_a_file_with_a_password_says_that_it_needs_it(tmp_path: Path) -> None:
    path = tmp_path / "secret.docx"
    with _letter(tmp_path).open("rb") as plain, path.open("wb") as encrypted:
        office: Any = OOXMLFile(plain)
        office.encrypt("sesame", encrypted)
    with pytest.raises(PasswordNeeded, match=r"^secret\.docx is encrypted; remove its password"):
        sniff(path)


def test_the_readers_are_known_by_the_libraries_they_use(forms: dict[str, Format]) -> None:
    assert DocumentReader(forms[DOCX]).version.startswith("docx-2+unstructured-")
    assert DocumentReader(forms[XLSX]).version.startswith("xlsx-2+openpyxl-")


# --- what a person does not see ------------------------------------------------------------------


def _unseen(form: Format, path: Path) -> tuple[list[str], str]:
    """Texts that are flagged, and all others in one."""
    elements = read_all(form, path)
    flagged = [element.text for element in elements if "hidden_text" in element.flags]
    return flagged, "\n".join(element.text for element in elements if not element.flags)


def _vanish(run: Any) -> None:
    run.font.hidden = True


def _white(run: Any) -> None:
    run.font.color.rgb = RGBColor(255, 255, 255)


def _tiny(run: Any) -> None:
    run.font.size = Pt(1)


@pytest.mark.parametrize("hide", [_vanish, _white, _tiny])
def test_what_a_word_file_hides_is_flagged_and_apart(
    tmp_path: Path, forms: dict[str, Format], hide: Callable[[Any], None]
) -> None:
    made: Any = docx.Document()
    paragraph = made.add_paragraph("Seen before, ")
    hide(paragraph.add_run("SECRET one "))
    paragraph.add_run("and behind.")
    cell = made.add_table(1, 2).cell(0, 0).paragraphs[0]
    cell.add_run("In a cell")
    hide(cell.add_run("SECRET two"))
    hide(made.sections[0].header.paragraphs[0].add_run("SECRET three"))
    path = tmp_path / "a.docx"
    made.save(path)
    flagged, seen = _unseen(forms[DOCX], path)
    assert sorted(flagged) == ["SECRET one", "SECRET three", "SECRET two"]
    assert "Seen before, and behind." in seen
    assert "In a cell" in seen
    assert "SECRET" not in seen


def test_hidden_by_a_style_is_hidden_and_white_on_a_dark_cell_is_not(
    tmp_path: Path, forms: dict[str, Format]
) -> None:
    made: Any = docx.Document()
    style: Any = made.styles.add_style("Quiet", WD_STYLE_TYPE.PARAGRAPH)
    style.font.hidden = True
    made.add_paragraph("SECRET", style="Quiet")
    cell = made.add_table(1, 1).cell(0, 0)
    _white(cell.paragraphs[0].add_run("White on navy"))
    shade = cast("Any", OxmlElement("w:shd"))
    shade.set(qn("w:fill"), "000080")
    cell._tc.get_or_add_tcPr().append(shade)
    path = tmp_path / "a.docx"
    made.save(path)
    flagged, seen = _unseen(forms[DOCX], path)
    assert flagged == ["SECRET"]
    assert "White on navy" in seen


def test_what_slides_hide_is_flagged_and_apart(tmp_path: Path, forms: dict[str, Format]) -> None:
    made: Any = pptx.Presentation()
    shown = made.slides.add_slide(made.slide_layouts[6])
    boxes: dict[str, Any] = {}
    for name, left in (("Seen", 0), ("SECRET off", 99_000_000), ("SECRET gone", 0)):
        boxes[name] = shown.shapes.add_textbox(Emu(left), Emu(0), Emu(900_000), Emu(500_000))
        boxes[name].text_frame.text = name
    boxes["SECRET gone"]._element.nvSpPr.cNvPr.set("hidden", "1")
    run = boxes["Seen"].text_frame.paragraphs[0].add_run()
    run.text, run.font.size = "SECRET tiny", Pt(1)
    skipped = made.slides.add_slide(made.slide_layouts[5])
    skipped.shapes.title.text = "SECRET slide"
    skipped._element.set("show", "0")
    path = tmp_path / "a.pptx"
    made.save(path)
    flagged, seen = _unseen(forms[PPTX], path)
    assert sorted(flagged) == ["SECRET gone", "SECRET off", "SECRET slide", "SECRET tiny"]
    assert "Seen" in seen
    assert "SECRET" not in seen


def test_what_a_sheet_hides_is_flagged_and_apart(tmp_path: Path, forms: dict[str, Format]) -> None:
    book: Any = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["Name", "Price", "Cost"], ["Crane", 9, "SECRET b"], ["SECRET c", 1, "SECRET d"],
                ["Rope", 2, "SECRET e"], ["SECRET white", 3, "x"]):  # fmt: skip
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["A5"].font = Font(color="FFFFFFFF")
    sheet["B4"].number_format = ";;;"
    sheet["A2"].font = Font(color="FFFFFFFF")
    sheet["A2"].fill = PatternFill("solid", fgColor="FF000080")
    path = tmp_path / "a.xlsx"
    book.save(path)
    flagged, seen = _unseen(forms[XLSX], path)
    assert flagged == ["Cost", "SECRET b", "SECRET c | 1 | SECRET d", "2 | SECRET e",
                       "SECRET white | x"]  # fmt: skip
    assert "SECRET" not in seen
    assert "Crane" in seen
    assert "Rope" in seen
