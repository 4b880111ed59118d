"""A page to read, and the reader for it."""

from __future__ import annotations

from pathlib import Path

from ingestion.readers.pdf import PdfReader
from ingestion.readers.ports import UnitRead
from pincite.config import Ingestion
from pincite.models.fakes import FakeTextRecognizer
from tests.unit.ingestion.pages.drawn import HEIGHT, PROSE, Pen, heading, paragraph


def reader(*, max_pages: int = 5_000) -> PdfReader:
    return PdfReader(Ingestion(max_pages=max_pages), FakeTextRecognizer)


def read(path: Path, page: int = 1, *, slow: bool = False) -> UnitRead:
    found = reader().read(path, page, slow=slow)
    assert isinstance(found, UnitRead), found
    return found


def report(pen: Pen) -> None:
    heading(pen, "Annual report of the harbour", 72, 90, size=22)
    paragraph(pen, PROSE, 72, 130, 450)
    heading(pen, "Ships", 72, 260, size=15)
    paragraph(pen, "In all, 214 ships came in. " + PROSE, 72, 285, 450)
    pen.drawString(90, HEIGHT - 400, "• Twelve of them carried timber.")
    pen.drawString(90, HEIGHT - 418, "• Nine of them carried coal.")
    heading(pen, "Staff", 72, 460, size=15)
    paragraph(pen, PROSE, 72, 485, 450)
