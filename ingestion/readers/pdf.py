"""PDF pages → elements: the text layer where it is sound, OCR where it is not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pypdfium2.version

from ingestion.layout.blocks import Block
from ingestion.layout.continued import continued, first_table, last_table
from ingestion.layout.formulas import formula_regions
from ingestion.layout.furniture import Edges, edges_of
from ingestion.layout.heading_marks import body_type
from ingestion.layout.sections import Open, may_open, opened_by
from ingestion.readers.pdf_drawn import DRAWN, with_drawn_words
from ingestion.readers.pdf_page import PageFound, look_at
from ingestion.readers.pdf_scan import (
    PICTURE,
    Crops,
    has_readable_pictures,
    recognized_read,
    with_inner_text,
)
from ingestion.readers.pdf_text import laid_out, text_read
from ingestion.readers.pdfium import PdfFile, PdfPage
from ingestion.readers.pdfium_glyphs import glyphs_in
from ingestion.readers.ports import Later, Outline, UnitRead
from ingestion.readers.regions import figures_on, is_complex
from pincite.config import Ingestion
from pincite.elements import ParsedElement
from pincite.errors import CorruptSource, TooLarge
from pincite.models.ports import FieldReader, LayoutModel, TextRecognizer

_REOPEN_AFTER = 60
"""Pages; PDFium keeps what it has parsed until the file is closed."""
_KEPT_PAGES = 6
_LOOK_BACK = 24
_AROUND = (1, -1, 2, -2)
_OURS = "4"


class PdfReader:
    """Reads PDF files; keeps the last one open. Not for use by several threads at once."""

    def __init__(
        self,
        settings: Ingestion,
        recognizer: Callable[[], TextRecognizer],
        layout: Callable[[], LayoutModel] | None = None,
        fields: FieldReader | None = None,
    ) -> None:
        """Nothing is opened or loaded; `recognizer` is called at the first page without text.

        Without `fields` the rules of the page layout find the fields of scanned pages.
        """
        self._settings = settings
        self._recognizer = recognizer
        self._layout = layout
        self._fields = fields
        self._open: _OpenPdf | None = None
        self.modelled = 0
        """Pages that the layout model looked at."""

    @property
    def version(self) -> str:
        pdfium = str(pypdfium2.version.PDFIUM_INFO).partition("@")[0]
        uses = [f"pdf-{_OURS}", f"pdfium-{pdfium}", self._recognizer().id]
        if self._layout is not None and self._settings.layout != "never":
            uses.append(f"{self._layout().id}-{self._settings.layout}")
        if self._fields is not None:
            uses.append(self._fields.id)
        return "+".join(uses)

    def outline(self, path: Path) -> Outline:
        pdf = self._opened(path)
        if pdf.pages > self._settings.max_pages:
            raise TooLarge(
                f"{path.name} has {pdf.pages} pages, more than the {self._settings.max_pages} "
                "allowed; split it, or raise PINCITE_INGESTION__MAX_PAGES"
            )
        return Outline(units=pdf.pages, unit_name="page", facts=pdf.facts())

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead | Later:
        pdf = self._opened(path)
        if not 1 <= unit <= pdf.pages:
            raise CorruptSource(f"{path.name} has no page {unit}")
        found = pdf.found(unit)
        if found.state == "empty":
            return UnitRead(how="empty", page_size=(found.width, found.height))
        if found.state != "text" and not slow:
            return Later(why=found.why)
        if found.state == "text":
            if not slow and (found.drawn or has_readable_pictures(found)):
                return Later(why=DRAWN if found.drawn else PICTURE)
            return self._joined(pdf, self._text(pdf, found, unit), unit)
        with pdf.page(unit) as page:
            return recognized_read(found, page, self._recognizer(), self._fields)

    def _text(self, pdf: _OpenPdf, found: PageFound, unit: int) -> UnitRead:
        edges, above = pdf.edges_around(unit), pdf.open_before(unit)
        model = self._model_for(found)
        formulas = formula_regions(found.lines.get(0, []))
        if not (found.pictures or found.charts or found.drawn or formulas or model):
            blocks = laid_out(found, edges)
            pdf.close_page(unit, blocks)
            return text_read(found, unit, blocks, above=above)
        with pdf.page(unit) as page:
            if found.drawn:
                found = with_drawn_words(found, page, self._recognizer())
            figures = figures_on(page, found, model) if model else []
            blocks = laid_out(found, edges, partial(glyphs_in, page), figures)
            pdf.close_page(unit, blocks)
            read = text_read(found, unit, blocks, Crops(page), above)
            if has_readable_pictures(found):
                return with_inner_text(read, found, page, self._recognizer())
            return read

    def _joined(self, pdf: _OpenPdf, read: UnitRead, unit: int) -> UnitRead:
        """A table that goes on from the page before is told so, with the names of its columns."""
        place = first_table(read.elements)
        last = pdf.table_at_end(unit - 1) if place is not None and unit > 1 else None
        if place is None or last is None:
            return read
        table = continued(read.elements[place], last)
        if table is None:
            return read
        elements = (*read.elements[:place], table, *read.elements[place + 1 :])
        return read.model_copy(update={"elements": elements})

    def _model_for(self, found: PageFound) -> LayoutModel | None:
        """The layout model where this page asks for it."""
        wanted = self._settings.layout
        if self._layout is None or wanted == "never":
            return None
        if wanted == "complex_pages" and not is_complex(found):
            return None
        self.modelled += 1
        return self._layout()

    def close(self) -> None:
        """Let go of the file that is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _opened(self, path: Path) -> _OpenPdf:
        stamp = _stamp(path)
        if self._open is None or self._open.stamp != stamp:
            self.close()
            self._open = _OpenPdf(path, stamp)
        return self._open


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        state = path.stat()
    except OSError as exc:
        raise CorruptSource(f"{path.name} cannot be opened") from exc
    return str(path), state.st_mtime_ns, state.st_size


