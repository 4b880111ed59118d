"""Words of a digital page that are no text in the file: set as outlines or as small pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Word, around
from ingestion.readers.pdf_page import PageFound, lines_by_turn
from ingestion.readers.pdfium import PdfPage
from ingestion.readers.pdfium_words import ASKEW
from ingestion.readers.recognized import recognized
from pincite.models.ports import Picture, TextRecognizer

DRAWN = "words on the page may be drawn as shapes or pictures"
DRAWN_READ = "words that are drawn as shapes or pictures were read by OCR"
_SCALE = 200 / 72
"""Pixels per point."""
_MARGIN = 6.0
_SURE = 0.8
"""Least confidence of a line: what is drawn beside text is mostly no text."""
_COVERED = 0.3
"""Share of a word that words of the text layer cover where both say the same."""


def with_drawn_words(found: PageFound, page: PdfPage, recognizer: TextRecognizer) -> PageFound:
    """The page with what OCR reads in `found.drawn`, each line at its place among the others."""
    words, turns = list(found.words), list(found.turns)
    lines = list(_lines(found, page, recognizer))
    for line in lines:
        box = around(word.shown for word in line)
        at = _place(box, words)
        words[at:at] = line
        turns[at:at] = [0 if box.width > box.height else ASKEW] * len(line)
    if not lines:
        return found
    return replace(
        found,
        words=tuple(words),
        turns=tuple(turns),
        lines=lines_by_turn(page, words, turns, found.rules),
        why=DRAWN_READ,
    )


def _lines(found: PageFound, page: PdfPage, recognizer: TextRecognizer) -> Iterator[list[Word]]:
    places = [
        Box(
            max(0.0, box.left - _MARGIN),
            max(0.0, box.top - _MARGIN),
            min(page.width, box.right + _MARGIN),
            min(page.height, box.bottom + _MARGIN),
        )
        for box in found.drawn
    ]
    part = around(places)

    def place(box: Box) -> Box:
        left, top, right, bottom = (edge / _SCALE for edge in box)
        return Box(left + part.left, top + part.top, right + part.left, bottom + part.top)

    read = recognized(_only(places, page.render(_SCALE, part), part), recognizer, place)
    fresh: list[Word] = []
    for word in read.words:
        if not _is_covered(word.shown, (*found.words, *fresh)):
            fresh.append(word._replace(box=word.shown, size=word.size / _SCALE))
    for line in lines_of(fresh):
        letters = sum(len(word.text) for word in line.words)
        sure = sum((word.confidence or 0.0) * len(word.text) for word in line.words)
        if sure >= _SURE * letters and sum(map(str.isalnum, line.text)) > 1:
            yield list(line.words)


def _only(places: Sequence[Box], picture: Picture, part: Box) -> Picture:
    """The picture of `part` with paper where it shows none of the places: one look for all."""
    kept = np.empty_like(picture)
    kept[:] = np.median(picture[::4, ::4], axis=(0, 1)).astype(np.uint8)
    for box in places:
        left, right = (round((edge - part.left) * _SCALE) for edge in (box.left, box.right))
        top, bottom = (round((edge - part.top) * _SCALE) for edge in (box.top, box.bottom))
        kept[top:bottom, left:right] = picture[top:bottom, left:right]
    return kept


def _is_covered(box: Box, words: Iterable[Word]) -> bool:
    return sum(box.overlap(word.shown) for word in words) > _COVERED * box.area


def _place(box: Box, words: Sequence[Word]) -> int:
    """Where in the order of the file a line goes: behind the line above it, else to the start."""
    above = [
        (word.shown.bottom, index)
        for index, word in enumerate(words)
        if word.shown.bottom <= box.top + 1
        and word.shown.left < box.right
        and word.shown.right > box.left
    ]
    if not above:
        return 0
    lowest = max(bottom for bottom, _ in above)
    return 1 + max(index for bottom, index in above if bottom > lowest - box.height)
