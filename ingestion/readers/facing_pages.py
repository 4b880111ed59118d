"""Two pages on one picture, as an open book is scanned: the left is read before the right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Word, around

_BROAD = 1.15
"""Width in heights from which a picture may show two pages."""
_MIDDLE = (0.43, 0.57)
"""Shares of the width between which the fold lies."""
_FOLD = 0.025
"""White on both sides of the fold together, in shares of the width."""
_FEWEST_LINES = 5
_PROSE = 0.6
"""Width of most lines in shares of their page's text: what is short is a column of a table."""


def facing_pages(words: Sequence[Word], width: float, height: float) -> list[list[Word]]:
    """The words of the left and of the right page; all together where there is one page."""
    whole = [list(words)]
    if width < _BROAD * height or not words:
        return whole
    fold = _fold(words, width)
    if fold is None:
        return whole
    sides = [
        [word for word in words if (word.box.right <= fold) == is_left] for is_left in (True, False)
    ]
    return sides if all(_is_prose(side) for side in sides) else whole


def _fold(words: Sequence[Word], width: float) -> float | None:
    """The middle of the broadest white about the middle; None where words reach over it."""
    first, last = (int(share * width) for share in _MIDDLE)
    taken = np.zeros(last - first + 2, dtype=np.int8)
    taken[[0, -1]] = 1
    for word in words:
        left, right = (int(min(max(edge, first), last)) for edge in (word.box.left, word.box.right))
        if word.box.right > first and word.box.left < last:
            taken[left - first + 1 : right - first + 1] = 1
    edges = np.diff(taken)
    starts, ends = np.flatnonzero(edges == -1), np.flatnonzero(edges == 1)
    if not len(starts):
        return None
    broadest = int(np.argmax(ends - starts))
    if ends[broadest] - starts[broadest] < _FOLD * width:
        return None
    return first + float(starts[broadest] + ends[broadest]) / 2


def _is_prose(words: Sequence[Word]) -> bool:
    lines = lines_of(words) if words else []
    if len(lines) < _FEWEST_LINES:
        return False
    page = around(word.box for word in words)
    widths = [around(word.box for word in line.words).width for line in lines]
    return float(np.median(widths)) >= _PROSE * page.width
