"""Drawn lines in a picture of a page, found by morphological opening (Serra 1982)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.layout.marks import Rule
from pincite.models.ports import Picture

Mask = npt.NDArray[np.uint8]

_SHORTEST = 2.5
"""In heights of a line of type: a letter has no longer stroke."""
_THICKEST = 0.5
_MOST = 300
"""A picture with more lines is a photo or a drawing."""
_WINDOW, _DARKER = 31, 12


def raster_rules(picture: Picture, size: float) -> list[Rule]:
    """Level and upright lines in pixels; `size` is the height of a line of type there.

    Lines that nearly meet are made to meet, as scans and thresholds leave gaps at corners. Costs
    some 20 ms per million pixels.
    """
    grey = cv2.cvtColor(np.ascontiguousarray(picture[:, :, :3]), cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _WINDOW, _DARKER
    )
    level = _lines(np.asarray(ink, dtype=np.uint8), size)
    upright = _lines(np.asarray(ink.T.copy(), dtype=np.uint8), size)
    if len(level) + len(upright) > _MOST:
        return []
    near = 0.6 * size
    ends = _snapped(level, [at for at, _, _ in upright], near)
    tops = _snapped(upright, [at for at, _, _ in level], near)
    return [
        *(Rule(horizontal=True, at=at, start=start, end=end) for at, start, end in ends),
        *(Rule(horizontal=False, at=at, start=start, end=end) for at, start, end in tops),
    ]


Stroke = tuple[float, float, float]
"""Place across, start and end along."""


def _lines(ink: Mask, size: float) -> list[Stroke]:
    """Level strokes: what survives an opening by a long flat window, pieces joined."""
    length = max(12, round(_SHORTEST * size))
    flat = cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1))
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, flat)
    join = cv2.getStructuringElement(cv2.MORPH_RECT, (length // 2, 3))
    whole = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, join)
    _, _, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    found: list[Stroke] = []
    for left, top, width, height, area in stats[1:].tolist():
        thick = area / max(1, width)
        if thick <= _THICKEST * size and height <= size:
            found.append((top + height / 2, float(left), float(left + width)))
    return found


def _snapped(strokes: Sequence[Stroke], places: Sequence[float], near: float) -> list[Stroke]:
    """Ends moved to the line that they nearly reach."""

    def snap(end: float) -> float:
        best = min(places, key=lambda place: abs(place - end), default=end)
        return best if abs(best - end) <= near else end

    return [(at, snap(start), snap(end)) for at, start, end in strokes]


Floats = npt.NDArray[np.float64]


def moved(rules: Sequence[Rule], turn: Floats, shift: Floats) -> list[Rule]:
    """Rules after their picture is turned by a matrix and shifted; each stays level or upright."""
    found: list[Rule] = []
    for rule in rules:
        if rule.horizontal:
            ends = np.array([(rule.start, rule.at), (rule.end, rule.at)])
        else:
            ends = np.array([(rule.at, rule.start), (rule.at, rule.end)])
        (x0, y0), (x1, y1) = (ends @ turn.T + shift).tolist()
        level = abs(x1 - x0) >= abs(y1 - y0)
        low, high = sorted((x0, x1) if level else (y0, y1))
        at = (y0 + y1) / 2 if level else (x0 + x1) / 2
        found.append(replace(rule, horizontal=level, at=at, start=low, end=high))
    return found
