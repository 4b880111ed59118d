"""A page without a sound text layer → elements, by OCR of its picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from ingestion.layout.blocks import Block
from ingestion.layout.elements import Writer, mean_confidence
from ingestion.layout.fields import field_elements
from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Word
from ingestion.layout.model_fields import model_field_elements
from ingestion.layout.page import Surface, page_blocks
from ingestion.layout.prose import vocabulary
from ingestion.layout.soundness import why_misread
from ingestion.readers.pdf_closer import closer_to
from ingestion.readers.pdf_page import PageFound
from ingestion.readers.pdf_text import page_box
from ingestion.readers.pdfium import PdfPage
from ingestion.readers.pictures import as_png
from ingestion.readers.ports import UnitRead
from ingestion.readers.recognized import recognized
from pincite.elements import BlobKey, How, Kind, ParsedElement
from pincite.locators import PageBox
from pincite.models.ports import FieldReader, TextRecognizer

_OCR_SCALE = 200 / 72
"""Pixels per point."""
_FEWEST_LETTERS = 2
_COVERED = 0.3
"""Share of a word under other words from which it is taken for one of them."""
_READABLE_SHARE = 0.1
PICTURE = "a picture on the page may hold text"
PICTURE_READ = "the text in a picture on the page was read by OCR"
_LONG_SIDE, _LARGEST_SCALE = 1900, 8.0
_MOST_PIXELS = 9_000_000
_CROP_SCALE = 2.0
_CROP_SIDE = 1200
_MOST_CROPS = 24


class Crops:
    """Pictures of parts of an open page, taken as they are asked for."""

    def __init__(self, page: PdfPage) -> None:
        self._page = page
        self.taken: dict[str, bytes] = {}

    def take(self, box: Box) -> BlobKey | None:
        """Key of the picture of `box`; None where a page has too many."""
        if len(self.taken) >= _MOST_CROPS:
            return None
        scale = min(_CROP_SCALE, _CROP_SIDE / max(box.width, box.height, 1.0))
        key = f"figure-{len(self.taken) + 1}"
        self.taken[key] = as_png(self._page.render(scale, box))
        return BlobKey(key)


def recognized_read(
    found: PageFound,
    page: PdfPage,
    recognizer: TextRecognizer,
    fields: FieldReader | None = None,
) -> UnitRead:
    """Read the page's picture; a text layer that says a little is kept beside it."""
    scale = _scale(page.width, page.height)

    def place(box: Box) -> Box:
        return Box(*(edge / scale for edge in box))

    def locate(box: Box) -> PageBox:
        return page_box(box, page.number, found.width, found.height)

    picture = page.render(scale)
    read = recognized(picture, recognizer, place, closer_to(page, scale))
    kept = found.words if found.state == "mixed" else ()
    known = vocabulary(word.text for word in (*read.words, *kept))
    writer = Writer(locate, How.OCR, known, keep_words=True)
    elements = writer.elements(read.blocks)
    missing = _unread(kept, read.words)
    if missing:
        typed = Writer(locate, How.TEXT_LAYER, known)
        surface = Surface(found.width, found.height)
        elements = typed.elements(page_blocks(lines_of(missing), surface)) + elements
    elements += (
        model_field_elements(fields, picture, read.lines, locate, scale=scale)
        if fields
        else field_elements(read.lines, locate, How.OCR)
    )
    how: Literal["ocr", "mixed"] = "mixed" if missing else "ocr"
    return UnitRead(
        elements=tuple(elements),
        how=how,
        confidence=mean_confidence(read.words),
        warnings=(*([found.why] if found.why else []), *read.notes),
        page_size=(found.width, found.height),
    )


def has_readable_pictures(found: PageFound) -> bool:
    """Whether pictures on a page with sound text are large enough to hold text of their own."""
    return any(map(_is_readable(found), found.pictures))


def _is_readable(found: PageFound) -> Callable[[Box], bool]:
    least = _READABLE_SHARE * found.width * found.height
    return lambda box: box.area >= least


def with_inner_text(
    read: UnitRead, found: PageFound, page: PdfPage, recognizer: TextRecognizer
) -> UnitRead:
    """The same page, its larger pictures read by OCR; what the text layer says there stays."""
    is_readable = _is_readable(found)
    elements = list(read.elements)
    for index, element in enumerate(elements):
        place = element.locators[0]
        if element.kind is not Kind.FIGURE or not isinstance(place, PageBox):
            continue
        box = Box(place.left, place.top, place.right, place.bottom)
        if not element.text and is_readable(box):
            elements[index] = _inner(element, box, found, page, recognizer)
    if elements == list(read.elements):
        return read
    return read.model_copy(
        update={
            "elements": tuple(elements),
            "how": "mixed",
            "warnings": (*read.warnings, PICTURE_READ),
        }
    )


def _inner(
    figure: ParsedElement,
    box: Box,
    found: PageFound,
    page: PdfPage,
    recognizer: TextRecognizer,
) -> ParsedElement:
    """The figure with the text in it, as far as the text layer does not say the same."""
    scale = min(_OCR_SCALE, (_MOST_PIXELS / box.area) ** 0.5)

    def place(part: Box) -> Box:
        left, top, right, bottom = (edge / scale for edge in part)
        return Box(left + box.left, top + box.top, right + box.left, bottom + box.top)

    read = recognized(page.render(scale, box), recognizer, place)
    words = _apart(read.words, found.words)
    if sum(map(len, (word.text for word in words))) < _FEWEST_LETTERS:
        return figure
    lines = lines_of([word._replace(box=word.shown) for word in words])

    def locate(part: Box) -> PageBox:
        return page_box(part, page.number, found.width, found.height)

    writer = Writer(locate, How.OCR, vocabulary(word.text for word in words), keep_words=True)
    inner = writer.element(Block(Kind.FIGURE, tuple(lines), rows=True))
    if inner is None:
        return figure
    return inner.model_copy(
        update={
            "locators": figure.locators,
            "crop": figure.crop,
            "heading_path": figure.heading_path,
        }
    )


def _scale(width: float, height: float) -> float:
    """200 dpi; more for pages smaller than letters, less where there would be too many pixels."""
    wanted = max(_OCR_SCALE, min(_LARGEST_SCALE, _LONG_SIDE / max(width, height)))
    return min(wanted, (_MOST_PIXELS / (width * height)) ** 0.5)


def _unread(words: Sequence[Word], read: Sequence[Word]) -> list[Word]:
    """Lines of the text layer that OCR has not seen in their place; stray signs are no line."""
    lines = lines_of(_apart(words, read))
    return [
        word
        for line in lines
        if sum(map(str.isalnum, line.text)) >= _FEWEST_LETTERS
        and why_misread(line.words, 1) is None
        for word in line.words
    ]


def _apart(words: Sequence[Word], others: Sequence[Word]) -> list[Word]:
    """The words that hardly any of the others lie upon."""
    left, top, right, bottom = np.array([word.shown for word in others]).reshape(-1, 4).T
    found: list[Word] = []
    for word in words:
        box = word.shown
        across = np.minimum(right, box.right) - np.maximum(left, box.left)
        down = np.minimum(bottom, box.bottom) - np.maximum(top, box.top)
        if float((across.clip(0) * down.clip(0)).sum()) < _COVERED * box.area:
            found.append(word)
    return found
