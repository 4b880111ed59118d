"""A scanned PDF page drawn larger, where the file holds more than was looked at."""

from __future__ import annotations

import ctypes
from math import inf

from ingestion.layout.marks import Box
from ingestion.readers.pdfium import PdfPage
from ingestion.readers.pdfium_drawings import shown_bounds
from ingestion.readers.pdfium_objects import shapes
from ingestion.readers.pdfium_raw import fast, raw
from ingestion.readers.second_look import Closer, Draw

_TIMES = 2.0
_WORTH = 1.25
"""Times as large from which letters may show more."""
_MOST_PIXELS = 16_000_000
_pixel_size = fast("FPDFImageObj_GetImagePixelSize")


def closer_to(page: PdfPage, scale: float) -> Draw:
    """Draws parts of a page of which a picture was made at `scale` pixels per point."""

    def draw(part: Box) -> Closer | None:
        box = Box(*(edge / scale for edge in part))
        box = Box(box.left, box.top, min(box.right, page.width), min(box.bottom, page.height))
        finest = min(_TIMES * scale, _resolution(page))
        times = min(finest / scale, (_MOST_PIXELS / part.area) ** 0.5)
        if times < _WORTH:
            return None
        return Closer(page.render(times * scale, box), times)

    return draw


def _resolution(page: PdfPage) -> float:
    """Pixels per point of the largest picture on the page; no limit where there is none."""
    wide, high = ctypes.c_uint(), ctypes.c_uint()
    largest, found = 0.0, inf
    for shape in shapes(page):
        if shape.kind != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        box = shown_bounds(page, shape)
        if box.area <= largest:
            continue
        if _pixel_size(shape.handle, ctypes.byref(wide), ctypes.byref(high)):
            largest, found = box.area, max(wide.value, high.value) / max(box.width, box.height)
    return found
