"""PDF files that are locked, cut short, too long or changed: read, or refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.readers.ports import UnitRead
from pincite.errors import CorruptSource, PasswordNeeded, TooLarge
from pincite.models.fakes import FakeTextRecognizer
from tests.unit.ingestion.pages.drawn import (
    PROSE,
    Pen,
    draw,
    encryption,
)
from tests.unit.ingestion.pages.harbour import read as _read
from tests.unit.ingestion.pages.harbour import reader as _reader
from tests.unit.ingestion.pages.harbour import report as _report


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
