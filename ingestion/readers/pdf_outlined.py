"""Where words may be drawn on a digital page, as outlines or as small pictures of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ingestion.layout.marks import Box, Word, around
from ingestion.readers.pdfium import PdfPage
from ingestion.readers.pdfium_drawings import Drawings, Outline

_HEIGHTS = (4.0, 48.0)
_LONG = 2.5
"""Times its height that a line of letters is wide."""
_SEGMENTS = 40
"""Strokes of the outlines of three letters, about."""
_STROKES = 2.0
"""Changes from paper to ink and back that a line of letters shows, per its height of width."""
_LOOK = 20
"""Pixels that a line is high when it is looked at."""
_CONTRAST = 40
_REACH = 12.0
"""Points between lines that are read together."""
_COVERED, _SAID = 0.3, 0.05
"""Shares of a line that lie in something known, and under words of the text layer, at most."""


def drawn_places(
    page: PdfPage, drawings: Drawings, words: Sequence[Word], taken: Sequence[Box]
) -> tuple[Box, ...]:
    """Where shapes or small pictures stand in lines as letters do; not in `taken`.

    Looks at the page only where something stands so, at 3 ms a line.
    """
    if not drawings.outlines and not drawings.pictures:
        return ()
    pictures = [Outline(box, _SEGMENTS) for box in drawings.pictures]
    lines = [*_rows(drawings.outlines), *_rows(pictures)]
    free = [
        line
        for line in lines
        if line.width >= _LONG * line.height
        and not any(line.overlap(box) > _COVERED * line.area for box in taken)
        and sum(line.overlap(word.shown) for word in words) <= _SAID * line.area
    ]
    return tuple(_together([line for line in free if _shows_letters(page, line)]))


def _rows(shapes: Iterable[Outline]) -> list[Box]:
    """Around shapes of the height of letters that stand side by side, if drawn as letters are."""
    least, most = _HEIGHTS
    rows: list[Outline] = []
    for box, segments in sorted(shape for shape in shapes if shape.box.height <= most):
        for at in range(len(rows) - 1, -1, -1):
            row, so_far = rows[at]
            shared = min(row.bottom, box.bottom) - max(row.top, box.top)
            tall = max(row.height, box.height)
            if shared > 0.5 * min(row.height, box.height) and box.left - row.right <= tall:
                rows[at] = Outline(around((row, box)), so_far + segments)
                break
        else:
            rows.append(Outline(box, segments))
    return [row for row, count in rows if least <= row.height <= most and count >= _SEGMENTS]


def _shows_letters(page: PdfPage, line: Box) -> bool:
    green = page.render(_LOOK / line.height, line)[:, :, 1].astype(np.int16)
    ink = np.abs(green - int(np.median(green))) > _CONTRAST
    changes = int(np.abs(np.diff(ink.astype(np.int8), axis=1)).sum(axis=1).max(initial=0))
    return changes >= _STROKES * line.width / line.height


def _together(lines: Iterable[Box]) -> list[Box]:
    found: list[Box] = []
    for line in lines:
        box = line
        while near := [other for other in found if _is_near(box, other)]:
            box = around((box, *near))
            found = [other for other in found if other not in near]
        found.append(box)
    return found


def _is_near(one: Box, other: Box) -> bool:
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return max(across, down) <= _REACH
