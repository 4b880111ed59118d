"""Words that a digital page shows as outlines or as small pictures, not as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingestion.layout.marks import Box
from ingestion.readers.pdf import PdfReader
from ingestion.readers.pdf_drawn import DRAWN, DRAWN_READ
from ingestion.readers.ports import Later, UnitRead
from pincite.config import Ingestion
from pincite.elements import How
from pincite.models.ports import Picture, Quad, RecognizedLine
from tests.unit.ingestion.pages.drawn import HEIGHT, PROSE, Pen, box_of, draw, paragraph, picture

TITLE = "CHEESE OF LOST COAST"


class _OneLine:
    """Says one line, around all the ink that it is shown."""

    id = "one line"

    def __init__(self, confidence: float = 0.95) -> None:
        self._confidence = confidence

    def recognize(self, picture: Picture) -> list[RecognizedLine]:
        down, across = np.nonzero(picture[:, :, 1] < 128)
        left, right = float(across.min()), float(across.max())
        top, bottom = float(down.min()), float(down.max())
        quad = ((left, top), (right, top), (right, bottom), (left, bottom))
        return [RecognizedLine(text=TITLE, quad=quad, confidence=self._confidence)]

    def read_again(self, picture: Picture, places: Sequence[Quad]) -> list[RecognizedLine]:
        return [RecognizedLine(text="", quad=place, confidence=0) for place in places]


def _as_picture(pen: Pen) -> None:
    image = Image.new("L", (800, 64), 255)
    ImageDraw.Draw(image).text((4, 4), TITLE, 0, font=ImageFont.load_default(50))
    picture(pen, image, Box(72, 300, 272, 316))


def _as_outlines(pen: Pen) -> None:
    """Letters like C, each as a filled ring that is open."""
    for letter in range(16):
        path = pen.beginPath()
        left, low = 72 + 12.0 * letter, HEIGHT - 316.0
        corners = [(9, 0), (0, 0), (0, 14), (9, 14), (9, 11), (3, 11), (3, 3), (9, 3)]
        path.moveTo(left + corners[0][0], low + corners[0][1])
        for across, up in corners[1:]:
            path.lineTo(left + across, low + up)
        path.close()
        pen.drawPath(path, stroke=0, fill=1)


def _page(tmp_path: Path, inside: Callable[[Pen], None]) -> Path:
    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 130, 400)
        inside(pen)
        paragraph(pen, "Below. " + PROSE, 72, 350, 400)

    return draw(tmp_path / "a.pdf", page)


def _read(path: Path, *, slow: bool = True, confidence: float = 0.95) -> UnitRead | Later:
    recognizer = _OneLine(confidence)
    return PdfReader(Ingestion(), lambda: recognizer).read(path, 1, slow=slow)


@pytest.mark.parametrize("inside", [_as_picture, _as_outlines])
def test_a_line_that_is_drawn_is_read_at_its_place(
    tmp_path: Path, inside: Callable[[Pen], None]
) -> None:
    path = _page(tmp_path, inside)
    assert _read(path, slow=False) == Later(why=DRAWN)
    read = _read(path)
    assert isinstance(read, UnitRead)
    assert [element.how for element in read.elements] == [How.TEXT_LAYER, How.OCR, How.TEXT_LAYER]
    line = read.elements[1]
    assert (line.text, line.confidence) == (TITLE, pytest.approx(0.95))
    assert line.words
    box = box_of(line)
    assert 70 < box.left < 80
    assert 298 < box.top < box.bottom < 318
    assert (read.how, read.warnings) == ("mixed", (DRAWN_READ,))


def test_what_ocr_is_not_sure_of_is_no_line_of_a_digital_page(tmp_path: Path) -> None:
    read = _read(_page(tmp_path, _as_picture), confidence=0.7)
    assert isinstance(read, UnitRead)
    assert read.how == "text_layer"
    assert TITLE not in [element.text for element in read.elements]


def _as_bar(pen: Pen) -> None:
    picture(pen, Image.linear_gradient("L").rotate(90), Box(72, 300, 272, 316))


def _as_arrow(pen: Pen) -> None:
    path = pen.beginPath()
    path.moveTo(72, HEIGHT - 310)
    for across, up in [(252, 310), (252, 316), (272, 308), (252, 300), (252, 306), (72, 306)]:
        path.lineTo(across, HEIGHT - up)
    path.close()
    pen.drawPath(path, stroke=0, fill=1)


@pytest.mark.parametrize("inside", [_as_bar, _as_arrow])
def test_bars_and_arrows_ask_for_no_ocr(tmp_path: Path, inside: Callable[[Pen], None]) -> None:
    read = _read(_page(tmp_path, inside), slow=False)
    assert isinstance(read, UnitRead)
    assert read.how == "text_layer"
