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

_PALE = 0.2
"""Cover below which a pixel is ground."""

_Cover = npt.NDArray[np.float32]


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
    ground = np.median(np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]), axis=0)
    apart = np.linalg.norm(pixels - ground, axis=2)
    inked = apart > _INK
    if not _LEAST <= inked.mean() <= _MOST:
        return Seen(None, None)
    middle = np.median(pixels[inked], axis=0)
    colour = min(colours, key=lambda name: float(np.linalg.norm(middle - COLOURS[name])))
    outline = _outline(np.clip(apart / np.linalg.norm(middle - ground), 0, 1))
    likeness = {
        shape: _overlap(outline, _template(shape, min(picture.shape[:2]))) for shape in shapes
    }
    best = max(likeness, key=likeness.__getitem__)
    return Seen(best if likeness[best] >= _LIKE else None, colour)


@cache
def _template(shape: str, side: int) -> _Cover:
    """The mean of several drawn at that size: each falls on the grid of pixels differently."""
    chance = random.Random(0)  # noqa: S311
    drawn = [draw(Thing(shape, "black"), side, chance).astype(np.float32) for _ in range(32)]
    covers = [(255 - each[:, :, 0]) / (255 - each[:, :, 0].min()) for each in drawn]
    return np.mean([_outline(np.where(each > _PALE, each, 0)) for each in covers], axis=0)


def _outline(cover: _Cover) -> _Cover:
    """The box around the ink as a small picture, from 0 (ground) to 1 (ink)."""
    inked = cover > 0.5
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    box = cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = Image.fromarray((box * 255).astype(np.uint8)).resize((_GRID, _GRID))
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _overlap(one: _Cover, other: _Cover) -> float:
    """Of soft outlines: what both cover over what either does."""
    return float(np.minimum(one, other).sum() / np.maximum(one, other).sum())
