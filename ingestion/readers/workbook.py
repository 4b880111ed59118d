"""Excel files by openpyxl, which the extra `office` brings.

Not by `unstructured`: that drops number formats (12.5 % becomes 0.125), and takes 12 s for a sheet
of 10 000 rows that is read here in two.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ingestion.packages import check_package, xml_bytes
from ingestion.readers.cell_texts import displayed
from ingestion.readers.documents import Document, Format
from ingestion.readers.flow import Flow
from ingestion.readers.sheets import Place, Sheet, write_sheet
from ingestion.readers.styling import Look, colour_of
from pincite.errors import CorruptSource, MissingExtra

try:
    import openpyxl
except ModuleNotFoundError as exc:
    if exc.name != "openpyxl":
        raise
    raise MissingExtra("openpyxl", extra="office") from exc

_STREAMED_ABOVE = 16 << 20
"""Bytes of XML above which a workbook is streamed: less memory, but no merged cells or comments."""
_TINY_POINTS = 2
_MOST_COLUMNS = 16_384
_MARKUP = 2
"""Bytes of XML for a byte of text, at least."""
_BROKEN = (
    zipfile.BadZipFile, SyntaxError, KeyError, ValueError, IndexError, TypeError, AttributeError,
    OSError, EOFError,
)  # fmt: skip
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


class _Entry(NamedTuple):
    """What a cell holds, in one way of opening the workbook."""

    text: str
    is_formula: bool
    comment: str
    is_unseen: bool = False


def _parse(path: Path) -> Document:
    check_package(path, "this Excel file")
    streamed = xml_bytes(path) > _STREAMED_ABOVE
    try:
        sheets = _sheets(path, streamed=streamed, results=True)
        missing = 0
        if _has_formulas(path):
            missing = _fill_in(sheets, _sheets(path, streamed=streamed, results=False))
    except _BROKEN as exc:
        raise CorruptSource("this Excel file is damaged and cannot be read") from exc
    flow = Flow()
    for sheet in sheets:
        write_sheet(sheet, flow)
    if missing:
        flow.warnings.append(
            f"{missing} formula(s) have no stored result and are shown as formulas; "
            "open and save the file in a spreadsheet program"
        )
    return Document(flow.elements, tuple(flow.warnings))


def _sheets(path: Path, *, streamed: bool, results: bool) -> list[Sheet]:
    """Every sheet with its cells that hold something; formulas only where `results` is false."""
    # A path would have to end in .xlsx; stored contents have no suffix.
    with path.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that openpyxl does not know
        book: Any = openpyxl.load_workbook(stream, read_only=streamed, data_only=results)
        try:
            return [_sheet(sheet, streamed=streamed, results=results) for sheet in book.worksheets]
        finally:
            book.close()


def _sheet(sheet: Any, *, streamed: bool, results: bool) -> Sheet:
    entries = dict(_entries(sheet, streamed=streamed))
    unseen = _unseen_lines(sheet)
    return Sheet(
        name=str(sheet.title),
        is_hidden=sheet.sheet_state != "visible",
        texts={
            place: entry.text
            for place, entry in entries.items()
            if entry.text and (results or entry.is_formula)
        },
        comments={place: entry.comment for place, entry in entries.items() if entry.comment},
        spans={} if streamed else dict(_spans(sheet)),
        unseen=frozenset(
            place
            for place, entry in entries.items()
            if entry.is_unseen or place[0] in unseen.rows or place[1] in unseen.columns
        ),
    )


class _Unseen(NamedTuple):
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def _unseen_lines(sheet: Any) -> _Unseen:
    """Rows and columns that are hidden, or almost without height or width."""
    if not hasattr(sheet, "row_dimensions"):
        return _Unseen()
    rows = {
        number
        for number, row in sheet.row_dimensions.items()
        if row.hidden or (row.height is not None and row.height < _TINY_POINTS)
    }
    columns: set[int] = set()
    for column in sheet.column_dimensions.values():
        if column.hidden and column.min and column.max:
            columns.update(range(column.min, min(column.max, column.min + _MOST_COLUMNS) + 1))
    return _Unseen(frozenset(rows), frozenset(columns))


def _is_unseen(cell: Any) -> bool:
    """White on no colour of its own, tiny, or with a number format that shows nothing."""
    if cell.number_format == ";;;":
        return True
    font, fill = cell.font, cell.fill
    if font is None:
        return False
    if font.sz is not None and font.sz < _TINY_POINTS:
        return True
    ink = str(getattr(font.color, "rgb", None) or "")
    plain = fill is None or fill.fill_type is None
    return plain and len(ink) == 8 and Look(colour_of(ink[2:])).is_faint


def _entries(sheet: Any, *, streamed: bool) -> Iterator[tuple[Place, _Entry]]:
    """In no promised order. A stray cell far out makes no row of a million empty ones."""
    if streamed:
        sheet.reset_dimensions()
        cells = (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)
    else:
        cells = sheet._cells.values()  # noqa: SLF001  the public ways fill in all empty cells
    for cell in cells:
        is_formula = cell.data_type == "f"
        value = getattr(cell.value, "text", cell.value) if is_formula else cell.value
        comment = getattr(getattr(cell, "comment", None), "text", "") or ""
        text = displayed(value, str(cell.number_format or "General"))
        if not text and value is not None and cell.number_format == ";;;":
            text = str(value)
        unseen = bool(cell.has_style) and _is_unseen(cell)
        yield (cell.row, cell.column), _Entry(text, is_formula, comment.strip(), unseen)


def _spans(sheet: Any) -> Iterator[tuple[Place, Place]]:
    """Upper left cell of merged ones to how many rows and columns they are."""
    for area in sheet.merged_cells.ranges:
        rows, columns = area.max_row - area.min_row + 1, area.max_col - area.min_col + 1
        yield (area.min_row, area.min_col), (rows, columns)


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(package.read(name)) for name in sheets)


def _fill_in(sheets: list[Sheet], formulas: list[Sheet]) -> int:
    """Show a formula where its result was never stored; how many there are."""
    count = 0
    for sheet, other in zip(sheets, formulas, strict=True):
        missing = {place: text for place, text in other.texts.items() if place not in sheet.texts}
        sheet.texts.update(missing)
        count += len(missing)
    return count


def _admit(path: Path) -> None:
    check_package(path, "this Excel file")


def _bytes(path: Path) -> int:
    return xml_bytes(path, "xl/worksheets/") // _MARKUP


WORKBOOK = Format(f"xlsx-2+openpyxl-{openpyxl.__version__}", _bytes, _parse, _admit)
