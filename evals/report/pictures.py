"""Sketches → small JPEG pictures that stand in the page itself."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image, ImageDraw

from evals.sketches import Mark, Sketch
from ingestion.layout.marks import Box
from ingestion.readers.pdfium import PdfFile
from ingestion.readers.pictures import load_picture
from pincite.errors import PinciteError

LONGEST, THUMBNAIL = 860, 260
"""Pixels of the longer side."""
MOST_BYTES = 5 << 20
"""Of all pictures of a page."""
_MOST_MEGAPIXELS = 80
_AROUND = 36.0
"""Room around a part, in the unit of its marks."""
_INK = {"expected": (22, 140, 70), "got": (30, 90, 220), "wrong": (215, 40, 40)}


class Album:
    """The pictures of one page, up to `most_bytes` of them; what comes later is left out."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._left = most_bytes
        self._known: dict[tuple[Sketch, int], str | None] = {}

    def data_uri(self, sketch: Sketch, longest: int = LONGEST) -> str | None:
        """The drawn sketch as a `data:` address.

        None where its file can no longer be read, or there is no room left.
        """
        key = (sketch.model_copy(update={"told": ""}), longest)
        if key not in self._known:
            self._known[key] = _uri(*key)
        uri = self._known[key]
        if uri is None or len(uri) > self._left:
            return None
        self._left -= len(uri)
        return uri


def _uri(sketch: Sketch, longest: int) -> str | None:
    try:
        picture = drawn(sketch, longest)
    except PinciteError:
        return None
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=72, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode("ascii")


def drawn(sketch: Sketch, longest: int = LONGEST) -> Image.Image:
    """The page or its part, no larger than `longest`, with the marks on it.

    Raises:
        PinciteError: the file cannot be read.
    """
    if sketch.file.suffix.lower() == ".pdf":
        picture, left, top, scale = _of_pdf(sketch, longest)
    else:
        picture, left, top, scale = _of_picture(sketch, longest)
    pen = ImageDraw.Draw(picture)
    for mark in sketch.marks:
        corners = (
            (mark.left - left) * scale - 1,
            (mark.top - top) * scale - 1,
            (mark.right - left) * scale + 1,
            (mark.bottom - top) * scale + 1,
        )
        pen.rectangle(corners, outline=_INK[mark.tone], width=2)
    return picture


def _of_pdf(sketch: Sketch, longest: int) -> tuple[Image.Image, float, float, float]:
    with PdfFile(sketch.file) as pdf, pdf.page(sketch.page) as page:
        box = _part(sketch.part, page.width, page.height)
        scale = min(2.5, longest / max(box.width, box.height))
        return Image.fromarray(page.render(scale, box)), box.left, box.top, scale


def _of_picture(sketch: Sketch, longest: int) -> tuple[Image.Image, float, float, float]:
    pixels = load_picture(sketch.file, _MOST_MEGAPIXELS, sketch.page).pixels
    box = _part(sketch.part, pixels.shape[1], pixels.shape[0])
    rows, columns = slice(int(box.top), int(box.bottom)), slice(int(box.left), int(box.right))
    whole = Image.fromarray(np.ascontiguousarray(pixels[rows, columns]))
    scale = min(2.0, longest / max(whole.size))
    size = (max(1, round(whole.width * scale)), max(1, round(whole.height * scale)))
    return whole.resize(size, Image.Resampling.LANCZOS), int(box.left), int(box.top), scale


def _part(part: Mark | None, width: float, height: float) -> Box:
    """The part with some room around, within the page; the whole page where there is none."""
    if part is None:
        return Box(0, 0, width, height)
    left, right = max(0.0, part.left - _AROUND), min(width, part.right + _AROUND)
    top, bottom = max(0.0, part.top - _AROUND), min(height, part.bottom + _AROUND)
    return (
        Box(left, top, right, bottom)
        if right - left > 2 and bottom - top > 2
        else Box(0, 0, width, height)
    )