class _OpenPdf:
    """One file and the pages that were looked at last."""

    def __init__(self, path: Path, stamp: tuple[str, int, int]) -> None:
        self.stamp = stamp
        self._path = path
        self._file = PdfFile(path)
        self.pages = self._file.pages
        self._looked = 0
        self._found: OrderedDict[int, PageFound] = OrderedDict()
        self._edges: dict[int, Edges] = {}
        self._open_after: dict[int, Open] = {0: ()}

    def facts(self) -> dict[str, str]:
        return self._file.facts()

    def close(self) -> None:
        self._file.close()

    def page(self, number: int) -> AbstractContextManager[PdfPage]:
        return self._file.page(number)

    def found(self, number: int) -> PageFound:
        """What is on the page; kept for the pages around."""
        if number not in self._found:
            self._renew()
            with self._file.page(number) as page:
                self._found[number] = look_at(page)
            self._looked += 1
            if len(self._found) > _KEPT_PAGES:
                self._found.popitem(last=False)
        return self._found[number]

    def table_at_end(self, number: int) -> ParsedElement | None:
        """The table that a page ends with; None also for a page that is damaged or a scan."""
        try:
            found = self.found(number)
        except CorruptSource:
            return None
        if found.state != "text":
            return None
        blocks = laid_out(found, self.edges_around(number))
        return last_table(text_read(found, number, blocks).elements)

    def edges_around(self, number: int) -> Iterator[Edges]:
        """Edges of the pages around, nearest first; a damaged one is passed over."""
        for step in _AROUND:
            other = number + step
            if not 1 <= other <= self.pages:
                continue
            if other not in self._edges:
                self._edges[other] = self._edges_of(other)
            yield self._edges[other]

    def open_before(self, number: int) -> Open:
        """Headings that the pages before leave open; no further back than `_LOOK_BACK` pages."""
        known = number - 1
        while known not in self._open_after and known > number - _LOOK_BACK:
            known -= 1
        for page in range(known + 1, number):
            self._open_after[page] = self._headings_of(page, self._open_after.get(page - 1, ()))
        return self._open_after.get(number - 1, ())

    def close_page(self, number: int, blocks: Sequence[Block]) -> None:
        """Note which headings the page leaves open, now that it is laid out."""
        above = self._open_after.get(number - 1, ())
        size = body_type(self.found(number).lines.get(0, [])).size
        self._open_after[number] = opened_by(above, blocks, size, is_first=number == 1)

    def _headings_of(self, number: int, above: Open) -> Open:
        try:
            found = self.found(number)
        except CorruptSource:
            return above
        lines = found.lines.get(0, [])
        if found.state != "text" or not may_open(lines):
            return above
        blocks = laid_out(found, self.edges_around(number))
        size = body_type(lines).size
        return opened_by(above, blocks, size, is_first=number == 1)

    def _edges_of(self, number: int) -> Edges:
        try:
            found = self.found(number)
        except CorruptSource:
            return frozenset(), frozenset()
        if found.state != "text":
            return frozenset(), frozenset()
        return edges_of(found.lines.get(0, []), found.height)

    def _renew(self) -> None:
        if self._looked >= _REOPEN_AFTER:
            self._file.close()
            self._file = PdfFile(self._path)
            self._looked = 0
