"""Any PDF files of a data set, cut into stretches of neighbouring pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingestion.readers.pdfium import PdfFile
from pincite.errors import CorruptSource
from pincite.values import Value

PAGES = 10
"""Of a stretch: enough that opening the file and looking at neighbours counts as it does in use."""


class Stretch(Value):
    id: str
    file: Path
    pages: tuple[int, ...]


def stretches(folder: Path) -> Iterator[Stretch]:
    """All stretches of all PDFs below a folder; files that cannot be opened are passed over."""
    for file in sorted(folder.rglob("*.pdf")):
        try:
            with PdfFile(file) as pdf:
                pages = pdf.pages
        except CorruptSource:
            continue
        for first in range(1, pages + 1, PAGES):
            numbers = tuple(range(first, min(first + PAGES, pages + 1)))
            yield Stretch(id=f"{folder.name}/{file.name}:{first}", file=file, pages=numbers)
