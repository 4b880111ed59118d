"""A stand-in for text recognition that sees where ink is, not what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from pincite.models.ports import Picture, Quad, RecognizedLine, RecognizedWord

_DARK = 128
_GAP_ROWS = 2
_WORD_GAP = 0.4
"""White of this share of a line's height parts two words."""


class FakeTextRecognizer:
    """Reads "line1word1 line1word2 …": a line per band of dark rows, boxes tight around the ink."""

    @property
    def id(self) -> str:
        return "fake-ocr-1"

    def recognize(self, picture: Picture) -> list[RecognizedLine]:
        dark = picture.min(axis=2) < _DARK
        bands = _runs(np.any(dark, axis=1), _GAP_ROWS)
        return [
            _line(number, dark[top:bottom], top)
            for number, (top, bottom) in enumerate(bands, start=1)
        ]

    def read_again(self, picture: Picture, places: Sequence[Quad]) -> list[RecognizedLine]:
        """The same words, each place for itself."""
        return [_again(picture, place) for place in places]


def _again(picture: Picture, place: Quad) -> RecognizedLine:
    left, top = (max(0, int(edge)) for edge in place[0])
    right, bottom = (int(edge) + 1 for edge in place[2])
    dark = picture[top:bottom, left:right].min(axis=2) < _DARK
    if not dark.any():
        return RecognizedLine(text="", quad=place, confidence=0.0)
    blank = np.zeros((bottom - top, right), dtype=np.bool_)
    blank[: dark.shape[0], left : left + dark.shape[1]] = dark
    return _line(1, blank, top)


def _line(number: int, band: npt.NDArray[np.bool_], top: int) -> RecognizedLine:
    height = band.shape[0]
    spans = list(_runs(np.any(band, axis=0), max(1, round(_WORD_GAP * height))))
    words = tuple(
        RecognizedWord(
            text=f"line{number}word{place}",
            quad=_quad(left, top, right, top + height),
            confidence=0.9,
        )
        for place, (left, right) in enumerate(spans, start=1)
    )
    return RecognizedLine(
        text=" ".join(word.text for word in words),
        quad=_quad(spans[0][0], top, spans[-1][1], top + height),
        confidence=0.9,
        words=words,
    )


def _quad(left: int, top: int, right: int, bottom: int) -> Quad:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _runs(marks: npt.NDArray[np.bool_] | np.bool_, gap: int) -> Iterator[tuple[int, int]]:
    """Stretches [start, end) of marks, where gaps of up to `gap` do not part."""
    places = [int(place) for place in np.flatnonzero(marks)]
    start = 0
    for i in range(1, len(places) + 1):
        if i == len(places) or places[i] - places[i - 1] > gap + 1:
            yield places[start], places[i - 1] + 1
            start = i
