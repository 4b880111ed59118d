"""What a camera wrote into a picture: when and with what it was taken. Where, only if asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from PIL.ExifTags import GPS, IFD, Base

from ingestion.readers.pictures import opened_picture

_DATE = re.compile(r"(\d{4})[:.-](\d\d)[:.-](\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?")
_UNWRITTEN = re.compile(r"[^\w .,/()+-]+")
_LONGEST = 60


def photo_facts(path: Path, *, places: bool = False) -> dict[str, str]:
    """`Taken`, `Camera` and, with `places`, `Place`, as far as the file says; untrusted.

    Raises:
        CorruptSource, TooLarge: like `load_picture`.
    """
    with opened_picture(path) as picture:
        exif = picture.getexif()
        detail = cast("Mapping[int, object]", exif.get_ifd(IFD.Exif))
        found = {
            "Taken": _date(detail.get(Base.DateTimeOriginal) or exif.get(Base.DateTime)),
            "Camera": _camera(exif.get(Base.Make), exif.get(Base.Model)),
        }
        if places:
            found["Place"] = _place(cast("Mapping[int, object]", exif.get_ifd(IFD.GPSInfo)))
    return {name: text for name, text in found.items() if text}


def _date(value: object) -> str:
    """`2024-05-03 14:22:10`; empty for clocks that were never set."""
    found = _DATE.match(value) if isinstance(value, str) else None
    if found is None or found[1] == "0000":
        return ""
    day = f"{found[1]}-{found[2]}-{found[3]}"
    return f"{day} {found[4]}" if found[4] else day


def _camera(make: object, model: object) -> str:
    """Maker and model, without the maker twice."""
    by, what = _plain(make), _plain(model)
    return what if what.casefold().startswith(by.casefold()) else f"{by} {what}".strip()


def _plain(value: object) -> str:
    text = _UNWRITTEN.sub(" ", value) if isinstance(value, str) else ""
    return " ".join(text.split())[:_LONGEST]


def _place(gps: Mapping[int, object]) -> str:
    """Degrees with five decimals, about a metre; empty where they make no sense."""
    north = _degrees(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), "S", 90)
    east = _degrees(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), "W", 180)
    return "" if north is None or east is None else f"{north:.5f}, {east:.5f}"


def _degrees(value: object, side: object, negative: str, most: float) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in cast("tuple[float, ...]", value))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    return (-found if side == negative else found) if 0 <= found <= most else None
