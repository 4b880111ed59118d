"""Whether a text layer is believed."""

from __future__ import annotations

import pytest

from ingestion.layout.marks import Box, Word
from ingestion.layout.soundness import why_unsound
from tests.unit.ingestion.pages.drawn import PROSE

_BOX = Box(0, 0, 1, 1)


def _words(text: str) -> list[Word]:
    return [Word(part, _BOX, _BOX, 10.0) for part in text.split(" ") if part]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no text layer"),
        ("/g17/g42 " * 60, "glyph names"),
        ("(cid:12)(cid:7) " * 60, "glyph names"),
        ("\ue123\ue0f1\ue2aa " * 60, "characters without meaning"),
        ("\x04\x05\x06ab\x07 " * 60, "characters without meaning"),
        ("xkcd wrtz bcdf ghjk lmnp qrst vwxz " * 30, "in no language"),
        ("!!! ### ,,, ((( ;;; " * 60, "in no language"),
    ],
)
def test_garbage_is_not_believed(text: str, why: str) -> None:
    assert why in (why_unsound(_words(text), unmapped=0.0, outside=0) or "")


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "Übergröße, Straße und Öl: die Prüfung der Bücher ist abgeschlossen. " * 8,
        "港务局保存着每艘进入港池的船只的记录。" * 20,
        "حفظ مكتب الميناء سجلا لكل سفينة " * 20,
        "4711 0815 12.50 99% $1,234 (56) " * 30,
        "Page 7",
    ],
)
def test_text_in_any_language_is_believed(text: str) -> None:
    assert why_unsound(_words(text), unmapped=0.0, outside=0) is None


def test_fonts_without_meaning_count_only_where_the_text_is_none() -> None:
    assert why_unsound(_words(PROSE), unmapped=0.9, outside=0) is None
    assert why_unsound(_words("qwrt pxzk " * 60), unmapped=0.9, outside=0) is not None


def test_text_that_mostly_lies_off_the_page_is_not_believed() -> None:
    assert "outside" in (why_unsound(_words(PROSE), unmapped=0.0, outside=500) or "")
