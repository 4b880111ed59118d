"""Documents without pages: units that fit together, however many elements there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.readers.documents import MOST_ELEMENTS, Document, DocumentReader, Format
from ingestion.readers.flow import Flow, extracted_text
from ingestion.readers.grids import Box, parts_of
from ingestion.readers.ports import UnitRead
from pincite.elements import ParsedElement
from pincite.errors import CorruptSource
from pincite.locators import TextSpan


def _reader(elements: tuple[ParsedElement, ...], *, size: int = 1) -> DocumentReader:
    def text_bytes(path: Path) -> int:
        return size

    def parse(path: Path) -> Document:
        return Document(elements, ("a warning",))

    return DocumentReader(Format("test-1", text_bytes, parse))


def _units(reader: DocumentReader, path: Path) -> list[UnitRead]:
    return [reader.read(path, n + 1, slow=False) for n in range(reader.outline(path).units)]


def test_a_file_is_parsed_once_for_all_its_units(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    parsed: list[Path] = []

    def parse(path: Path) -> Document:
        parsed.append(path)
        flow = Flow()
        flow.text("word")
        return Document(flow.elements)

    def text_bytes(path: Path) -> int:
        return 1 << 20

    reader = DocumentReader(Format("test-1", text_bytes, parse))
    assert len(_units(reader, path)) == 4
    assert parsed == [path]
    path.write_bytes(b"xy")
    _units(reader, path)
    assert len(parsed) == 2


def test_a_warning_is_given_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    assert [unit.warnings for unit in _units(_reader((), size=1 << 19), path)] == [
        ("a warning",),
        (),
    ]


def test_more_elements_than_a_unit_holds_are_joined_in_place(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    flow = Flow()
    for number in range(3 * MOST_ELEMENTS):
        flow.text(f"n{number}")
    (unit,) = _units(_reader(flow.elements), path)
    assert len(unit.elements) <= MOST_ELEMENTS
    text = extracted_text(flow.elements)
    assert extracted_text(unit.elements) == text
    for element in unit.elements:
        (span,) = element.locators
        assert isinstance(span, TextSpan)
        assert text[span.start : span.end] == element.text


_GRID = st.lists(st.lists(st.sampled_from(["", "a", "Name", "12", "x y"]), max_size=4), max_size=60)


@given(_GRID)
def test_every_cell_of_a_table_is_in_a_part(rows: list[list[str]]) -> None:
    boxes = [
        Box(number, place, text)
        for number, row in enumerate(rows)
        for place, text in enumerate(row)
    ]
    parts = list(parts_of(boxes))
    body = [
        cell.text for part in parts for cell in part.table.cells if cell.text and not cell.is_header
    ]
    header = [cell.text for part in parts[:1] for cell in part.table.cells if cell.is_header]
    assert sorted(filter(None, body + header)) == sorted(box.text for box in boxes if box.text)


def test_what_is_wrong_with_a_file_is_found_out_once_and_said_for_every_unit(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a"
    path.touch()
    tried: list[Path] = []

    def parse(path: Path) -> Document:
        tried.append(path)
        raise CorruptSource("this file is damaged")

    def text_bytes(_: Path) -> int:
        return 1 << 20

    reader = DocumentReader(Format("test-1", text_bytes, parse))
    for unit in range(1, 5):
        with pytest.raises(CorruptSource, match="is damaged"):
            reader.read(path, unit, slow=False)
    assert tried == [path]
