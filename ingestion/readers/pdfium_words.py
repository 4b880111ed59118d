"""The words of a PDF page with exact boxes, in the order of the file."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field

import numpy as np

from ingestion.layout.marks import Box, Word
from ingestion.readers.pdfium import Floats, PdfPage
from ingestion.readers.pdfium_characters import (
    Bools,
    Characters,
    Ints,
    characters_of,
    heights_of,
    origins_of,
    styles_of,
    unmapped_of,
)
from ingestion.readers.pdfium_raw import Handle, fast, handle_of, raw

ASKEW = 4
"""In `Found.turns`: not a multiple of a quarter turn."""
_STRAIGHT = 0
_SHORT = 2
_TILT = 8.0
_angle = fast("FPDFText_GetCharAngle", ctypes.c_float)


@dataclass(slots=True)
class Found:
    """The words of a page, with what needs a second look."""

    words: list[Word] = field(default_factory=list[Word])
    turns: list[int] = field(default_factory=list[int])
    """Per word: quarter turns clockwise from upright; `ASKEW` for any other angle."""
    suspects: list[int] = field(default_factory=list[int])
    """Indices of words in white or clear ink; only a picture of the page can tell."""
    invisible: list[int] = field(default_factory=list[int])
    """Indices of words drawn without ink, as scanners do over the scan."""
    outside: list[int] = field(default_factory=list[int])
    """Indices of words off the page."""
    things: list[int] = field(default_factory=list[int])
    """Per word: address of the text object that draws it, 0 where it is not known."""
    unmapped: float = 0.0
    """Share of characters for which the font does not say what they mean."""


@dataclass(slots=True)
class _Runs:
    starts: Ints
    ends: Ints
    sizes: Floats
    turns: Ints


def read_words(page: PdfPage) -> Found:
    handle = raw.FPDFText_LoadPage(page.handle)
    if not handle:
        return Found()
    try:
        text_page = handle_of(handle)
        return _found(page, text_page, int(raw.FPDFText_CountChars(handle)))
    finally:
        raw.FPDFText_ClosePage(handle)


def _found(page: PdfPage, text_page: Handle, count: int) -> Found:
    if count <= 0:
        return Found()
    characters = characters_of(page, text_page, count)
    starts, ends = _stretches(characters.space)
    if not len(starts):
        return Found()
    turns = _turns(page, text_page, characters, starts, ends)
    lying = ((turns - page.rotation // 90) % 2 == 1) & (turns != ASKEW)
    runs = _Runs(starts, ends, heights_of(text_page, starts, lying), turns)
    runs = _split(characters, runs)
    boxes = _unions(page, text_page, characters, runs)
    styles = styles_of(text_page, runs.starts)
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = (across >= 0) & (across <= page.width) & (down >= 0) & (down <= page.height)
    return Found(
        words=_words(characters.text, runs, boxes, styles.bold),
        turns=runs.turns.tolist(),
        suspects=np.flatnonzero(styles.white).tolist(),
        invisible=np.flatnonzero(styles.invisible).tolist(),
        outside=np.flatnonzero(~inside).tolist(),
        things=styles.things,
        unmapped=unmapped_of(text_page, np.flatnonzero(~characters.space)),
    )


def _words(text: str, runs: _Runs, boxes: Floats, bold: list[bool]) -> list[Word]:
    texts = [
        text[start:end] for start, end in zip(runs.starts.tolist(), runs.ends.tolist(), strict=True)
    ]
    places = list(map(Box._make, boxes.tolist()))
    return list(map(Word, texts, places, places, runs.sizes.tolist(), bold))


def _stretches(space: Bools) -> tuple[Ints, Ints]:
    """Starts and ends of the stretches without a space."""
    edges = np.diff(np.concatenate(([True], space, [True])).astype(np.int8))
    return np.flatnonzero(edges == -1), np.flatnonzero(edges == 1)


def _turns(
    page: PdfPage, text_page: Handle, characters: Characters, starts: Ints, ends: Ints
) -> Ints:
    """Quarter turns of each run; the angle is asked for only where its characters go oddly."""
    first, last = characters.box[starts], characters.box[ends - 1]
    across = (last[:, 0] + last[:, 2] - first[:, 0] - first[:, 2]) / 2
    down = (last[:, 1] + last[:, 3] - first[:, 1] - first[:, 3]) / 2
    lone = (ends - starts) < _SHORT
    odd = ~lone & ((np.abs(down) > 0.3 * np.abs(across)) | (across < 0))
    turns = np.full(len(starts), _STRAIGHT, dtype=np.int64)
    if odd.any():
        for index in np.flatnonzero(odd | lone).tolist():
            turns[index] = _turn(page, float(_angle(text_page, int(starts[index]))))
    return turns


def _turn(page: PdfPage, angle: float) -> int:
    """Quarter turns clockwise as shown; PDFium counts clockwise in PDF space, in radians."""
    degrees = (math.degrees(max(0.0, angle)) + page.rotation) % 360
    quarter = round(degrees / 90)
    return quarter % 4 if abs(degrees - 90 * quarter) < _TILT else ASKEW


def _split(characters: Characters, runs: _Runs) -> _Runs:
    """Cut upright runs where the next character is far away: PDFium set no space there."""
    box = characters.box
    size = np.zeros(len(box))
    upright = np.zeros(len(box), dtype=np.bool_)
    lengths = runs.ends - runs.starts
    inside = np.flatnonzero(~characters.space)
    size[inside] = np.repeat(runs.sizes, lengths)
    upright[inside] = np.repeat(runs.turns == _STRAIGHT, lengths)
    gap = box[1:, 0] - box[:-1, 2]
    drop = np.abs(box[1:, 1] + box[1:, 3] - box[:-1, 1] - box[:-1, 3]) / 2
    with np.errstate(invalid="ignore"):
        jump = (gap > 0.6 * size[1:]) | (gap < -1.5 * size[1:]) | (drop > 0.8 * size[1:])
    jump &= upright[1:] & upright[:-1]
    cuts = np.flatnonzero(jump) + 1
    if not len(cuts):
        return runs
    starts = np.union1d(runs.starts, cuts)
    owner = np.searchsorted(runs.starts, starts, side="right") - 1
    ends = np.union1d(runs.ends, cuts)
    return _Runs(starts, ends, runs.sizes[owner], runs.turns[owner])


def _unions(page: PdfPage, text_page: Handle, characters: Characters, runs: _Runs) -> Floats:
    """The box of each run's ink; a run without any gets a point where its text begins."""
    edges = np.stack([runs.starts, runs.ends], axis=1).ravel()
    padded = np.vstack([characters.box, np.full((1, 4), np.nan)])
    least = np.fmin.reduceat(padded[:, :2], edges, axis=0)[::2]
    most = np.fmax.reduceat(padded[:, 2:], edges, axis=0)[::2]
    found = np.hstack([least, most])
    empty = np.isnan(found[:, 0])
    if empty.any():
        found[empty] = origins_of(page, text_page, runs.starts[empty])
    return found
