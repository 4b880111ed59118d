"""Picture files → pixels, as a viewer shows them, within stated limits."""

from __future__ import annotations

import io
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from ingestion.layout.marks import Box
from pincite.errors import CorruptSource, TooLarge
from pincite.models.ports import Picture

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")
_PAGED = "TIFF"
_USUAL_DPI = 150.0
_BELIEVABLE_DPI = (50.0, 1200.0)
_MOST_PAGES = 5000
_TWO_BYTES = 65535.0
_DAMAGED = (OSError, ValueError, SyntaxError, EOFError, IndexError, ZeroDivisionError, KeyError)
"""What Pillow raises on damaged files."""


class Loaded(NamedTuple):
    pixels: Picture
    """After EXIF rotation, on white, 8 bits a colour."""
    dpi: float
    """As the file states it, else 150."""


def count_pages(path: Path) -> int:
    """Pages of a TIFF; 1 for any other picture, moving ones included."""
    with opened_picture(path) as picture:
        return min(_MOST_PAGES, int(getattr(picture, "n_frames", 1))) if _is_paged(picture) else 1


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height as stored, before EXIF rotation; decodes nothing."""
    with opened_picture(path) as picture:
        return picture.size


def load_picture(
    path: Path, max_megapixels: int, page: int = 1, *, longest: int | None = None
) -> Loaded:
    """Decode one picture; where `longest` is given, no larger than a side of that many pixels.

    Raises:
        TooLarge: more than `max_megapixels` million pixels; found before decoding.
        CorruptSource: not a picture, or damaged.
    """
    with opened_picture(path) as picture:
        if page > 1:
            picture.seek(page - 1)
        width, height = picture.size
        if width * height > max_megapixels * 1_000_000:
            raise TooLarge(
                f"{path.name} has {width} × {height} pixels, more than the {max_megapixels} "
                "million allowed; make it smaller, or raise PINCITE_INGESTION__MAX_MEGAPIXELS"
            )
        dpi = _dpi(picture)
        if longest is not None:
            picture.draft("RGB", (longest, longest))
        turned = ImageOps.exif_transpose(_even(picture))
        if longest is not None:
            turned.thumbnail((longest, longest))
        return Loaded(_on_white(turned), dpi)


@contextmanager
def opened_picture(path: Path) -> Generator[Image.Image]:
    """A picture of which the header was read; what damage throws inside becomes one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_FORMATS) as picture:
                yield picture
    except Image.DecompressionBombError as exc:
        raise TooLarge(f"{path.name} has far too many pixels to be decoded safely") from exc
    except UnidentifiedImageError as exc:
        raise CorruptSource(f"{path.name} is not a picture that can be read") from exc
    except _DAMAGED as exc:
        raise CorruptSource(f"{path.name} is damaged and cannot be decoded") from exc


def _is_paged(picture: Image.Image) -> bool:
    return picture.format == _PAGED


def _dpi(picture: Image.Image) -> float:
    stated = cast(tuple[float, float] | None, picture.info.get("dpi"))
    dpi = float(stated[0]) if stated else 0.0
    least, most = _BELIEVABLE_DPI
    return dpi if least <= dpi <= most else _USUAL_DPI


def _even(picture: Image.Image) -> Image.Image:
    """Bring 16-bit and floating-point gray down to 8 bits; keeps EXIF."""
    if not picture.mode.startswith(("I", "F")):
        return picture
    values = np.asarray(picture, dtype=np.float64)
    most = float(values.max(initial=0.0))
    if picture.mode == "F" and most > 0:
        values = values / most * 255
    elif most > 255:
        values = values / _TWO_BYTES * 255
    even = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    even.info.update(picture.info)
    return even


def _on_white(picture: Image.Image) -> Picture:
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    if not has_alpha:
        return np.asarray(picture.convert("RGB"))
    clear = picture.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    return np.asarray(Image.alpha_composite(white, clear).convert("RGB"))


def as_png(pixels: npt.NDArray[np.uint8], longest: int | None = None) -> bytes:
    """PNG bytes, made smaller where a side is longer than `longest`."""
    picture = Image.fromarray(pixels)
    if longest is not None:
        picture.thumbnail((longest, longest))
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def crop(pixels: Picture, box: Box) -> Picture:
    """The part of a picture under `box` in pixels, at least one pixel wide and high."""
    height, width = pixels.shape[:2]
    left, top = min(max(0, int(box.left)), width - 1), min(max(0, int(box.top)), height - 1)
    right = min(width, max(left + 1, round(box.right)))
    bottom = min(height, max(top + 1, round(box.bottom)))
    return pixels[top:bottom, left:right]
