"""Where in a stretch of sound somebody speaks, in windows that a recognizer can take.

Voice activity is found by Silero VAD, whose weights come with faster-whisper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from faster_whisper.vad import (
    VadOptions,
    get_speech_timestamps,  # pyright: ignore[reportUnknownVariableType]
)

from pincite.models.sound import RATE, Samples

LONGEST_S = 15.0
"""An encoder's work grows faster than its window; longer ones do not read better."""
_GAP_S = 3.0
"""Silence of this length is never inside a window: words are invented for it."""
_VOICE = VadOptions(max_speech_duration_s=LONGEST_S, min_silence_duration_ms=160, speech_pad_ms=400)


class Window(NamedTuple):
    """Samples [start, end) of the sound, with speech in them."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        return (self.end - self.start) / RATE


def windows_of(sound: Samples) -> list[Window]:
    """Windows in order, none longer than `LONGEST_S`; none where nobody speaks."""
    if not len(sound):
        return []
    spoken = cast("list[dict[str, int]]", get_speech_timestamps(sound, _VOICE))
    return list(joined(Window(part["start"], part["end"]) for part in spoken))


def joined(spoken: Iterable[Window]) -> Iterator[Window]:
    """Neighbours together up to the longest window, whatever little silence is between them."""
    open_: Window | None = None
    for part in spoken:
        if open_ is None:
            open_ = part
        elif part.end - open_.start <= LONGEST_S * RATE and part.start - open_.end < _GAP_S * RATE:
            open_ = Window(open_.start, part.end)
        else:
            yield open_
            open_ = part
    if open_ is not None:
        yield open_
