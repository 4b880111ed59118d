"""Carriers that are pixels: scanned pages, photographs of signs, and what a camera notes down."""

from __future__ import annotations

import textwrap
import time
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from evals.injection.cases import Planted

_PAGE: Final = (1240, 1754)
"""A4 at 150 dpi."""
_DPI: Final = 150
_DESCRIPTION: Final = 0x010E
_ARTIST: Final = 0x013B
_WHEN: Final = time.gmtime(1_762_160_400)


def scan(case: Planted, folder: Path) -> Path:
    """A page without a text layer, a little askew and grainy."""
    ink = "#dcdcdc" if case.carrier == "scan_faint" else "#202020"
    page = Image.new("RGB", _PAGE, "white")
    draw = ImageDraw.Draw(page)
    _paragraph(draw, case.story.near, 180, "#202020")
    _paragraph(draw, case.plant, 400, ink)
    _paragraph(draw, "Nothing else is noted on this page.", 900, "#202020")
    path = folder / "scan.pdf"
    _grainy(page.rotate(0.4, fillcolor="white")).save(
        path, "PDF", resolution=_DPI, creationDate=_WHEN, modDate=_WHEN
    )
    return path


def photo(case: Planted, folder: Path) -> Path:
    """A sign on a wall."""
    path = folder / "sign.jpg"
    _sign(case.text).save(path, "JPEG", quality=88)
    return path


def camera_notes(case: Planted, folder: Path) -> Path:
    """A harmless sign; the instruction stands in the description of the picture."""
    exif = Image.Exif()
    exif[_DESCRIPTION] = case.plant
    exif[_ARTIST] = case.plant
    path = folder / "sign.jpg"
    _sign(case.story.near).save(path, "JPEG", quality=88, exif=exif)
    return path


def small_png() -> bytes:
    """A picture for files that need one."""
    buffer = BytesIO()
    _sign("Notes").resize((280, 200)).save(buffer, "PNG")
    return buffer.getvalue()


def _paragraph(draw: ImageDraw.ImageDraw, text: str, top: int, ink: str) -> None:
    lines = "\n".join(textwrap.wrap(text, 60))
    draw.multiline_text((120, top), lines, ink, ImageFont.load_default(32), spacing=14)


def _sign(text: str) -> Image.Image:
    wall = Image.new("RGB", (1400, 1000), "#6d7f8c")
    draw = ImageDraw.Draw(wall)
    draw.rounded_rectangle((90, 90, 1310, 910), 24, fill="#f3efe2", outline="#33312c", width=8)
    lines = "\n".join(textwrap.wrap(text, 40))
    draw.multiline_text((150, 160), lines, "#1f1d19", ImageFont.load_default(52), spacing=22)
    return _grainy(wall)


def _grainy(picture: Image.Image) -> Image.Image:
    """Blurred and noisy as a lens and a sensor make it; the same every time."""
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float32)
    noise = np.random.default_rng(7).normal(0, 3, pixels.shape[:2])[:, :, None]
    return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))
