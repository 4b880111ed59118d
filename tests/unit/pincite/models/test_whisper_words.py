"""What a decoder says twice, without sound, is said once."""

from __future__ import annotations

from pincite.models.whisper_engine import TimedText, unlooped


def _said(text: str, start_s: float, each_s: float) -> list[TimedText]:
    return [
        TimedText(f" {word}", start_s + place * each_s, start_s + (place + 1) * each_s, 0.9)
        for place, word in enumerate(text.split())
    ]


def test_an_end_that_is_said_again_without_sound_is_dropped() -> None:
    once = _said("He left. If the reader will excuse me.", 0, 0.3)
    again = _said("If the reader will excuse me.", 2.4, 0.01)
    assert unlooped([*once, *again]) == once
    assert unlooped([*once, *again, *_said("If the reader will excuse me", 2.5, 0)]) == once


def test_what_a_person_says_twice_is_kept() -> None:
    words = [*_said("Row row row.", 0, 0.3), *_said("Row row row.", 1, 0.3)]
    assert unlooped(words) == words
    assert unlooped([]) == []
