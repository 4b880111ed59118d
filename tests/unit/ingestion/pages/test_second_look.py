"""Doubtful lines are read again from a larger picture, and the surer reading stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.layout.marks import Box
from ingestion.readers.second_look import Closer, second_look
from pincite.models.ports import Picture, Quad, RecognizedLine, RecognizedWord

PAGE = np.full((100, 100, 3), 255, dtype=np.uint8)


def _quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


SURE = RecognizedLine(text="sure", quad=_quad(10, 10, 50, 20), confidence=0.99)
DOUBTFUL = RecognizedLine(text="douhtful", quad=_quad(10, 40, 50, 50), confidence=0.6)


class _Eye:
    id = "eye"

    def __init__(self, confidence: float) -> None:
        self._confidence = confidence
        self.places: list[Quad] = []

    def recognize(self, picture: Picture) -> list[RecognizedLine]:
        raise AssertionError("nothing is searched for")

    def read_again(self, picture: Picture, places: Sequence[Quad]) -> list[RecognizedLine]:
        self.places.extend(places)
        return [
            RecognizedLine(
                text="doubtful",
                quad=place,
                confidence=self._confidence,
                words=(RecognizedWord(text="doubtful", quad=place, confidence=self._confidence),),
            )
            for place in places
        ]


def _twice(part: Box) -> Closer:
    return Closer(PAGE, 2.0)


def test_a_surer_reading_takes_the_place_of_a_doubtful_one() -> None:
    eye = _Eye(0.9)
    lines, notes = second_look([SURE, DOUBTFUL], eye, _twice)
    assert [line.text for line in lines] == ["sure", "doubtful"]
    assert lines[1].quad == lines[1].words[0].quad == DOUBTFUL.quad
    assert [place[2][0] - place[0][0] for place in eye.places] == [80]
    assert notes == (
        "1 doubtful line was read again at 2.0 times the resolution; 1 read better so",
    )


def test_a_reading_that_is_no_surer_changes_nothing_but_is_told() -> None:
    lines, notes = second_look([SURE, DOUBTFUL], _Eye(0.5), _twice)
    assert lines == [SURE, DOUBTFUL]
    assert notes == (
        "1 doubtful line was read again at 2.0 times the resolution; 0 read better so",
    )


def test_pages_that_read_well_are_not_drawn_again() -> None:
    def never(part: Box) -> Closer:
        raise AssertionError("nothing is doubtful")

    assert second_look([SURE], _Eye(0.9), never) == ([SURE], ())


def test_where_the_file_holds_no_more_the_lines_stay() -> None:
    assert second_look([DOUBTFUL], _Eye(0.9), lambda part: None) == ([DOUBTFUL], ())
