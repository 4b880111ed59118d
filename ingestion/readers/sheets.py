"""The cells of a spreadsheet → headings, notes and tables. Pure.

A blank row ends a table. What follows without a header of its own, such as a row of totals, is read
under the header of the table above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingestion.readers.flow import Flag, Flow
from ingestion.readers.grids import Box, names_columns
from pincite.elements import Kind

Place = tuple[int, int]
"""Row and column, from 1."""
_HIDDEN: frozenset[Flag] = frozenset({"hidden_text"})
_LETTERS = 26


class Sheet(NamedTuple):
    """One sheet; only cells that hold something are in it."""

    name: str
    is_hidden: bool
    texts: dict[Place, str]
    comments: dict[Place, str]
    spans: dict[Place, Place]
    """Rows and columns of merged cells, by their upper left one."""
    unseen: frozenset[Place] = frozenset()
    """Cells that a person does not see, in a sheet that is shown."""


Row = list[tuple[int, str]]
"""Columns with their texts, in order."""


class _Block(NamedTuple):
    first: int
    """Number of the first row."""
    rows: list[Row]


def write_sheet(sheet: Sheet, flow: Flow) -> None:
    """An empty sheet leaves no trace; what is unseen of one that is shown comes apart."""
    if not sheet.texts:
        return
    if sheet.unseen and not sheet.is_hidden:
        shown = {at: text for at, text in sheet.texts.items() if at not in sheet.unseen}
        rest = {at: text for at, text in sheet.texts.items() if at in sheet.unseen}
        write_sheet(sheet._replace(texts=shown, unseen=frozenset()), flow)
        if rest:
            flow.heading(f"{sheet.name} (hidden cells)", level=1)
            for row in _rows(rest).values():
                flow.text(" | ".join(text for _, text in row), flags=_HIDDEN)
        return
    flow.heading(f"{sheet.name} (hidden sheet)" if sheet.is_hidden else sheet.name, level=1)
    flags = _HIDDEN if sheet.is_hidden else frozenset[Flag]()
    header: list[Box] = []
    for block in _blocks(sheet.texts):
        header = _write_block(block, sheet, header, flow, flags)
    for (row, column), comment in sorted(sheet.comments.items()):
        flow.text(f"Comment on {_letters(column)}{row}: {comment}", flags=flags)


def _blocks(texts: dict[Place, str]) -> Iterator[_Block]:
    """Stretches of rows without a blank one between them."""
    block: _Block | None = None
    for number, row in _rows(texts).items():
        if block is not None and number == block.first + len(block.rows):
            block.rows.append(row)
            continue
        if block is not None:
            yield block
        block = _Block(number, [row])
    if block is not None:
        yield block


def _rows(texts: dict[Place, str]) -> dict[int, Row]:
    rows: dict[int, Row] = {}
    for (row, column), text in sorted(texts.items()):
        rows.setdefault(row, []).append((column, text))
    return rows


def _write_block(
    block: _Block, sheet: Sheet, above: list[Box], flow: Flow, flags: frozenset[Flag]
) -> list[Box]:
    """Lines of one cell before and behind a table are notes on it; the header that now holds."""
    wide = [place for place, row in enumerate(block.rows) if len(row) > 1]
    if not wide:
        for row in block.rows:
            flow.text(row[0][1], flags=flags)
        return above
    for row in block.rows[: wide[0]]:
        flow.text(row[0][1], kind=Kind.CAPTION, flags=flags)
    body = _Block(block.first + wide[0], block.rows[wide[0] : wide[-1] + 1])
    boxes = _boxes(body, sheet)
    header = [box for box in boxes if box.is_header]
    flow.table(_narrowed([*(() if header else _fitting(above, boxes)), *boxes]), flags=flags)
    for row in block.rows[wide[-1] + 1 :]:
        flow.text(row[0][1], flags=flags)
    return header or above


def _boxes(block: _Block, sheet: Sheet) -> list[Box]:
    """Cells at their places in the sheet; the first row is a header where it names columns."""
    boxes: list[Box] = []
    for number, row in enumerate(block.rows, start=block.first):
        for column, text in row:
            rows, columns = sheet.spans.get((number, column), (1, 1))
            boxes.append(Box(number, column, text, row_span=rows, column_span=columns))
    headers = _header_rows(boxes, block)
    return [box._replace(is_header=box.row < block.first + headers) for box in boxes]


def _header_rows(boxes: Sequence[Box], block: _Block) -> int:
    first = [box for box in boxes if box.row == block.first]
    second = [box for box in boxes if box.row == block.first + 1]
    if len(block.rows) < 2 or not names_columns(first):
        return 0
    grouped = any(box.column_span > 1 for box in first)
    return 2 if grouped and len(block.rows) > 2 and names_columns(second, repeats=True) else 1


def _fitting(header: Sequence[Box], boxes: Sequence[Box]) -> list[Box]:
    """The header of the table above, if all of these columns are among its own."""
    columns = {box.column for box in boxes}
    known = {box.column for box in header}
    return list(header) if columns <= known else []


def _narrowed(boxes: Sequence[Box]) -> list[Box]:
    """Leave out columns that are empty in the whole table; put in cells that are empty."""
    used = sorted({box.column for box in boxes})
    order = {column: place for place, column in enumerate(used)}
    last_row = max(box.row for box in boxes)
    placed: dict[Place, Box] = {}
    covered: set[Place] = set()
    for box in boxes:
        inside = [column for column in used if box.column <= column < box.column + box.column_span]
        rows = min(box.row_span, last_row - box.row + 1)
        placed[box.row, box.column] = box._replace(
            column=order[box.column], row_span=rows, column_span=len(inside)
        )
        if rows > 1 or len(inside) > 1:
            covered |= {(box.row + down, column) for down in range(rows) for column in inside}
    headers = {box.row for box in boxes if box.is_header}
    for row in {box.row for box in boxes}:
        for column in used:
            if (row, column) not in placed and (row, column) not in covered:
                placed[row, column] = Box(row, order[column], "", row in headers)
    return list(placed.values())


def _letters(column: int) -> str:
    """28 → AB."""
    name = ""
    while column:
        column, digit = divmod(column - 1, _LETTERS)
        name = chr(ord("A") + digit) + name
    return name
