"""Whether an encoder puts words and pictures into one space: coloured shapes tell. Pure."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from pincite.models.ports import JointEncoder, Picture
from pincite.values import Value

COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 150, 50),
    "blue": (35, 70, 220),
    "yellow": (245, 215, 30),
    "purple": (140, 40, 170),
    "orange": (245, 130, 20),
    "black": (10, 10, 10),
    "pink": (250, 140, 190),
}
SHAPES = ("circle", "square", "triangle", "star", "cross", "ring", "crescent", "arrow")
SIDE = 224
_FINE = 4
"""Drawn so much larger and then made smaller, for smooth edges."""
_ALIKE = 3
"""Pictures of each shape and colour that are embedded; their mean is what is looked for."""


class Thing(NamedTuple):
    shape: str
    colour: str

    @property
    def words(self) -> str:
        article = "an" if self.colour[0] in "aeiou" else "a"
        return f"{article} {self.colour} {self.shape}"


class ProbeResult(Value):
    recall_at_1: float
    """Share of things whose words find their own picture before those of all others."""
    chance: float
    """What guessing would reach."""
    right_shape: float
    right_colour: float
    things: int


def things() -> list[Thing]:
    return [Thing(shape, colour) for shape in SHAPES for colour in COLOURS]


def probe(
    encoder: JointEncoder,
    asked: Sequence[Thing] | None = None,
    *,
    among: Sequence[Thing] | None = None,
    side: int = SIDE,
    seed: int = 0,
) -> ProbeResult:
    """Look for each of `asked` by its words among pictures of `among`; both are all things if None.

    The pictures are drawn at other places, sizes and shades of the ground for every seed.
    """
    there = list(among or things())
    wanted = list(asked or there)
    chance = random.Random(seed)  # noqa: S311
    drawn = [draw(thing, side, chance) for thing in there for _ in range(_ALIKE)]
    seen = encoder.embed_pictures(drawn).reshape(len(there), _ALIKE, -1).mean(axis=1)
    near = encoder.embed_texts([thing.words for thing in wanted]) @ seen.T
    found = [there[int(place)] for place in near.argmax(axis=1)]
    pairs = list(zip(wanted, found, strict=True))
    return ProbeResult(
        recall_at_1=_share(one == other for one, other in pairs),
        chance=1 / len(there),
        right_shape=_share(one.shape == other.shape for one, other in pairs),
        right_colour=_share(one.colour == other.colour for one, other in pairs),
        things=len(wanted),
    )


def draw(thing: Thing, side: int, chance: random.Random) -> Picture:
    """One shape of about half the side, somewhere near the middle, on a light ground."""
    large = side * _FINE
    ground = chance.randint(225, 255)
    picture = Image.new("RGB", (large, large), (ground, ground, ground))
    radius = large * chance.uniform(0.24, 0.34)
    middle = [large * (0.5 + chance.uniform(-0.12, 0.12)) for _ in range(2)]
    colour = tuple(
        min(255, max(0, part + chance.randint(-12, 12))) for part in COLOURS[thing.colour]
    )
    _Pen(picture, middle[0], middle[1], radius, colour, (ground,) * 3).draw(thing.shape)
    small = picture.resize((side, side), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.uint8)


class _Pen:
    def __init__(
        self,
        picture: Image.Image,
        x: float,
        y: float,
        radius: float,
        colour: tuple[int, ...],
        ground: tuple[int, ...],
    ) -> None:
        self._canvas = ImageDraw.Draw(picture)
        self._x, self._y, self._r = x, y, radius
        self._colour, self._ground = colour, ground

    def draw(self, shape: str) -> None:
        match shape:
            case "circle":
                self._disc(1, self._colour)
            case "ring":
                self._disc(1, self._colour)
                self._disc(0.55, self._ground)
            case "crescent":
                self._disc(1, self._colour)
                self._disc(0.85, self._ground, shift=0.45)
            case _:
                self._canvas.polygon(
                    [(self._x + a * self._r, self._y + b * self._r) for a, b in _CORNERS[shape]],
                    fill=self._colour,
                )

    def _disc(self, size: float, colour: tuple[int, ...], shift: float = 0) -> None:
        x, r = self._x + shift * self._r, self._r * size
        self._canvas.ellipse((x - r, self._y - r, x + r, self._y + r), fill=colour)


def _round(count: int, radii: Sequence[float]) -> list[tuple[float, float]]:
    return [
        (
            radii[n % len(radii)] * math.sin(2 * math.pi * n / count),
            -radii[n % len(radii)] * math.cos(2 * math.pi * n / count),
        )
        for n in range(count)
    ]


_CORNERS = {
    "square": [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
    "triangle": _round(3, [1.1]),
    "star": _round(10, [1.1, 0.45]),
    "cross": [
        (-0.3, -1), (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3),
        (0.3, 1), (-0.3, 1), (-0.3, 0.3), (-1, 0.3), (-1, -0.3), (-0.3, -0.3),
    ],
    "arrow": [
        (-1, -0.25), (0.1, -0.25), (0.1, -0.8), (1.05, 0), (0.1, 0.8), (0.1, 0.25), (-1, 0.25),
    ],
}  # fmt: skip


def _share(right: Iterable[bool]) -> float:
    marks = list(right)
    return sum(marks) / len(marks)
