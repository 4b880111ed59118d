"""A place of a page's picture, whole or in a grid of parts, no larger than a model sees. Pure."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from typing import Final

from PIL import Image

from agent.views import Box, View, whole

MARGIN: Final = 0.015
"""Of the picture's longer side, shown around a place."""
LEAST: Final = 8
"""Pixels that a place has in width and height at least."""


def cut(png: bytes, boxes: Sequence[Box], view: View) -> tuple[bytes, ...]:
    """PNG files, row by row; parts overlap by a little, so that no sign is cut in two."""
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    if view.look == "page":
        return (_file(picture, view.side),)
    place = around(boxes, picture.size)
    return tuple(_file(picture.crop(part), view.side) for part in parts(place, view))


def around(boxes: Sequence[Box], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels of all boxes together with a margin, within the picture."""
    width, height = whole(boxes[0])
    across, down = size[0] / width, size[1] / height
    margin = max(LEAST / 2, MARGIN * max(size))
    return (
        math.floor(max(0, min(box.left for box in boxes) * across - margin)),
        math.floor(max(0, min(box.top for box in boxes) * down - margin)),
        math.ceil(min(size[0], max(box.right for box in boxes) * across + margin)),
        math.ceil(min(size[1], max(box.bottom for box in boxes) * down + margin)),
    )


def parts(place: tuple[int, int, int, int], view: View) -> Iterator[tuple[int, int, int, int]]:
    """The boxes of the grid, each a twentieth larger towards its neighbours."""
    left, top, right, bottom = place
    width, height = (right - left) / view.columns, (bottom - top) / view.rows
    for row in range(view.rows):
        for column in range(view.columns):
            yield (
                max(left, round(left + (column - 0.05) * width)),
                max(top, round(top + (row - 0.05) * height)),
                min(right, round(left + (column + 1.05) * width)),
                min(bottom, round(top + (row + 1.05) * height)),
            )


def _file(picture: Image.Image, side: int) -> bytes:
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
