"""Speech is cut into windows that a recognizer can take."""

from __future__ import annotations

import numpy as np

from pincite.models.sound import RATE
from pincite.models.speech_windows import LONGEST_S, Window, joined, windows_of


def _parts(*seconds: tuple[float, float]) -> list[Window]:
    return [Window(round(start * RATE), round(end * RATE)) for start, end in seconds]


def test_neighbours_share_a_window_until_it_is_full() -> None:
    parts = _parts((0, 5), (5.5, 9), (9.5, 14), (14.5, 20))
    assert list(joined(parts)) == _parts((0, 14), (14.5, 20))


def test_long_silence_is_never_inside_a_window() -> None:
    assert list(joined(_parts((0, 2), (6, 8)))) == _parts((0, 2), (6, 8))


def test_nobody_speaks_in_silence_in_a_tone_or_in_nothing() -> None:
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE)
    assert windows_of(np.zeros(4 * RATE, dtype=np.float32)) == []
    assert windows_of(tone.astype(np.float32)) == []
    assert windows_of(np.zeros(0, dtype=np.float32)) == []
    assert LONGEST_S <= 28


def test_a_full_window_is_cut_at_the_longest_pause_of_its_second_half() -> None:
    parts = _parts((0, 3), (5, 8), (8.9, 11), (11.2, 14), (14.2, 17))
    assert list(joined(parts)) == _parts((0, 8), (8.9, 17))
