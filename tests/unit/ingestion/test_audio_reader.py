"""Recordings are read a stretch at a time, and nothing is lost or doubled at the borders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingestion.readers.audio import STRETCH_S, AudioReader
from ingestion.readers.pauses import CUT_WITHIN_S, quietest
from ingestion.readers.ports import Later, UnitRead
from pincite.elements import How, Kind
from pincite.errors import CorruptSource
from pincite.locators import TimeSpan
from pincite.models.fakes import FakeTranscriber
from pincite.models.sound import RATE
from tests.unit.ingestion.recordings import bursts, write_recording


def _read(path: Path) -> list[UnitRead]:
    reader = AudioReader(FakeTranscriber())
    found = [
        reader.read(path, unit, slow=True) for unit in range(1, reader.outline(path).units + 1)
    ]
    return [unit for unit in found if not isinstance(unit, Later)]


def _spans(units: list[UnitRead]) -> list[tuple[float, float]]:
    return [
        (round(place.start_s, 1), round(place.end_s, 1))
        for unit in units
        for element in unit.elements
        for place in element.locators
        if isinstance(place, TimeSpan)
    ]


def test_speech_comes_with_times_words_and_confidence(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.wav", bursts(12, [(3, 5), (7, 9)]))
    (unit,) = _read(path)
    assert unit.how == "speech"
    assert unit.confidence == pytest.approx(0.9)
    assert _spans([unit]) == [(3.0, 5.0), (7.0, 9.0)]
    first = unit.elements[0]
    assert (first.kind, first.how, first.text) == (Kind.SPEECH, How.SPEECH, "Sound at 3 seconds.")
    assert [word.text for word in first.words] == first.text.split()
    assert all(isinstance(word.locator, TimeSpan) for word in first.words)


def test_no_sound_is_lost_or_doubled_at_the_borders_of_stretches(tmp_path: Path) -> None:
    """The even borders fall into the middle of sounds; the cuts do not."""
    length = 2 * STRETCH_S + 40
    sounds = [(at, at + 4) for at in np.arange(1.5, length - 5, 5.5).tolist()]
    assert all(any(start < n * STRETCH_S < end for start, end in sounds) for n in (1, 2))
    path = write_recording(tmp_path / "long.flac", bursts(length, sounds), codec="flac")
    units = _read(path)
    assert len(units) == 3
    expected = [(round(start, 1), round(end, 1)) for start, end in sounds]
    assert np.allclose(_spans(units), expected, atol=0.11)


def test_stretches_may_be_read_in_any_order(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.flac", bursts(400, [(170, 189)]), codec="flac")
    reader = AudioReader(FakeTranscriber())
    backwards = [AudioReader(FakeTranscriber()).read(path, unit, slow=True) for unit in (2, 1)]
    assert backwards[::-1] == [reader.read(path, unit, slow=True) for unit in (1, 2)]


def test_a_short_rest_is_no_unit_of_its_own(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.flac", bursts(STRETCH_S + 15, []), codec="flac")
    outline = AudioReader(FakeTranscriber()).outline(path)
    assert (outline.units, outline.unit_name) == (1, "stretch")
    assert outline.seconds == pytest.approx(STRETCH_S + 15)


def test_silence_is_empty_not_failed(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.wav", bursts(3, []))
    assert _read(path) == [UnitRead(how="empty")]


def test_recognition_waits_until_slow_work_is_allowed(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.wav", bursts(3, [(0, 1)]))
    assert isinstance(AudioReader(FakeTranscriber()).read(path, 1, slow=False), Later)


def test_a_recording_that_breaks_off_is_read_and_said_to_break_off(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.flac", bursts(30, [(1, 29)]), codec="flac")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    (unit,) = _read(path)
    assert unit.how == "speech"
    assert "should last 0:30, but its sound ends at 0:1" in " ".join(unit.warnings)


def test_something_that_is_no_recording_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"ID3" + bytes(5_000))
    with pytest.raises(CorruptSource):
        AudioReader(FakeTranscriber()).outline(path)


def test_the_reader_is_known_by_its_model() -> None:
    assert AudioReader(FakeTranscriber()).version == "audio-3+fake-transcriber-1"


def test_the_cut_is_in_the_pause_nearest_to_the_border() -> None:
    rng = np.random.default_rng(1)
    sound = rng.uniform(-0.3, 0.3, int(2 * CUT_WITHIN_S * RATE)).astype(np.float32)
    for start in (2.0, 12.0, 17.0):
        sound[int(start * RATE) : int((start + 1) * RATE)] *= 0.01
    assert quietest(sound) == pytest.approx(12.2, abs=0.1)


def test_a_sound_too_short_to_look_for_a_pause_is_cut_in_the_middle() -> None:
    assert quietest(np.zeros(RATE // 10, dtype=np.float32)) == pytest.approx(0.05)
