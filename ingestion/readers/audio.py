"""Recordings and the sound of videos → speech with times, a stretch of a few minutes at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from ingestion.readers.pauses import CUT_WITHIN_S, quietest
from ingestion.readers.ports import Later, Outline, UnitRead
from pincite.elements import How, Kind, ParsedElement, Word
from pincite.locators import TimeSpan
from pincite.models.languages import language_name
from pincite.models.ports import SpokenSegment, Transcriber
from pincite.models.sound import Length, length_of, stretch_of

STRETCH_S = 180.0
"""Length of a unit, give or take `CUT_WITHIN_S`; also on slow machines done within its time."""
_UNSURE = 0.5
"""Confidence below which an element says so."""
_BROKEN_OFF_S = 2.0


class AudioReader:
    """Reads anything with a sound track."""

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber
        self._known: tuple[Path, int, Length] | None = None

    @property
    def version(self) -> str:
        # Counts up as well where speech is put into passages in another way.
        return f"audio-3+{self._transcriber.id}"

    def outline(self, path: Path) -> Outline:
        length = self._length(path)
        return Outline(units=_units(length), unit_name="stretch", seconds=round(length.seconds, 3))

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead | Later:
        if not slow:
            return Later(why="speech recognition comes after all text")
        length = self._length(path)
        start_s, end_s = self.stretch(path, unit)
        segments = list(self._transcriber.transcribe(path, start_s=start_s, end_s=end_s))
        elements = tuple(_element(segment) for segment in segments)
        warnings = _languages(segments) + _damages(path, start_s, end_s)
        if unit == _units(length):
            warnings += _warnings(length)
        return UnitRead(
            elements=elements,
            how="speech" if elements else "empty",
            confidence=_mean_confidence(elements),
            warnings=tuple(warnings),
        )

    def stretch(self, path: Path, unit: int) -> tuple[float, float]:
        """Start and end of a unit in seconds."""
        length = self._length(path)
        return self._cut(path, length, unit - 1), self._cut(path, length, unit)

    def _length(self, path: Path) -> Length:
        size = path.stat().st_size
        if self._known is None or self._known[:2] != (path, size):
            self._known = (path, size, length_of(path))
        return self._known[2]

    def _cut(self, path: Path, length: Length, number: int) -> float:
        """Where stretch `number` ends and the next begins: in a pause near the even border.

        It depends on the recording only, so that neighbours agree in whatever order they are read.
        """
        if number == 0:
            return 0.0
        if number >= _units(length):
            return length.seconds
        border = number * STRETCH_S
        around = stretch_of(path, start_s=border - CUT_WITHIN_S, end_s=border + CUT_WITHIN_S)
        return border - CUT_WITHIN_S + quietest(around.samples)


def _units(length: Length) -> int:
    return len(stretches_of(length.seconds))


def stretches_of(seconds: float) -> list[tuple[float, float]]:
    """Even stretches; a rest that is too short to be a unit of its own goes with the last."""
    count = max(1, math.ceil((seconds - 2 * CUT_WITHIN_S) / STRETCH_S))
    return [
        (number * STRETCH_S, seconds if number == count - 1 else (number + 1) * STRETCH_S)
        for number in range(count)
    ]


def _element(segment: SpokenSegment) -> ParsedElement:
    return ParsedElement(
        kind=Kind.SPEECH,
        text=segment.text,
        locators=(TimeSpan(start_s=segment.start_s, end_s=segment.end_s),),
        how=How.SPEECH,
        confidence=segment.confidence,
        words=tuple(
            Word(
                text=word.text,
                locator=TimeSpan(start_s=word.start_s, end_s=word.end_s),
                confidence=word.confidence,
            )
            for word in segment.words
        ),
        flags=frozenset({"low_confidence"} if segment.confidence < _UNSURE else ()),
    )


def _mean_confidence(elements: tuple[ParsedElement, ...]) -> float | None:
    letters = sum(len(element.text) for element in elements)
    if not letters:
        return None
    total = sum((element.confidence or 0.0) * len(element.text) for element in elements)
    return min(1.0, total / letters)


def _languages(segments: Sequence[SpokenSegment]) -> list[str]:
    """What a person should know of the language; nothing where it is English for sure."""
    if not segments:
        return []
    when = f"between {_clock(segments[0].start_s)} and {_clock(segments[-1].end_s)}"
    heard = sorted({segment.language for segment in segments if segment.language} - {"en"})
    if heard:
        return [f"{' and '.join(map(language_name, heard))} is spoken {when}"]
    letters = sum(len(segment.text) for segment in segments)
    sure = sum(segment.confidence * len(segment.text) for segment in segments) / max(1, letters)
    if sure >= _UNSURE or any(segment.language for segment in segments):
        return []
    return [
        f"the words {when} are unsure; if it is not English that is spoken: "
        "pincite models pull whisper-base, then add the recording again"
    ]


def _damages(path: Path, start_s: float, end_s: float) -> list[str]:
    """Decoding once more takes a hundredth of the time of recognition."""
    damaged = stretch_of(path, start_s=start_s, end_s=end_s).damaged
    if not damaged:
        return []
    return [
        f"{damaged} damaged piece(s) of the sound between {_clock(start_s)} and {_clock(end_s)} "
        "could not be decoded"
    ]


def _warnings(length: Length) -> list[str]:
    warnings: list[str] = []
    if length.declared_s - length.seconds > _BROKEN_OFF_S:
        warnings.append(
            f"this recording should last {_clock(length.declared_s)}, but its sound ends at "
            f"{_clock(length.seconds)}"
        )
    return warnings


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
