"""Page pictures, made in the same confined child that reads files: documents are hostile.

This is a registry for `ParserProcess`: its readers "read" a unit into one picture, the crop `page`,
and no elements. The resolution travels in the media type: `application/pdf; dpi=120`. The units of
a video are its milliseconds, from 1: see `unit_at`.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingestion.readers.film import film_length, still_at
from ingestion.readers.pdfium import PdfFile
from ingestion.readers.pictures import as_png, count_pages, load_picture
from ingestion.readers.ports import Outline, Reader, UnitRead
from pincite.config import Settings
from pincite.errors import UnsupportedMedia
from pincite.models.store import ModelStore

REGISTRY = "ingestion.renderers"
PAGE = "page"
_POINTS_PER_INCH = 72
_MOST_PIXELS = 12_000_000
"""Of a picture that is shown; a wall-sized page is shown smaller."""
_SCREEN_DPI = 150
"""At which a picture file is shown about two thousand pixels wide."""
_SCREEN_PIXELS = 2000


def asking(media_type: str, dpi: int) -> str:
    """The media type that asks this registry for pictures of `dpi`."""
    return f"{media_type}; dpi={dpi}"


def reader_for(media_type: str, settings: Settings, store: ModelStore) -> Reader:
    """Raises UnsupportedMedia for what has no pages and is no picture."""
    del store
    kind, _, dpi = media_type.partition("; dpi=")
    if kind == "application/pdf":
        return _Pages(int(dpi))
    if kind.startswith("image/"):
        return _Pictures(int(dpi), settings.ingestion.max_megapixels)
    if kind.startswith("video/"):
        return _Frames(settings.ingestion.max_megapixels)
    raise UnsupportedMedia(f"a file of type {kind} has no pages to show")


class _Pages:
    version = "pages"

    def __init__(self, dpi: int) -> None:
        self._dpi = dpi

    def outline(self, path: Path) -> Outline:
        with PdfFile(path) as pdf:
            return Outline(units=pdf.pages, unit_name="page")

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead:
        del slow
        with PdfFile(path) as pdf, pdf.page(unit) as page:
            fitting = math.sqrt(_MOST_PIXELS / (page.width * page.height))
            return _shown(page.render(min(self._dpi / _POINTS_PER_INCH, fitting)))


class _Pictures:
    version = "pictures"

    def __init__(self, dpi: int, max_megapixels: int) -> None:
        self._longest = _SCREEN_PIXELS * self._most(dpi) // _SCREEN_DPI
        self._max_megapixels = max_megapixels

    @staticmethod
    def _most(dpi: int) -> int:
        return min(dpi, 2 * _SCREEN_DPI)

    def outline(self, path: Path) -> Outline:
        return Outline(units=count_pages(path), unit_name="picture")

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead:
        """As a viewer shows it: after EXIF rotation, the asked page of a TIFF, on white."""
        del slow
        loaded = load_picture(path, self._max_megapixels, unit, longest=self._longest)
        return _shown(loaded.pixels)


class _Frames:
    version = "frames"

    def __init__(self, max_megapixels: int) -> None:
        self._max_megapixels = max_megapixels

    def outline(self, path: Path) -> Outline:
        length = film_length(path)
        return Outline(units=unit_at(length.seconds if length else 0.0), unit_name="picture")

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead:
        del slow
        still = still_at(path, (unit - 1) / 1000, max_megapixels=self._max_megapixels)
        return UnitRead(how="empty", crops={PAGE: as_png(still.pixels, _SCREEN_PIXELS)})


def unit_at(at_s: float) -> int:
    """The unit of a video whose picture a player shows at this second."""
    return round(at_s * 1000) + 1


def _shown(pixels: npt.NDArray[np.uint8]) -> UnitRead:
    return UnitRead(how="empty", crops={PAGE: as_png(pixels)})
