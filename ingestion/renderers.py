"""Page pictures, made in the same confined child that reads files: documents are hostile.

This is a registry for `ParserProcess`: its readers "read" a unit into one picture, the crop `page`,
and no elements. The resolution travels in the media type: `application/pdf; dpi=120`.
"""

from __future__ import annotations

import io
import math
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from ingestion.readers.pdfium import PdfFile
from ingestion.readers.ports import Outline, Reader, UnitRead
from pincite.config import Settings
from pincite.errors import CorruptSource, TooLarge, UnsupportedMedia
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
        self._max_pixels = max_megapixels * 1_000_000

    @staticmethod
    def _most(dpi: int) -> int:
        return min(dpi, 2 * _SCREEN_DPI)

    def outline(self, path: Path) -> Outline:
        del path
        return Outline(units=1, unit_name="picture")

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead:
        """As a viewer shows it: after EXIF rotation, first frame, on white."""
        del slow, unit
        try:
            with warnings.catch_warnings(), Image.open(path) as picture:
                warnings.simplefilter("ignore")
                if picture.width * picture.height > self._max_pixels:
                    raise TooLarge(f"it has {picture.width} × {picture.height} pixels")
                picture.draft("RGB", (self._longest, self._longest))
                turned = ImageOps.exif_transpose(picture).convert("RGBA")
        except (UnidentifiedImageError, OSError, ValueError) as exc:
            raise CorruptSource("the picture cannot be read") from exc
        turned.thumbnail((self._longest, self._longest))
        white = Image.new("RGBA", turned.size, "white")
        return _shown(np.asarray(Image.alpha_composite(white, turned).convert("RGB")))


def _shown(pixels: npt.NDArray[np.uint8]) -> UnitRead:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=3)
    return UnitRead(how="empty", crops={PAGE: out.getvalue()})
