"""Where in a stretch of sound somebody speaks, in windows that a recognizer can take.

Voice activity is found by Silero VAD, whose weights come with faster-whisper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    """Neighbours together up to the longest window; what does not fit is cut at the longest pause.

    A pause in the first half of a window is not looked at.
    """
    open_: list[Window] = []
    for part in spoken:
        while open_ and not _fits(open_, part):
            cut = _best_cut([*open_, part])
            yield Window(open_[0].start, open_[cut - 1].end)
            open_ = open_[cut:]
        open_.append(part)
    if open_:
        yield Window(open_[0].start, open_[-1].end)


def _fits(open_: Sequence[Window], part: Window) -> bool:
    near = part.start - open_[-1].end < _GAP_S * RATE
    return near and part.end - open_[0].start <= LONGEST_S * RATE


def _best_cut(parts: Sequence[Window]) -> int:
    """How many of the parts, not all, make a window."""
    half = parts[0].start + LONGEST_S * RATE / 2
    cuts = [cut for cut in range(1, len(parts)) if parts[cut - 1].end >= half]
    cuts = [cut for cut in cuts if parts[cut - 1].end - parts[0].start <= LONGEST_S * RATE]
    if parts[-1].start - parts[-2].end >= _GAP_S * RATE or not cuts:
        return len(parts) - 1
    return max(cuts, key=lambda cut: (parts[cut].start - parts[cut - 1].end, cut))
