"""What every reader of documents promises about places."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from ingestion.readers.documents import DocumentReader, Format
from ingestion.readers.flow import extracted_text
from ingestion.readers.ports import UnitRead
from pincite.elements import ParsedElement
from pincite.locators import TextSpan


def read_all(form: Format, path: Path) -> list[ParsedElement]:
    """The elements of all units, after their places were checked."""
    elements = [element for unit in read_units(form, path) for element in unit.elements]
    assert_exact(elements)
    return elements


def read_units(form: Format, path: Path) -> list[UnitRead]:
    """From a copy without a suffix, as contents are stored."""
    reader = DocumentReader(form)
    path = Path(shutil.copy(path, path.with_name("0f3a")))
    return [
        reader.read(path, unit, slow=False) for unit in range(1, reader.outline(path).units + 1)
    ]


def assert_exact(elements: Sequence[ParsedElement]) -> None:
    """The extracted text at an element's span is the element's text, character for character."""
    text = extracted_text(elements)
    for element in elements:
        (span,) = element.locators
        assert isinstance(span, TextSpan)
        assert text[span.start : span.end] == element.text
