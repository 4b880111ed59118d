"""A page's picture with its elements drawn on it: boxes by kind, reading order as numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from pincite.elements import Kind, ParsedElement
from pincite.locators import ImageBox, PageBox

_COLORS = {
    Kind.TITLE: "#b3001b",
    Kind.HEADING: "#d1495b",
    Kind.TEXT: "#2e6f95",
    Kind.LIST_ITEM: "#3a9b8e",
    Kind.TABLE: "#7b2cbf",
    Kind.FIGURE: "#e07a00",
    Kind.PHOTO: "#e07a00",
    Kind.CAPTION: "#b5838d",
    Kind.FORMULA: "#c2185b",
    Kind.FOOTNOTE: "#6d6875",
    Kind.FIELD: "#588157",
}
_MARGIN = "#8d99ae"
"""Headers, footers and whatever else is no part of a passage."""
_AWAY = 3
"""Pixels between a box and its outline, which would else hide the ink at the edge."""
_THIN = 2
_LABEL = 11
_CELL = "#c9a7eb"


def drawn(png: bytes, elements: Sequence[ParsedElement]) -> bytes:
    """PNG of the page with a box and `number kind` for each element that has a place on it.

    Elements are numbered from 1 in reading order; a line leads from each to the next.
    """
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(_LABEL)
    last: tuple[float, float] | None = None
    for number, element in enumerate(elements, start=1):
        color = _COLORS.get(element.kind, _MARGIN)
        for cell in element.table.cells if element.table else ():
            box = _box(cell.locator, picture.size)
            if box:
                pen.rectangle(box, outline=_CELL)
        for place in element.locators:
            box = _box(place, picture.size)
            if box is None:
                continue
            left, top, right, bottom = box
            around = (left - _AWAY, top - _AWAY, right + _AWAY, bottom + _AWAY)
            pen.rectangle(around, outline=color, width=_THIN)
            _label(pen, font, (box[0], box[1]), f"{number} {element.kind}", color)
            middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            if last and color != _MARGIN:
                pen.line([last, middle], fill=color, width=1)
            last = middle if color != _MARGIN else last
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _box(place: object, size: tuple[int, int]) -> tuple[float, float, float, float] | None:
    """In pixels of the picture; None for what is no place on a page."""
    match place:
        case PageBox():
            across, down = size[0] / place.page_width, size[1] / place.page_height
        case ImageBox():
            across, down = size[0] / place.image_width, size[1] / place.image_height
        case _:
            return None
    return place.left * across, place.top * down, place.right * across, place.bottom * down


def _label(
    pen: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    corner: tuple[float, float],
    text: str,
    color: str,
) -> None:
    left, top = corner[0], max(0.0, corner[1] - _LABEL - 2)
    ground = pen.textbbox((left, top), text, font=font)
    pen.rectangle(ground, fill=color)
    pen.text((left, top), text, fill="white", font=font)
