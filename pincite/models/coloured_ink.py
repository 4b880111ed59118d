"""Stamps and marks in coloured ink, and what they lie on, taken apart."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pincite.models.ports import Picture
from pincite.models.text_detection import Strip

_SATURATED = 60
"""Difference of the strongest and the weakest colour of a pixel from which it is coloured."""
_LEAST, _MOST = 0.0005, 0.15
"""Shares of a page between which colour may be a stamp: neither specks nor a picture."""
_BLACK = 0.5
"""Share of the paper's brightness below which a pixel is black ink, whatever lies on it."""
_COVERED = 0.5
"""Share of a strip that others may cover before it is taken for the same line."""


def layers(picture: Picture) -> list[Picture]:
    """The page without its coloured ink, and that alone on white; none where all is gray.

    Coloured ink is bright in one of the three colours, black ink in none: the brightest of the
    three shows the one without the other.
    """
    strongest = picture.max(axis=2)
    coloured = strongest - picture.min(axis=2) > _SATURATED
    if not _LEAST < float(coloured.mean()) < _MOST:
        return []
    wide = cv2.dilate(coloured.astype(np.uint8), np.ones((3, 3), dtype=np.uint8)) > 0
    paper = np.uint8(np.median(strongest))
    below = np.where(wide & (strongest > _BLACK * float(paper)), paper, strongest).astype(np.uint8)
    above = np.where(wide, picture.min(axis=2), np.uint8(255)).astype(np.uint8)
    return [_gray(below), _gray(above)]


def added(found: Sequence[Strip], more: Sequence[Strip]) -> list[Strip]:
    """Strips of `more` that those already found leave mostly uncovered."""
    kept = list(found)
    for strip in more:
        if all(_shared(strip, other) < _COVERED for other in kept):
            kept.append(strip)
    return kept[len(found) :]


def _gray(values: npt.NDArray[np.uint8]) -> Picture:
    return np.repeat(values[:, :, None], 3, axis=2)


def _shared(strip: Strip, other: Strip) -> float:
    """Share of a strip that another covers."""
    one, two = (((s.x, s.y), (s.width, s.height), s.angle) for s in (strip, other))
    _, corners = cv2.rotatedRectangleIntersection(one, two)
    if corners is None:  # pyright: ignore[reportUnnecessaryComparison]  # where they do not meet
        return 0.0
    return float(cv2.contourArea(cv2.convexHull(corners))) / max(1.0, strip.width * strip.height)
