"""Average precision of found boxes as COCO defines it (Lin et al. 2014)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

THRESHOLDS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
_MOST_FOUND = 100
"""Per page; the surest ones count."""
_RECALLS = np.linspace(0, 1, 101)


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


class Marked(NamedTuple):
    """A box of the truth."""

    label: str
    box: Box
    is_crowd: bool = False
    """A region where further boxes are neither right nor wrong."""


class Guessed(NamedTuple):
    label: str
    box: Box
    confidence: float


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box.right - box.left) * (box.bottom - box.top) for box in (one, other)]
    return width * height / (sum(areas) - width * height)


Pages = Sequence[tuple[Sequence[Marked], Sequence[Guessed]]]
"""Truth and guesses, page by page."""


def average_precision(
    pages: Pages, label: str, thresholds: Sequence[float] = THRESHOLDS
) -> float | None:
    """Mean over the thresholds of overlap; None where the truth has no box of this label."""
    sides = [
        (
            [item for item in truth if item.label == label],
            sorted((item for item in found if item.label == label), key=_confidence)[:_MOST_FOUND],
        )
        for truth, found in pages
    ]
    wanted = sum(not item.is_crowd for truth, _ in sides for item in truth)
    if not wanted:
        return None
    return float(np.mean([_precision(sides, wanted, least) for least in thresholds]))


def mean_average_precision(pages: Pages, labels: Sequence[str]) -> float:
    """Mean over the labels that the truth has; 0 where it has none."""
    values = [average_precision(pages, label) for label in labels]
    seen = [value for value in values if value is not None]
    return sum(seen) / len(seen) if seen else 0.0


def _confidence(item: Guessed) -> float:
    return -item.confidence


def _precision(
    sides: Sequence[tuple[list[Marked], list[Guessed]]], wanted: int, least: float
) -> float:
    """Precision at 101 recalls; each is the best at that recall or beyond."""
    hits = [hit for truth, found in sides for hit in _hits(truth, found, least)]
    if not hits:
        return 0.0
    hits.sort(key=lambda hit: -hit[0])
    right = np.cumsum([hit[1] for hit in hits]).astype(np.float64)
    precision = right / np.arange(1, len(hits) + 1)
    best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    return float(best[np.searchsorted(right / wanted, _RECALLS, side="left")].mean())


def _hits(
    truth: Sequence[Marked], found: Sequence[Guessed], least: float
) -> list[tuple[float, bool]]:
    """Confidence of each guess of a page, and whether it is right; those in crowds left out."""
    taken: set[int] = set()
    hits: list[tuple[float, bool]] = []
    for guess in found:
        best, match = least, None
        for index, item in enumerate(truth):
            shared = overlap(guess.box, item.box)
            if index not in taken and not item.is_crowd and shared >= best:
                best, match = shared, index
        if match is not None:
            taken.add(match)
        elif any(item.is_crowd and _inside(guess.box, item.box) >= least for item in truth):
            continue
        hits.append((guess.confidence, match is not None))
    return hits


def _inside(box: Box, crowd: Box) -> float:
    width = min(box.right, crowd.right) - max(box.left, crowd.left)
    height = min(box.bottom, crowd.bottom) - max(box.top, crowd.top)
    area = (box.right - box.left) * (box.bottom - box.top)
    return width * height / area if width > 0 and height > 0 and area > 0 else 0.0
