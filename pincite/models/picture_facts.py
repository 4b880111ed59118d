"""What pixels alone tell of a picture: its colours by name, and whether it is a photo. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pincite.models.ports import Picture

Floats = npt.NDArray[np.float32]

COLOURS = (
    "black", "grey", "white", "red", "orange", "brown", "yellow", "green", "blue", "purple", "pink",
)  # fmt: skip
"""The basic colour terms of Berlin and Kay (1969)."""
FORMS = ("photo", "drawing", "chart", "document")
_WORDS = {
    **{colour: colour for colour in COLOURS},
    "gray": "grey", "silver": "grey", "golden": "yellow", "gold": "yellow", "blonde": "yellow",
    "scarlet": "red", "crimson": "red", "beige": "brown", "tan": "brown", "turquoise": "blue",
    "navy": "blue", "violet": "purple", "magenta": "pink", "dark": "black", "snowy": "white",
}  # fmt: skip
_FORM_WORDS = {
    **dict.fromkeys(("photo", "photograph", "snapshot"), "photo"),
    **dict.fromkeys(("drawing", "sketch", "cartoon", "illustration", "logo", "icon"), "drawing"),
    **dict.fromkeys(("chart", "graph", "plot", "diagram", "histogram"), "chart"),
    **dict.fromkeys(("document", "form", "receipt", "letter", "invoice", "scan"), "document"),
}
_SIDE = 96
_FORM_SIDE = 384
_SPREAD = 40
"""Between the largest and the least of red, green and blue, from which a pixel has a colour."""
_MIDDLE = 0.6
"""How far the weight of a pixel falls from the middle of the picture to its corner."""


class Form(NamedTuple):
    """Plain measurements of a picture, each in [0, 1]."""

    paper: float
    """Pixels of the one commonest colour."""
    colourful: float
    """Pixels with a colour of their own, among those that are not paper."""
    few: float
    """Pixels of the eight commonest colours."""


def colour_shares(picture: Picture) -> Floats:
    """Share of each of `COLOURS`, the middle counting more than the edge; sums to 1."""
    small = np.asarray(cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    named = _named(small)
    across = np.linspace(-1, 1, _SIDE, dtype=np.float32)
    far = np.sqrt((across[:, None] ** 2 + across[None, :] ** 2) / 2)
    weights = np.bincount(named.ravel(), (1 - _MIDDLE * far).ravel(), minlength=len(COLOURS))
    return (weights / weights.sum()).astype(np.float32)


def asked_colours(text: str) -> Floats:
    """1 for each of `COLOURS` that the words name."""
    return _asked(text, COLOURS, _WORDS)


def asked_forms(text: str) -> Floats:
    """1 for each of `FORMS` that the words name."""
    return _asked(text, FORMS, _FORM_WORDS)


def form_shares(picture: Picture) -> Floats:
    """How much the picture is each of `FORMS`; sums to 1. Rules, not learnt."""
    seen = form_of(picture)
    drawn = _ramp(seen.few, 0.75, 0.9)
    """A camera sees many colours, but for light things on white."""
    paper = drawn * _ramp(seen.paper, 0.4, 0.6)
    chart = paper * _ramp(seen.colourful, 0.0, 0.3)
    shares = np.array([1 - drawn, drawn - paper, chart, paper - chart], dtype=np.float32)
    return shares / shares.sum()


def form_of(picture: Picture) -> Form:
    scale = _FORM_SIDE / max(picture.shape[:2])
    if scale < 1:
        size = [max(1, round(side * scale)) for side in reversed(picture.shape[:2])]
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    values = picture.astype(np.int16)
    coarse = (values >> 4).astype(np.int64) @ np.array([256, 16, 1])
    counts = np.bincount(coarse.ravel())
    spread = (values.max(axis=2) - values.min(axis=2))[coarse != counts.argmax()]
    commonest = np.sort(counts)[::-1]
    return Form(
        paper=float(commonest[0] / coarse.size),
        colourful=float((spread > _SPREAD).mean()) if spread.size else 0.0,
        few=float(commonest[:8].sum() / coarse.size),
    )


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _asked(text: str, names: tuple[str, ...], words: dict[str, str]) -> Floats:
    asked = np.zeros(len(names), dtype=np.float32)
    for word in re.findall(r"[a-z]+", text.casefold()):
        name = words.get(word) or words.get(word.removesuffix("s"))
        if name is not None:
            asked[names.index(name)] = 1
    return asked


def _named(pixels: Picture) -> npt.NDArray[np.int64]:
    """Number of the colour term of each pixel, by hue, saturation and lightness."""
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV).astype(np.int64)
    hue, saturation, value = hsv[..., 0] * 2, hsv[..., 1], hsv[..., 2]
    bounds = np.array([15, 42, 68, 165, 260, 295, 335])
    terms = np.array([COLOURS.index(name) for name in _ROUND])
    named = terms[np.searchsorted(bounds, hue, side="right")]
    warm = (hue >= 8) & (hue < 48)
    named = np.where(warm & (value < 170) & (saturation > 60), COLOURS.index("brown"), named)
    named = np.where((named == COLOURS.index("red")) & (saturation < 110) & (value > 190),
                     COLOURS.index("pink"), named)  # fmt: skip
    plain = np.digitize(value, [60, 190])
    """0, 1, 2: black, grey, white, which begin the list of colours."""
    return np.where((saturation < 45) | (value < 45), plain, named)


_ROUND = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "red")
"""Around the circle of hues, from 0 degrees."""
