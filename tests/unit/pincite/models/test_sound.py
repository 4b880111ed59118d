"""Sound comes out of any container at the right second."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from pincite.errors import CorruptSource
from pincite.models.sound import RATE, length_of, stretch_of
from tests.unit.ingestion.recordings import bursts, write_recording

KINDS = [
    ("a.wav", "pcm_s16le", None),
    ("a.mp3", "libmp3lame", None),
    ("a.m4a", "aac", None),
    ("a.aac", "aac", "adts"),
    ("a.opus", "libopus", None),
    ("a.flac", "flac", None),
    ("a.webm", "libopus", None),
    ("a.mka", "pcm_s16le", "matroska"),
    ("a.aiff", "pcm_s16be", None),
]


@pytest.mark.parametrize(("name", "codec", "form"), KINDS)
def test_a_sound_is_found_at_its_second_wherever_decoding_begins(
    tmp_path: Path, name: str, codec: str, form: str | None
) -> None:
    sounds = [(start, start + 0.2) for start in (0.5, 21.0, 58.5)]
    path = write_recording(tmp_path / name, bursts(60, sounds), codec=codec, form=form)
    assert length_of(path).seconds == pytest.approx(60, abs=0.1)
    for start, _ in sounds:
        first = max(0.0, start - 1.7)
        samples = stretch_of(path, start_s=first, end_s=start + 1.3).samples
        assert len(samples) == round((start + 1.3 - first) * RATE)
        heard = np.flatnonzero(np.abs(samples) > 0.2)[0] / RATE + first
        assert heard == pytest.approx(start, abs=0.04)


def test_what_lies_behind_the_end_is_silence(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.wav", bursts(2, [(0, 2)]))
    samples = stretch_of(path, start_s=1, end_s=4).samples
    assert np.abs(samples[: RATE - 100]).max() > 0.4
    assert np.abs(samples[RATE + 100 :]).max() == 0


def test_a_recording_that_says_nothing_of_its_length_is_measured(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.aac", bursts(12, [(0, 12)]), codec="aac", form="adts")
    length = length_of(path)
    assert length.seconds == pytest.approx(12, abs=0.1)


def test_a_recording_of_no_length_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(16_000)
    with pytest.raises(CorruptSource, match="0 seconds long"):
        length_of(path)


@pytest.mark.parametrize("data", [b"RIFF\0\0\0\0WAVEjunk", b"ID3" + b"\xff" * 400, b"fLaC" * 90])
def test_bytes_that_only_begin_like_a_recording_are_corrupt(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    with pytest.raises(CorruptSource):
        length_of(path)


def test_a_film_that_is_cut_off_before_its_index_is_corrupt(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.m4a", bursts(5, [(0, 5)]), codec="aac")
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(CorruptSource, match="no recording that can be played, or it is cut off"):
        length_of(path)


def test_a_recording_that_breaks_off_is_shorter_than_it_says(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.flac", bursts(30, [(0, 30)]), codec="flac")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    length = length_of(path)
    assert length.declared_s == pytest.approx(30, abs=0.1)
    assert 5 < length.seconds < 25


def test_damage_in_the_middle_costs_only_itself(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.mp3", bursts(20, [(1, 2), (18, 19)]), codec="libmp3lame")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3_000] = b"\x55" * 3_000
    path.write_bytes(data)
    samples = stretch_of(path, start_s=0, end_s=20).samples
    assert np.abs(samples[RATE : 2 * RATE]).max() > 0.3
    late = np.flatnonzero(np.abs(samples[10 * RATE :]) > 0.3) / RATE + 10
    assert late[0] == pytest.approx(18, abs=0.5)


def test_a_play_list_opens_no_other_file(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.aac", bursts(3, [(0, 3)]), codec="aac", form="adts")
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\na.aac\n#EXT-X-ENDLIST\n")
    with pytest.raises(CorruptSource):
        length_of(path)
