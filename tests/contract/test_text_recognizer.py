"""What every `TextRecognizer` keeps: the promises of the port, on the fake and on real weights."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pincite.config import Ocr
from pincite.models.factory import text_recognizer
from pincite.models.ports import Picture, Quad, TextRecognizer

LINES = ("Harbour office", "forty two crates")
TOP, STEP = 60, 90


@pytest.fixture(
    scope="module",
    params=["fake", pytest.param("rapidocr", marks=pytest.mark.real)],
)
def eye(request: pytest.FixtureRequest) -> TextRecognizer:
    return text_recognizer(Ocr(kind=request.param))


def _picture(*lines: str) -> Picture:
    image = Image.new("RGB", (700, 300), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((50, TOP + number * STEP), line, "black", font=ImageFont.load_default(40))
    return np.asarray(image)


def _box(quad: Quad) -> tuple[float, float, float, float]:
    across, down = [corner[0] for corner in quad], [corner[1] for corner in quad]
    return min(across), min(down), max(across), max(down)


def test_a_picture_without_text_gives_nothing(eye: TextRecognizer) -> None:
    assert eye.recognize(_picture()) == []


def test_lines_lie_where_their_ink_is(eye: TextRecognizer) -> None:
    picture = _picture(*LINES)
    dark = picture.min(axis=2) < 128
    lines = sorted(eye.recognize(picture), key=lambda line: line.quad[0][1])
    assert len(lines) == len(LINES)
    for number, line in enumerate(lines):
        left, top, right, bottom = _box(line.quad)
        first = TOP + number * STEP
        ink = np.argwhere(dark[first : first + STEP])
        (above, before), (below, behind) = ink.min(axis=0), ink.max(axis=0)
        assert abs(left - before) < 12
        assert abs(right - behind) < 12
        assert abs(top - first - above) < 14
        assert abs(bottom - first - below) < 14


def test_words_are_parts_of_their_line(eye: TextRecognizer) -> None:
    for line in eye.recognize(_picture(*LINES)):
        assert 0 <= line.confidence <= 1
        assert [word.text for word in line.words] == line.text.split()
        lefts = [_box(word.quad)[0] for word in line.words]
        assert lefts == sorted(lefts)
        left, top, right, bottom = _box(line.quad)
        for word in line.words:
            box = _box(word.quad)
            assert box[0] >= left - 12
            assert box[2] <= right + 12
            assert box[1] >= top - 14
            assert box[3] <= bottom + 14
            assert 0 <= word.confidence <= 1


def test_the_same_picture_gives_the_same_text(eye: TextRecognizer) -> None:
    assert eye.recognize(_picture(*LINES)) == eye.recognize(_picture(*LINES))


def test_a_known_place_is_read_again_as_before_and_paper_gives_no_text(eye: TextRecognizer) -> None:
    picture = _picture(*LINES)
    found = sorted(eye.recognize(picture), key=lambda line: line.quad[0][1])
    paper: Quad = ((400, 10), (600, 10), (600, 40), (400, 40))
    first, second, third = eye.read_again(picture, [*(line.quad for line in found), paper])
    assert len(first.words) == len(found[0].words)
    for line, before in zip((first, second), found, strict=True):
        assert line.confidence > 0.8
        for edge, known in zip(_box(line.quad), _box(before.quad), strict=True):
            assert abs(edge - known) < 6
    assert (third.text, third.confidence) == ("", 0)
