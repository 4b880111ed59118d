"""Scans as they come: turned, skewed, faint, stamped, two pages at once; with real weights."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader as PictureSource
from reportlab.pdfgen import canvas

from ingestion.readers.image import ImageReader
from ingestion.readers.pdf import PdfReader
from ingestion.readers.ports import UnitRead
from pincite.config import Ingestion, Ocr
from pincite.locators import PageBox
from pincite.models.factory import text_recognizer
from pincite.models.ports import Picture, Quad, RecognizedLine, TextRecognizer

pytestmark = pytest.mark.real

PROSE = (
    "The harbour office opens at seven on weekdays",
    "and keeps a list of every boat that is moored",
    "inside the northern wall. Fees for March were",
    "412.50 in all, of which 80.00 was paid late.",
    "Crates are weighed twice, once on the quay and",
    "once in the shed, and both weights are noted.",
)
OTHER = (
    "Ropes belong to the yard and are lent for a day",
    "against a small deposit. Whoever brings one back",
    "wet pays the cost of drying it, which is set by",
    "the council each spring and posted at the gate.",
    "Anchors are never lent, because two were lost in",
    "the storm of last November and never recovered.",
)
STEP = 64


@cache
def _eye() -> TextRecognizer:
    return text_recognizer(Ocr())


def _page(*columns: tuple[str, ...], ink: object = "black", paper: object = "white") -> Image.Image:
    size = (1000 * len(columns), 120 + STEP * len(columns[0]) + 300 * (len(columns) - 1))
    page = Image.new("RGB", size, paper)  # pyright: ignore[reportArgumentType]
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(34)
    for column, lines in enumerate(columns):
        for row, line in enumerate(lines):
            draw.text((80 + 980 * column, 60 + STEP * row), line, ink, font=font)  # pyright: ignore[reportArgumentType]
    return page


def _stamped(page: Image.Image) -> Image.Image:
    stamp = Image.new("RGB", (520, 160), "white")
    draw = ImageDraw.Draw(stamp)
    draw.rounded_rectangle((6, 6, 513, 153), 20, outline=(200, 30, 40), width=8)
    draw.text((50, 40), "PAID 12 MAY", (200, 30, 40), font=ImageFont.load_default(70))
    laid = Image.new("RGB", page.size, "white")
    laid.paste(stamp.rotate(18, expand=True, fillcolor="white"), (350, 150))
    return ImageChops.multiply(page, laid)


def _read(page: Image.Image, folder: Path) -> UnitRead:
    page.save(folder / "page.png")
    found = ImageReader(Ingestion(), _eye).read(folder / "page.png", 1, slow=True)
    assert isinstance(found, UnitRead)
    return found


class _Doubting:
    """The real eye, which garbles what it sees at first sight."""

    id = "doubting"

    def __init__(self) -> None:
        self.heights: list[float] = []

    def recognize(self, picture: Picture) -> list[RecognizedLine]:
        return [
            RecognizedLine(text="?" * len(line.text), quad=line.quad, confidence=0.5)
            for line in _eye().recognize(picture)
        ]

    def read_again(self, picture: Picture, places: Sequence[Quad]) -> list[RecognizedLine]:
        self.heights.extend(place[3][1] - place[0][1] for place in places)
        return _eye().read_again(picture, places)


def _words(read: UnitRead) -> list[str]:
    return [word.text for element in read.elements for word in element.words]


def _in_order(*texts: str) -> list[str]:
    return [word for text in texts for word in text.split()]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_page_is_read_as_if_it_lay_upright(quarters: int, tmp_path: Path) -> None:
    turned = Image.fromarray(np.rot90(np.asarray(_page(PROSE)), quarters))
    assert _words(_read(turned, tmp_path)) == _in_order(*PROSE)


@pytest.mark.parametrize("degrees", [-5, 5])
def test_a_skewed_page_is_read_line_by_line(degrees: float, tmp_path: Path) -> None:
    skewed = _page(PROSE).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    assert _words(_read(skewed, tmp_path)) == _in_order(*PROSE)


@pytest.mark.parametrize(("ink", "paper"), [(225, 255), (246, 255), (150, 170)])
def test_faint_text_is_read(ink: int, paper: int, tmp_path: Path) -> None:
    faint = _page(PROSE, ink=(ink,) * 3, paper=(paper,) * 3)
    assert _words(_read(faint, tmp_path)) == _in_order(*PROSE)


def test_of_an_open_book_the_left_page_is_read_first(tmp_path: Path) -> None:
    assert _words(_read(_page(PROSE, OTHER), tmp_path)) == _in_order(*PROSE, *OTHER)


def test_a_stamp_and_what_it_lies_on_are_both_read(tmp_path: Path) -> None:
    words = _words(_read(_stamped(_page(PROSE)), tmp_path))
    assert set(_in_order("PAID 12 MAY", *PROSE)) - set(words) == set()


def test_a_number_that_stands_across_the_page_is_read(tmp_path: Path) -> None:
    page = _page(PROSE)
    label = Image.new("RGB", (300, 50), "white")
    ImageDraw.Draw(label).text((20, 5), "92586242", "black", font=ImageFont.load_default(34))
    page.paste(label.rotate(-90, expand=True), (930, 120))
    assert "92586242" in _words(_read(page, tmp_path))


def test_noise_under_the_text_leaves_the_text_as_it_is(tmp_path: Path) -> None:
    page = _page(PROSE)
    noise = np.random.default_rng(1).integers(0, 2, (40, 300), dtype=np.uint8) * 255
    page.paste(Image.fromarray(noise).convert("RGB").resize((600, 60)), (80, page.height - 70))
    read = _read(page, tmp_path)
    assert set(_in_order(*PROSE)) <= set(_words(read))


def _scan(page: Image.Image, path: Path, *, inches: float) -> Path:
    """A page of common size with the picture at its lower left, `inches` wide."""
    width, height = 72 * inches, 72 * inches * page.height / page.width
    pen = cast(Any, canvas.Canvas)(str(path), pagesize=(612, 792))
    pen.drawImage(cast(Any, PictureSource)(page), 0, 0, width, height)
    pen.save()
    return path


def test_doubtful_lines_of_a_fine_scan_are_read_again_from_more_pixels(tmp_path: Path) -> None:
    path = _scan(_page(PROSE), tmp_path / "fine.pdf", inches=2.5)
    eye = _Doubting()
    read = PdfReader(Ingestion(), lambda: eye).read(path, 1, slow=True)
    assert isinstance(read, UnitRead)
    assert _words(read) == _in_order(*PROSE)
    assert any("6 doubtful lines were read again at" in warning for warning in read.warnings)
    box = read.elements[0].locators[0]
    assert isinstance(box, PageBox)
    assert box.left == pytest.approx(80 * 180 / 1000, abs=2)
    assert box.right < box.page_width


def test_what_shows_nothing_new_is_not_read_again(tmp_path: Path) -> None:
    path = _scan(_page(PROSE), tmp_path / "coarse.pdf", inches=8)
    eye = _Doubting()
    read = PdfReader(Ingestion(), lambda: eye).read(path, 1, slow=True)
    assert isinstance(read, UnitRead)
    assert eye.heights == []
