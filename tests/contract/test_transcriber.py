"""What every `Transcriber` keeps: the promises of the port, on the fake and on real weights."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from pincite import config
from pincite.config import Speech
from pincite.errors import BadSettings, MissingModel
from pincite.models.factory import transcriber
from pincite.models.ports import SpokenSegment, Transcriber
from pincite.models.store import ModelStore

CLIP = Path(__file__).parents[1] / "assets" / "oranges.ogg"
LENGTH_S = 10.9


@pytest.fixture(
    scope="module",
    params=["fake", pytest.param("whisper", marks=pytest.mark.real)],
)
def hearing(request: pytest.FixtureRequest, store: ModelStore) -> Transcriber:
    return transcriber(Speech(kind=request.param), store)


def _heard(hearing: Transcriber, path: Path, start_s: float, end_s: float) -> list[SpokenSegment]:
    return list(hearing.transcribe(path, start_s=start_s, end_s=end_s))


def test_segments_and_words_are_in_order_and_within_the_stretch(hearing: Transcriber) -> None:
    segments = _heard(hearing, CLIP, 0, LENGTH_S)
    assert segments
    times = [(word.start_s, word.end_s) for segment in segments for word in segment.words]
    assert times
    assert all(0 <= start <= end <= LENGTH_S for start, end in times)
    assert times == sorted(times)
    for segment in segments:
        assert segment.start_s <= segment.words[0].start_s
        assert segment.end_s >= segment.words[-1].end_s
        assert 0 <= segment.confidence <= 1
        assert segment.text.split() == [word.text for word in segment.words]


def test_times_count_from_the_start_of_the_recording(hearing: Transcriber) -> None:
    whole = _heard(hearing, CLIP, 0, LENGTH_S)
    rest = _heard(hearing, CLIP, 9.85, LENGTH_S)
    assert all(9.85 <= segment.start_s <= LENGTH_S for segment in rest)
    late = [segment for segment in whole if segment.start_s > 9.85]
    assert rest[0].start_s == pytest.approx(late[0].start_s, abs=0.3)


def test_the_same_sound_gives_the_same_words(hearing: Transcriber) -> None:
    assert _heard(hearing, CLIP, 0, LENGTH_S) == _heard(hearing, CLIP, 0, LENGTH_S)


def test_silence_gives_nothing(hearing: Transcriber, tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(16_000)
        recording.writeframes(bytes(2 * 16_000 * 5))
    assert _heard(hearing, path, 0, 5) == []
    assert _heard(hearing, path, 2, 2) == []


def test_its_id_names_it(hearing: Transcriber) -> None:
    assert hearing.id
    assert hearing.id == hearing.id.strip()


def test_a_language_that_the_model_does_not_know_is_refused_at_once(store: ModelStore) -> None:
    with pytest.raises(BadSettings, match="knows English only, not 'de'"):
        transcriber(Speech(language="de"), store)


def test_a_model_that_is_not_in_the_store_is_named_with_the_command(tmp_path: Path) -> None:
    empty = ModelStore(config.ModelStore(dir=tmp_path))
    hearing = transcriber(Speech(), empty)
    with pytest.raises(MissingModel, match=r"run: pincite models pull whisper-tiny\.en"):
        _heard(hearing, CLIP, 0, 1)
