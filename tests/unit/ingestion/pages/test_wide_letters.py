"""Letters beyond the basic plane, which PDFium counts as two halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.readers.ports import UnitRead
from tests.unit.ingestion.pages.harbour import read

_MEANING = (
    "begincmap 1 begincodespacerange <00><FF> endcodespacerange "
    "3 beginbfchar <78><D835DC65> <79><DC65> <2D><002D> endbfchar "
    "1 beginbfrange <61><77><0061> endbfrange endcmap"
)
"""A font in which `x` means 𝑥, `y` half a letter, and other letters themselves."""


def _stream(content: str) -> str:
    return f"<</Length {len(content)}>>stream\n{content}\nendstream"


def _written(path: Path, lines: list[str]) -> UnitRead:
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        _stream(f"BT /F 12 Tf 40 250 Td {shown} ET"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        _stream(_MEANING),
    ]
    text, places = "%PDF-1.7\n", ""
    for number, part in enumerate(parts, 1):
        places += f"{len(text):010} 00000 n \n"
        text += f"{number} 0 obj\n{part}\nendobj\n"
    text += (
        f"xref\n0 7\n0000000000 65535 f \n{places}trailer\n<</Root 1 0 R/Size 7>>\n"
        f"startxref\n{len(text)}\n%%EOF\n"
    )
    path.write_text(text, encoding="latin-1")
    return read(path)


def test_a_mathematical_letter_is_one_letter_and_can_be_written_down(tmp_path: Path) -> None:
    found = _written(tmp_path / "a.pdf", ["for all x there is a metal", "that conducts"])
    assert "for all 𝑥 there is a metal" in " ".join(part.text for part in found.elements)
    assert "𝑥" in found.model_dump_json()


def test_half_a_letter_is_shown_as_unreadable(tmp_path: Path) -> None:
    found = _written(tmp_path / "a.pdf", ["for all y there is a metal", "that conducts"])
    assert "for all \ufffd there is" in " ".join(part.text for part in found.elements)


@pytest.mark.parametrize("letter", ["a", "x"])
def test_words_broken_at_a_line_end_are_joined_whatever_letters_are_about(
    tmp_path: Path, letter: str
) -> None:
    lines = [f"the value {letter} of the lan-", "guage is told to all who ask for it"]
    found = _written(tmp_path / "a.pdf", lines)
    assert "of the language is told" in " ".join(part.text for part in found.elements)
