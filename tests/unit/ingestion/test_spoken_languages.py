"""The ledger hears which language is spoken, and that words are unsure where nobody can say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.readers.audio import AudioReader
from ingestion.readers.ports import UnitRead
from pincite.models.languages import language_name
from pincite.models.ports import SpokenSegment
from tests.unit.ingestion.recordings import bursts, write_recording


class Said:
    """Gives the same segments for any sound."""

    id = "said"

    def __init__(self, *segments: SpokenSegment) -> None:
        self._segments = segments

    def transcribe(
        self, recording: Path, *, start_s: float, end_s: float
    ) -> Iterator[SpokenSegment]:
        return iter(self._segments)


def _segment(language: str | None, confidence: float = 0.9) -> SpokenSegment:
    return SpokenSegment(
        text="Guten Morgen.", start_s=1, end_s=2, confidence=confidence, language=language
    )


def _notes(tmp_path: Path, *segments: SpokenSegment) -> tuple[str, ...]:
    path = write_recording(tmp_path / "a.wav", bursts(3, [(1, 2)]))
    found = AudioReader(Said(*segments)).read(path, 1, slow=True)
    assert isinstance(found, UnitRead)
    return found.warnings


def test_a_language_that_is_not_english_is_named(tmp_path: Path) -> None:
    assert _notes(tmp_path, _segment("de")) == ("German is spoken between 0:01 and 0:02",)


def test_english_needs_no_note(tmp_path: Path) -> None:
    assert _notes(tmp_path, _segment("en")) == ()
    assert _notes(tmp_path, _segment(None)) == ()


def test_unsure_words_of_an_unknown_language_come_with_the_command(tmp_path: Path) -> None:
    (note,) = _notes(tmp_path, _segment(None, confidence=0.3))
    assert "pincite models pull whisper-base" in note


@pytest.mark.parametrize(("code", "name"), [("de", "German"), ("ht", "Haitian Creole"), ("q", "q")])
def test_languages_have_names(code: str, name: str) -> None:
    assert language_name(code) == name
