"""A stand-in for speech recognition that hears loudness only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pincite.models.ports import SpokenSegment, SpokenWord
from pincite.models.sound import RATE, Samples, stretch_of

_FRAME = RATE // 50
_LOUD = 0.01
_PAUSE_FRAMES = 20
"""0.4 seconds: shorter silence does not part two sounds."""


class FakeTranscriber:
    """Says "Sound at N seconds." for every loud stretch, N being its start, and nothing else."""

    @property
    def id(self) -> str:
        return "fake-transcriber-1"

    def transcribe(
        self, recording: Path, *, start_s: float, end_s: float
    ) -> Iterator[SpokenSegment]:
        sound = stretch_of(recording, start_s=start_s, end_s=end_s).samples
        for first, last in _loud_stretches(sound):
            yield _said(start_s + first, start_s + last)


def _loud_stretches(sound: Samples) -> Iterator[tuple[float, float]]:
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)
    loud = [int(place) for place in np.flatnonzero(np.abs(frames).max(axis=1) > _LOUD)]
    while loud:
        end = next(
            (i for i in range(1, len(loud)) if loud[i] - loud[i - 1] > _PAUSE_FRAMES), len(loud)
        )
        yield loud[0] * _FRAME / RATE, (loud[end - 1] + 1) * _FRAME / RATE
        loud = loud[end:]


def _said(start_s: float, end_s: float) -> SpokenSegment:
    texts = ["Sound", "at", f"{start_s:.0f}", "seconds."]
    step = (end_s - start_s) / len(texts)
    words = tuple(
        SpokenWord(
            text=text,
            start_s=start_s + place * step,
            end_s=start_s + (place + 1) * step,
            confidence=0.9,
        )
        for place, text in enumerate(texts)
    )
    return SpokenSegment(
        text=" ".join(texts), start_s=start_s, end_s=end_s, confidence=0.9, words=words
    )
