"""What a file holds by other means than the readers': pypdf, bare PDFium, Pillow, FFmpeg."""

from __future__ import annotations

import logging
from pathlib import Path

import av
import pypdfium2 as pdfium
from av.error import FFmpegError
from PIL import Image

from ingestion.readers.audio import stretches_of
from pincite.elements import Medium
from pincite.values import Value


class Recount(Value):
    """Units by number, and what of each is certain to be there."""

    units: int
    """0 where the file cannot be opened by the other library either."""
    letters: tuple[int, ...] = ()
    """Of each page of a PDF: letters and digits in its text layer, hidden ones included."""
    by: str

    def raw(self, unit: int) -> int:
        """Letters of a page's text layer; 0 where there is none."""
        return self.letters[unit - 1] if unit <= len(self.letters) else 0


def recount(file: Path, medium: Medium) -> Recount:
    """Pages of a PDF, frames of a picture, stretches of a recording; 1 for an office file."""
    match medium:
        case Medium.PDF:
            return _pdf(file)
        case Medium.IMAGE:
            return Recount(units=_frames(file), by="Pillow")
        case Medium.AUDIO | Medium.VIDEO:
            seconds = _decoded_s(file)
            return Recount(units=len(stretches_of(seconds)) if seconds else 0, by="FFmpeg")
        case Medium.OFFICE | Medium.TEXT | Medium.EMAIL:
            return Recount(units=1, by="a document is one unit")


def letters_in(text: str) -> int:
    return sum(map(str.isalnum, text))


def _pdf(file: Path) -> Recount:
    letters = _letters(file)
    pages = _pages(file)
    if pages is None:
        return Recount(units=len(letters), letters=letters, by="PDFium")
    return Recount(units=pages, letters=letters, by="pypdf")


def _pages(file: Path) -> int | None:
    """By pypdf; None where it is not installed, or cannot open the file for want of a cipher."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PyPdfError
    except ModuleNotFoundError:
        return None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every crooked table
    try:
        return len(PdfReader(file).pages)
    except (DependencyError, PyPdfError, OSError, ValueError, KeyError, RecursionError):
        return None


def _letters(file: Path) -> tuple[int, ...]:
    try:
        document = pdfium.PdfDocument(file)
    except (pdfium.PdfiumError, OSError):
        return ()
    try:
        return tuple(_letters_on(document, number) for number in range(len(document)))
    finally:
        document.close()


def _letters_on(document: pdfium.PdfDocument, number: int) -> int:
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return 0
    text = page.get_textpage()
    try:
        return letters_in(text.get_text_range())
    finally:
        text.close()
        page.close()


def _frames(file: Path) -> int:
    try:
        with Image.open(file) as picture:
            return int(getattr(picture, "n_frames", 1))
    except (OSError, ValueError, SyntaxError):
        return 0


def _decoded_s(file: Path) -> float:
    """Seconds of sound, by decoding all of it."""
    try:
        with av.open(str(file)) as container:
            frames = container.decode(audio=0)
            return sum(frame.samples / frame.sample_rate for frame in frames)
    except (FFmpegError, IndexError, OSError):
        return 0.0
