"""Which coloured shape a small picture shows: told from pixels alone, always the same way. Pure."""

from __future__ import annotations

import random
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from pincite.models.ports import Picture
from pincite.models.shape_probe import COLOURS, SHAPES, Thing, draw

_INK = 70.0
"""Distance in RGB from the ground from which a pixel belongs to the shape."""
_LEAST, _MOST = 0.04, 0.75
"""Share of the picture that a shape covers."""
_GRID = 16
_LIKE = 0.8
"""Overlap with a shape's own outline from which it is that shape."""

_Mask = npt.NDArray[np.bool_]


class Seen(NamedTuple):
    """None for what cannot be told."""

    shape: str | None
    colour: str | None

    @property
    def thing(self) -> Thing | None:
        return Thing(self.shape, self.colour) if self.shape and self.colour else None


def seen_in(
    picture: Picture, shapes: tuple[str, ...] = SHAPES, colours: tuple[str, ...] = tuple(COLOURS)
) -> Seen:
    """The shape by its outline within its own box, the colour by the median of its pixels."""
    pixels = picture.astype(np.float32)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    inked = np.linalg.norm(pixels - np.median(edge, axis=0), axis=2) > _INK
    if not _LEAST <= inked.mean() <= _MOST:
        return Seen(None, None)
    middle = np.median(pixels[inked], axis=0)
    colour = min(colours, key=lambda name: float(np.linalg.norm(middle - COLOURS[name])))
    outline = _outline(inked)
    likeness = {shape: _overlap(outline, _template(shape)) for shape in shapes}
    best = max(likeness, key=likeness.__getitem__)
    return Seen(best if likeness[best] >= _LIKE else None, colour)


@cache
def _template(shape: str) -> npt.NDArray[np.float32]:
    drawn = draw(Thing(shape, "black"), 128, random.Random(0))  # noqa: S311
    return _outline(drawn[:, :, 0] < 128)


def _outline(inked: _Mask) -> npt.NDArray[np.float32]:
    """The box around the ink as a small picture, from 0 (ground) to 1 (ink)."""
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    box = inked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = Image.fromarray(box.astype(np.uint8) * 255).resize((_GRID, _GRID))
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _overlap(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    """Of soft outlines: what both cover over what either does."""
    return float(np.minimum(one, other).sum() / np.maximum(one, other).sum())
