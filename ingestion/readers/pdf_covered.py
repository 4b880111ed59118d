"""Text that lies under something drawn later: a picture over it, a black bar, a white box."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.layout.marks import Box, around
from ingestion.readers.pdfium import Floats, PdfPage
from ingestion.readers.pdfium_drawings import Cover
from ingestion.readers.pdfium_objects import places_in_order
from ingestion.readers.pdfium_raw import Handle, fast
from ingestion.readers.pdfium_words import Found

_LOOK_SCALE, _LONGEST = 1.5, 3000
"""Pixels per point of the pictures that are compared, and of their longer side at most."""
_MARGIN = 2.0
_set_active = fast("FPDFPageObj_SetIsActive")


def lying_under(page: PdfPage, found: Found, covers: Sequence[Cover]) -> list[int]:
    """Indices of words with the middle under something that is drawn later; it may be clear.

    Costs 2 µs for each object of a page where a box lies over a word at all.
    """
    if not covers or not found.words:
        return []
    boxes: Floats = np.array([word.shown for word in found.words])
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    order: dict[int, int] = {}
    latest = np.full(len(boxes), -1)
    for address, (left, top, right, bottom) in covers:
        inside = (across > left) & (across < right) & (down > top) & (down < bottom)
        if inside.any():
            order = order or places_in_order(page)
            latest[inside] = np.maximum(latest[inside], order.get(address, -1))
    return [
        index
        for index in np.flatnonzero(latest >= 0).tolist()
        if order.get(found.things[index], len(order)) < latest[index]
    ]


def unseen(page: PdfPage, found: Found, suspects: Sequence[int]) -> set[int]:
    """Those of the words that leave no trace: the page looks the same without them.

    It is drawn twice, about 20 ms each.
    """
    box = around(found.words[index].shown for index in suspects)
    part = Box(
        max(0.0, box.left - _MARGIN),
        max(0.0, box.top - _MARGIN),
        min(page.width, box.right + _MARGIN),
        min(page.height, box.bottom + _MARGIN),
    )
    scale = min(_LOOK_SCALE, _LONGEST / max(part.width, part.height, 1.0))
    things = [Handle(address) for address in {found.things[index] for index in suspects} - {0}]
    drawn = page.render(scale, part)
    for thing in things:
        _set_active(thing, 0)
    try:
        without = page.render(scale, part)
    finally:
        for thing in things:
            _set_active(thing, 1)
    changed = (drawn != without).any(axis=2)
    return {
        index
        for index in suspects
        if found.things[index] and not _part(changed, found.words[index].shown, part, scale).any()
    }


def _part(changed: np.ndarray, word: Box, part: Box, scale: float) -> np.ndarray:
    left, right = ((edge - part.left) * scale for edge in (word.left, word.right))
    top, bottom = ((edge - part.top) * scale for edge in (word.top, word.bottom))
    return changed[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
