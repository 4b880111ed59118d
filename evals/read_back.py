"""Elements of digital pages: how fast they came, which characters they hold, what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np
import pypdfium2

from evals.datasets.pdfs import Stretch
from evals.scorers.once import Holder, times_held
from evals.shipped import box_of, read_elements
from evals.sketches import Mark
from ingestion.layout.marks import Box
from ingestion.readers.legibility import legible
from ingestion.readers.pdfium import PDFIUM, PdfFile, PdfPage
from ingestion.readers.pdfium_characters import characters_of
from ingestion.readers.pdfium_raw import handle_of, raw
from ingestion.readers.ports import Reader, UnitRead
from pincite.elements import How, Kind, ParsedElement
from pincite.errors import PinciteError
from pincite.locators import ImageBox, PageBox
from pincite.models.ports import Picture, TextRecognizer
from pincite.values import Value

LEAST_LETTERS = 3
"""A shorter element cannot be read back with any certainty."""
_MARKUP = re.compile(r"\\[A-Za-z]+|[{}^_]")
_SCALE = 3.0
"""Pixels per point."""
_AROUND, _WHITE = 1.5, 30
"""Points of the page around a box that are cut with it; pixels of white around the cutting."""


class Place(Value):
    """An element that can be read back."""

    id: str
    text: str
    boxes: tuple[PageBox, ...]


class StretchRead(Value):
    """A stretch of pages as it was read; figures are sums over its pages."""

    pages: int
    seconds: float
    """From opening the file to the last element."""
    raw_seconds: float
    """Of PDFium's plain text of the same pages."""
    left_for_ocr: int
    failed: tuple[str, ...]
    characters: int
    once: int
    lost: int
    again: int
    places: tuple[Place, ...]


class ReadBack(Value):
    """One element and what another reader finds in its place."""

    id: str
    expected: str
    got: str
    likeness: float
    marks: tuple[Mark, ...]
    """Its boxes first."""


def read_stretch(reader: Reader, stretch: Stretch) -> StretchRead:
    """Read the pages of a stretch with their own text layer, without OCR."""
    began = perf_counter()
    reads: dict[int, UnitRead] = {}
    failed: list[str] = []
    later = 0
    for page in stretch.pages:
        try:
            read = reader.read(stretch.file, page, slow=False)
        except PinciteError as exc:
            failed.append(str(exc))
            continue
        if isinstance(read, UnitRead):
            reads[page] = read
        else:
            later += 1
    seconds = perf_counter() - began
    held = [_held(stretch, page, read) for page, read in reads.items()]
    characters, once, lost, again = np.sum([(0, 0, 0, 0), *held], axis=0).tolist()
    return StretchRead(
        pages=len(reads),
        seconds=seconds,
        raw_seconds=_raw_seconds(stretch, list(reads)),
        left_for_ocr=later,
        failed=tuple(failed),
        characters=characters,
        once=once,
        lost=lost,
        again=again,
        places=tuple(
            place for page, read in reads.items() for place in _places(stretch, page, read)
        ),
    )


def _raw_seconds(stretch: Stretch, pages: Sequence[int]) -> float:
    began = perf_counter()
    document = pypdfium2.PdfDocument(stretch.file)
    for number in pages:
        page = document[number - 1]
        page.get_textpage().get_text_range()
        page.close()
    document.close()
    return perf_counter() - began


def _held(stretch: Stretch, number: int, read: UnitRead) -> tuple[int, int, int, int]:
    holders = [
        Holder(
            text_of(element),
            [(box.left, box.top, box.right, box.bottom) for box in _boxes(element, number)],
        )
        for element in read_elements(read)
    ]
    with PdfFile(stretch.file) as pdf, pdf.page(number) as page:
        text, boxes = _characters(page)
    return times_held(text, boxes, holders)


def _characters(page: PdfPage) -> tuple[str, np.ndarray]:
    """Those on the page; what lies outside gets a row of NaN."""
    handle = raw.FPDFText_LoadPage(page.handle)
    try:
        count = int(raw.FPDFText_CountChars(handle))
        found = characters_of(page, handle_of(handle), count)
    finally:
        raw.FPDFText_ClosePage(handle)
    across = (found.box[:, 0] + found.box[:, 2]) / 2
    down = (found.box[:, 1] + found.box[:, 3]) / 2
    with np.errstate(invalid="ignore"):
        outside = (across < 0) | (across > page.width) | (down < 0) | (down > page.height)
    found.box[outside] = np.nan
    return found.text, found.box


def text_of(element: ParsedElement) -> str:
    """Its text as it stands on the page: of a table each cell once, of a formula no markup."""
    if element.kind is Kind.FORMULA:
        return _MARKUP.sub("", element.text)
    if element.table is None:
        return element.text
    return " ".join(cell.text for cell in element.table.cells)


def _boxes(element: ParsedElement, page: int | None = None) -> list[PageBox]:
    boxes = [box_of(locator) for locator in element.locators]
    return [box for box in boxes if isinstance(box, PageBox) and (page is None or box.page == page)]


def _places(stretch: Stretch, page: int, read: UnitRead) -> Iterator[Place]:
    for number, element in enumerate(read_elements(read)):
        seen = element.how is How.TEXT_LAYER and "hidden_text" not in element.flags
        text = text_of(element)
        if seen and sum(map(str.isalnum, text)) >= LEAST_LETTERS:
            name = f"{stretch.id.partition(':')[0]}:{page}:{number}"
            yield Place(id=name, text=text, boxes=tuple(_boxes(element)))


def seen_at(pdf: PdfFile, boxes: Sequence[PageBox], eye: TextRecognizer) -> str:
    """What a recognizer reads in these boxes of the rendered pages."""
    return " ".join(text for box in boxes for text in _read(eye, _cutting(pdf, box)))


def _cutting(pdf: PdfFile, box: PageBox) -> Picture:
    part = Box(box.left - _AROUND, box.top - _AROUND, box.right + _AROUND, box.bottom + _AROUND)
    with PDFIUM, pdf.page(box.page) as page:
        cut = page.render(_SCALE, part)
    return np.pad(cut, ((_WHITE, _WHITE), (_WHITE, _WHITE), (0, 0)), constant_values=255)


def _read(eye: TextRecognizer, picture: Picture) -> list[str]:
    return [line.text for line in legible(eye.recognize(picture)).lines]


def mark(box: PageBox | ImageBox) -> Mark:
    return Mark(left=box.left, top=box.top, right=box.right, bottom=box.bottom)
