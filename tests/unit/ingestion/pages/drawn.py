"""PDF files drawn for a test, and the ink on their pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader as PictureSource
from reportlab.pdfgen import canvas

from ingestion.layout.marks import Box
from ingestion.readers.pdfium import PdfFile
from pincite.elements import ParsedElement
from pincite.locators import PageBox

WIDTH, HEIGHT = 595.0, 842.0
PROSE = (
    "The harbour office keeps a record of every ship that enters the basin, with the hour of its "
    "arrival and the name of the pilot. In the spring of that year the record was moved to a new "
    "building, and the old books were bound in green cloth. Nobody asked why the sixth book was "
    "missing until the auditors came in November and counted them twice."
)

Pen = Any
"""A reportlab canvas; untyped."""


def draw(
    path: Path,
    *pages: Callable[[Pen], None],
    size: tuple[float, float] = (WIDTH, HEIGHT),
    encrypt: object | None = None,
) -> Path:
    """One page per function; each gets the pen with Helvetica 11 set."""
    pen = cast(Any, canvas.Canvas)(str(path), pagesize=size, encrypt=encrypt)
    for page in pages:
        pen.setFont("Helvetica", 11)
        page(pen)
        pen.showPage()
    pen.save()
    return path


def encryption(user: str) -> object:
    return cast(Any, StandardEncryption)(user, ownerPassword="owner", canPrint=1)


def paragraph(
    pen: Pen, text: str, left: float, top: float, width: float, *, size: float = 11
) -> float:
    """Set `text` in lines of `width`; `top` counts from the top. The height where it ends."""
    pen.setFont("Helvetica", size)
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if pen.stringWidth(longer, "Helvetica", size) > width:
            pen.drawString(left, HEIGHT - top, line)
            top += 1.25 * size
            longer = word
        line = longer
    pen.drawString(left, HEIGHT - top, line)
    return top


def heading(pen: Pen, text: str, left: float, top: float, *, size: float = 18) -> None:
    pen.setFont("Helvetica-Bold", size)
    pen.drawString(left, HEIGHT - top, text)
    pen.setFont("Helvetica", 11)


def picture(pen: Pen, image: Image.Image, box: Box) -> None:
    """Place a picture; `box` as a reader sees it."""
    source = cast(Any, PictureSource)(image)
    pen.drawImage(source, box.left, HEIGHT - box.bottom, box.width, box.height)


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    """Apply `change` to every page of a file and save it again."""
    document = cast(Any, pypdfium2.PdfDocument(path.read_bytes()))
    for page in document:
        change(page)
        page.close()
    out = io.BytesIO()
    document.save(out)
    document.close()
    path.write_bytes(out.getvalue())
    return path


# --- ink -----------------------------------------------------------------------------------------

SCALE = 4.0
"""Pixels per point of the pictures that ink is measured on."""


def page_pixels(path: Path, number: int = 1) -> npt.NDArray[np.uint8]:
    with PdfFile(path) as pdf, pdf.page(number) as page:
        return page.render(SCALE)


def ink_box(pixels: npt.NDArray[np.uint8], around: Box) -> Box | None:
    """The box around dark pixels inside `around`, in points."""
    left, top, right, bottom = (round(edge * SCALE) for edge in around)
    dark = pixels[max(0, top) : bottom, max(0, left) : right].min(axis=2) < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(rows):
        return None
    return Box(
        (max(0, left) + int(columns[0])) / SCALE,
        (max(0, top) + int(rows[0])) / SCALE,
        (max(0, left) + int(columns[-1]) + 1) / SCALE,
        (max(0, top) + int(rows[-1]) + 1) / SCALE,
    )


def box_of(element: ParsedElement) -> Box:
    place = element.locators[0]
    assert isinstance(place, PageBox)
    return Box(place.left, place.top, place.right, place.bottom)


def slack(pixels: npt.NDArray[np.uint8], element: ParsedElement) -> float:
    """Area of an element's box over the area of the ink in and around it; 1 is a perfect fit."""
    box = box_of(element)
    ink = ink_box(pixels, Box(box.left - 2, box.top - 2, box.right + 2, box.bottom + 2))
    assert ink is not None, f"no ink where {element.text!r} is said to be"
    return box.area / ink.area


# --- scans ---------------------------------------------------------------------------------------


def scan(
    lines: Sequence[str], size: tuple[int, int] = (1240, 1754), *, type_size: int = 34
) -> Image.Image:
    """A picture of lines of text, black on white, one below the other from (120, 160)."""
    page = Image.new("L", size, 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(type_size)
    for number, line in enumerate(lines):
        pen.text((120, 160 + number * 2 * type_size), line, font=font, fill=0)
    return page
