"""Picture files in all their forms, read by a stand-in that sees where ink is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingestion.readers.image import ImageReader
from ingestion.readers.ports import Later, UnitRead
from pincite.config import Ingestion
from pincite.elements import How, Kind
from pincite.errors import CorruptSource, TooLarge
from pincite.locators import ImageBox, PageBox
from pincite.models.fakes import FakeTextRecognizer

INK = (40, 60, 240, 80)
"""Left, top, right, bottom of the one dark bar."""


def _reader() -> ImageReader:
    return ImageReader(Ingestion(), FakeTextRecognizer)


def _read(path: Path, unit: int = 1) -> UnitRead:
    found = _reader().read(path, unit, slow=True)
    assert isinstance(found, UnitRead)
    return found


def _bar(mode: str = "L", paper: object = 255, ink: object = 0) -> Image.Image:
    image = Image.new(mode, (300, 200), paper)  # pyright: ignore[reportArgumentType]
    image.paste(ink, INK)  # pyright: ignore[reportArgumentType]
    return image


def _place(read: UnitRead) -> tuple[int, ...]:
    place = read.elements[-1].locators[0]
    assert isinstance(place, ImageBox)
    return tuple(round(edge) for edge in (place.left, place.top, place.right, place.bottom))


def test_a_picture_waits_for_the_slow_pass(tmp_path: Path) -> None:
    _bar().save(tmp_path / "a.png")
    assert isinstance(_reader().read(tmp_path / "a.png", 1, slow=False), Later)


def test_the_picture_comes_first_then_its_text_with_words_and_confidence(tmp_path: Path) -> None:
    _bar().save(tmp_path / "a.png")
    read = _read(tmp_path / "a.png")
    whole, text = read.elements
    assert whole.kind is Kind.PHOTO
    assert whole.crop is not None
    assert read.crops[whole.crop].startswith(b"\x89PNG")
    assert (text.kind, text.how, text.text) == (Kind.TEXT, How.OCR, "line1word1")
    assert text.confidence == pytest.approx(0.9)
    assert [word.text for word in text.words] == ["line1word1"]
    assert _place(read) == INK
    assert (read.how, read.page_size) == ("ocr", (300, 200))


def _paletted() -> Image.Image:
    return _bar("RGB", "white", "black").quantize(4)


def _transparent() -> Image.Image:
    image = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), INK)
    return image


def _sixteen_bits() -> Image.Image:
    values = np.full((200, 300), 65535, dtype=np.uint16)
    values[INK[1] : INK[3], INK[0] : INK[2]] = 900
    return Image.fromarray(values)


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("gray.png", _bar),
        ("bits.png", lambda: _bar("1", 1, 0)),
        ("palette.png", _paletted),
        ("alpha.png", _transparent),
        ("deep.png", _sixteen_bits),
        ("deep.tif", _sixteen_bits),
        ("plain.jpg", _bar),
        ("print.jpg", lambda: _bar("CMYK", (0, 0, 0, 0), (0, 0, 0, 255))),
        ("a.webp", lambda: _bar("RGB", "white", "black")),
        ("a.bmp", lambda: _bar("RGB", "white", "black")),
        ("a.gif", _paletted),
    ],
)
def test_every_kind_of_picture_is_read(
    tmp_path: Path, name: str, image: Callable[[], Image.Image]
) -> None:
    image().save(tmp_path / name)
    near = np.abs(np.subtract(_place(_read(tmp_path / name)), INK))
    assert near.max() <= 1


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [(3, (60, 120, 260, 140)), (6, (120, 40, 140, 240)), (8, (60, 60, 80, 260))],
)
def test_boxes_count_after_exif_rotation(
    tmp_path: Path, orientation: int, expected: tuple[int, ...]
) -> None:
    image = _bar("RGB", "white", "black")
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / "a.jpg", exif=exif, quality=100)
    read = _read(tmp_path / "a.jpg")
    near = np.abs(np.subtract(_place(read), expected))
    assert near.max() <= 1
    assert read.page_size == ((300, 200) if orientation == 3 else (200, 300))


def test_each_page_of_a_tiff_is_a_unit_with_page_boxes(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    _bar().save(path, save_all=True, append_images=[_bar(), _bar()], dpi=(100, 100))
    outline = _reader().outline(path)
    assert (outline.units, outline.unit_name) == (3, "page")
    place = _read(path, 2).elements[-1].locators[0]
    assert isinstance(place, PageBox)
    assert place.page == 2
    assert (place.page_width, place.page_height) == (216, 144)
    assert place.left == pytest.approx(INK[0] * 0.72)
    with pytest.raises(CorruptSource, match="no page 4"):
        _reader().read(path, 4, slow=True)


def test_a_moving_gif_is_one_picture(tmp_path: Path) -> None:
    _paletted().save(tmp_path / "a.gif", save_all=True, append_images=[_paletted(), _bar()])
    outline = _reader().outline(tmp_path / "a.gif")
    assert (outline.units, outline.unit_name) == (1, "picture")


def test_too_many_pixels_are_refused_before_decoding(tmp_path: Path) -> None:
    Image.new("1", (12_000, 10_000)).save(tmp_path / "a.png")
    with pytest.raises(TooLarge, match="12000 × 10000 pixels, more than the 80 million"):
        _reader().read(tmp_path / "a.png", 1, slow=True)


def test_a_pixel_bomb_is_refused(tmp_path: Path) -> None:
    Image.new("1", (40_000, 10_000)).save(tmp_path / "a.png")
    with pytest.raises(TooLarge):
        _reader().outline(tmp_path / "a.png")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"])
def test_what_is_no_picture_is_said_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(CorruptSource, match=r"^a\.png "):
        _reader().outline(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp", "a.gif"])
def test_a_picture_cut_short_is_said_to_be_damaged(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(7).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CorruptSource, match=r"can be read|damaged"):
        _reader().read(tmp_path / name, 1, slow=True)
