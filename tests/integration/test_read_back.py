"""Elements are where they are said to be: their place is cut out and read with real OCR."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ingestion.layout.marks import Box
from ingestion.readers.image import ImageReader
from ingestion.readers.pdf import PdfReader
from ingestion.readers.pdfium import PdfFile
from ingestion.readers.ports import UnitRead
from pincite.config import Ingestion
from pincite.elements import How, Kind, ParsedElement
from pincite.locators import ImageBox
from pincite.models.rapidocr_text import RapidOcrRecognizer
from tests.unit.ingestion.pages.drawn import (
    HEIGHT,
    PROSE,
    WIDTH,
    Pen,
    box_of,
    changed,
    draw,
    heading,
    page_pixels,
    paragraph,
    picture,
    scan,
    slack,
)

pytestmark = pytest.mark.real
TURNS = (0, 90, 180, 270)
LINES = (
    "The harbour office keeps a record of every ship",
    "that enters the basin, with the hour of arrival",
    "and the name of the pilot who brought it in.",
    "In November the auditors counted 214 books and",
    "found that number six of them was missing.",
)


@pytest.fixture(scope="module")
def eye() -> RapidOcrRecognizer:
    return RapidOcrRecognizer()


def _page(pen: Pen) -> None:
    heading(pen, "Annual report of the harbour", 72, 90, size=20)
    paragraph(pen, "Left column. " + PROSE, 72, 130, 210)
    paragraph(pen, "Right column. " + PROSE, 312, 130, 210)
    for number, row in enumerate((("Year", "Ships"), ("2023", "1,214"), ("2022", "1,187"))):
        for text, left in zip(row, (100, 300), strict=True):
            pen.drawString(left, HEIGHT - 480 - 18 * number, text)


def _turned(turn: int) -> Callable[[Any], None]:
    return lambda page: page.set_rotation(turn)


def _cut(page: Any) -> None:
    page.set_cropbox(40, 60, WIDTH - 30, HEIGHT - 50)
    page.set_rotation(90)


@pytest.mark.parametrize(
    "change", [*(_turned(turn) for turn in TURNS), _cut], ids=[*map(str, TURNS), "cropped"]
)
def test_the_text_layer_stands_where_its_boxes_are(
    tmp_path: Path, eye: RapidOcrRecognizer, change: Callable[[Any], None]
) -> None:
    path = changed(draw(tmp_path / "a.pdf", _page), change)
    read = PdfReader(Ingestion(), lambda: eye).read(path, 1, slow=False)
    assert isinstance(read, UnitRead)
    assert {element.kind for element in read.elements} == {Kind.HEADING, Kind.TEXT, Kind.TABLE}
    with PdfFile(path) as pdf, pdf.page(1) as page:
        for element in read.elements:
            box = box_of(element)
            around = Box(box.left - 3, box.top - 3, box.right + 3, box.bottom + 3)
            seen = page.render(2.5, around)
            assert _alike(_read_text(eye, seen), element) > 0.95, element.text


def _read_text(eye: RapidOcrRecognizer, pixels: Any) -> str:
    padded = np.pad(pixels, ((30, 30), (30, 30), (0, 0)), constant_values=255)
    lines = eye.recognize(padded)
    return " ".join(line.text for line in _in_order([(line.quad, line) for line in lines]))


def _in_order(lines: list[tuple[Any, Any]]) -> list[Any]:
    """By the direction in which the text runs: down first, then along."""
    (x0, y0), (x1, y1), _, _ = lines[0][0]
    along = np.array([x1 - x0, y1 - y0]) / np.hypot(x1 - x0, y1 - y0)
    down = np.array([-along[1], along[0]])
    height = np.linalg.norm(np.subtract(lines[0][0][3], lines[0][0][0]))

    def key(item: tuple[Any, Any]) -> tuple[int, float]:
        middle = np.mean(item[0], axis=0)
        return round(float(middle @ down) / (0.9 * float(height))), float(middle @ along)

    return [line for _, line in sorted(lines, key=key)]


def _alike(text: str, element: ParsedElement) -> float:
    told = element.text
    if element.table is not None:
        told = " ".join(sorted(cell.text for cell in element.table.cells))
        text = " ".join(sorted(text.split()))
    return SequenceMatcher(None, _plain(text), _plain(told), autojunk=False).ratio()


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


# --- scans ---------------------------------------------------------------------------------------


def _as_pdf(path: Path, image: Image.Image) -> Path:
    noise = np.random.default_rng(11).normal(0, 9, (image.height, image.width))
    noisy = np.clip(np.asarray(image, dtype=np.float64) + noise, 0, 255).astype(np.uint8)
    sides = (image.width * 0.48, image.height * 0.48)

    def page(pen: Pen) -> None:
        pen.setPageSize(sides)
        pen.translate(0, sides[1] - HEIGHT)
        picture(pen, Image.fromarray(noisy), Box(0, 0, *sides))

    return draw(path, page)


@pytest.mark.parametrize("degrees", [0, 1.7, -4, 9])
def test_a_skewed_scan_is_read_and_its_boxes_lie_on_the_skewed_lines(
    tmp_path: Path, eye: RapidOcrRecognizer, degrees: float
) -> None:
    image = scan(LINES).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    path = _as_pdf(tmp_path / "a.pdf", image)
    read = PdfReader(Ingestion(), lambda: eye).read(path, 1, slow=True)
    assert isinstance(read, UnitRead)
    assert read.how == "ocr"
    text = " ".join(element.text for element in read.elements)
    assert SequenceMatcher(None, _plain(text), _plain(" ".join(LINES))).ratio() > 0.98
    pixels = page_pixels(path)
    for element in read.elements:
        assert element.how is How.OCR
        assert slack(pixels, element) < 1.3
        for word in element.words:
            assert slack(pixels, _word_alone(element, word.locator)) < 1.4 + abs(degrees) / 20


def _word_alone(element: ParsedElement, place: Any) -> ParsedElement:
    return element.model_copy(update={"locators": (place,)})


@pytest.mark.parametrize("turn", TURNS)
def test_a_scan_that_lies_on_its_side_or_head_is_read_as_it_lies(
    tmp_path: Path, eye: RapidOcrRecognizer, turn: int
) -> None:
    image = scan(LINES).rotate(-turn, expand=True)
    path = tmp_path / "a.png"
    image.save(path)
    read = ImageReader(Ingestion(), lambda: eye).read(path, 1, slow=True)
    assert isinstance(read, UnitRead)
    text = " ".join(element.text for element in read.elements[1:])
    assert SequenceMatcher(None, _plain(text), _plain(" ".join(LINES))).ratio() > 0.98
    dark = np.asarray(image) < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    places = [element.locators[0] for element in read.elements[1:]]
    boxes = [place for place in places if isinstance(place, ImageBox)]
    edges = (
        min(box.left for box in boxes) - columns[0],
        min(box.top for box in boxes) - rows[0],
        max(box.right for box in boxes) - columns[-1],
        max(box.bottom for box in boxes) - rows[-1],
    )
    assert max(abs(float(edge)) for edge in edges) < 8
