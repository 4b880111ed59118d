"""Rows of cells → a table element's cells, HTML and text. Pure; for formats without pages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pincite.elements import Cell, Table

ROWS_TEXT = 1_000
"""Characters of text after which a long table goes on in another element."""
_NUMBER = re.compile(r"[-+(]?[€$£¥]?\s?\d[\d.,' \u00a0]*\s?(?:%|[€$£¥]|[A-Za-z]{1,3})?\)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
"""A value in the body of a table, a name above it."""
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}.*")


class Box(NamedTuple):
    """A cell as a file gives it, with the place of its upper left corner."""

    row: int
    column: int
    text: str
    is_header: bool = False
    row_span: int = 1
    column_span: int = 1


class Part(NamedTuple):
    """A stretch of a table's rows, under the table's header."""

    text: str
    table: Table


def boxes_of(rows: Iterable[Sequence[str]]) -> list[Box]:
    """A plain grid."""
    return [
        Box(row=number, column=place, text=text)
        for number, row in enumerate(rows)
        for place, text in enumerate(row)
    ]


def names_columns(row: Sequence[Box], *, repeats: bool = False) -> bool:
    """Whether a row looks like the names of columns; `repeats` for one below group names."""
    names = [box.text.strip() for box in row if box.text.strip()]
    named = len(names) > 0.6 * len(row) and (repeats or len(set(names)) == len(names))
    return named and not any(is_value(text) and not _YEAR.fullmatch(text) for text in names)


def is_value(text: str) -> bool:
    """Whether a cell holds a number, an amount, a date or a time rather than a name."""
    return bool(_NUMBER.fullmatch(text.strip()) or _DATE.fullmatch(text.strip()))


def parts_of(boxes: Sequence[Box]) -> Iterator[Part]:
    """The table in pieces of about `ROWS_TEXT` characters, each with the header rows.

    A row reads "Region: North | Sales: 12" where the columns have names, else "North | 12", so that
    a row found alone still says what its values are. Rows joined by a span stay together.
    """
    rows = _by_row(boxes)
    header = [number for number, row in rows.items() if all(box.is_header for box in row)]
    names = _column_names([box for number in header for box in rows[number]])
    lines = {number: _line(row, names) for number, row in _with_spans(rows).items()}
    body = [number for number in rows if number not in header]
    for group in _groups(body, rows, lines) if body else [header]:
        kept = [*header, *group] if body else group
        text = "\n".join(filter(None, (lines[number] for number in group)))
        yield Part(text=text, table=_table([box for number in kept for box in rows[number]]))


def _by_row(boxes: Sequence[Box]) -> dict[int, list[Box]]:
    """Rows in order; where no cell is marked as a header, the first row may look like one."""
    rows: dict[int, list[Box]] = {}
    for box in sorted(boxes, key=lambda box: (box.row, box.column)):
        rows.setdefault(box.row, []).append(box)
    if rows and not any(box.is_header for box in boxes):
        first, *_ = rows
        if len(rows) > 1 and names_columns(rows[first]):
            rows[first] = [box._replace(is_header=True) for box in rows[first]]
    return rows


def _with_spans(rows: dict[int, list[Box]]) -> dict[int, list[Box]]:
    """Rows as a person reads them: a cell that spans rows stands in each of them."""
    seen = {number: list(row) for number, row in rows.items()}
    for row in rows.values():
        for box in row:
            for number in range(box.row + 1, box.row + box.row_span):
                if number in seen:
                    seen[number].append(box)
    return {number: sorted(row, key=lambda box: box.column) for number, row in seen.items()}


def _column_names(header: Sequence[Box]) -> dict[int, str]:
    names: dict[int, list[str]] = {}
    for box in header:
        for column in range(box.column, box.column + box.column_span):
            text = _flat(box.text)
            if text and text not in names.setdefault(column, []):
                names[column].append(text)
    return {column: " ".join(texts) for column, texts in names.items() if texts}


def _groups(
    body: Sequence[int], rows: dict[int, list[Box]], lines: dict[int, str]
) -> Iterator[list[int]]:
    """Of about equal length, so that no row is left over alone."""
    lengths = {number: len(lines[number]) + 1 for number in body}
    count = -(-sum(lengths.values()) // ROWS_TEXT)
    room = sum(lengths.values()) / max(1, count)
    group: list[int] = []
    size, spanned_to = 0, -1
    for number in body:
        if group and size + lengths[number] / 2 > room and number > spanned_to:
            yield group
            group, size = [], 0
        group.append(number)
        size += lengths[number]
        spanned_to = max([spanned_to, *(box.row + box.row_span - 1 for box in rows[number])])
    if group:
        yield group


def _line(row: Sequence[Box], names: dict[int, str]) -> str:
    cells: list[str] = []
    for box in row:
        text, name = _flat(box.text), names.get(box.column)
        if text:
            cells.append(f"{name}: {text}" if name and not box.is_header else text)
    return " | ".join(cells)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _table(boxes: Sequence[Box]) -> Table:
    """Rows are counted anew from 0, so that a part is a table of its own."""
    order = {row: place for place, row in enumerate(sorted({box.row for box in boxes}))}
    last = len(order)
    cells = tuple(
        Cell(
            row=order[box.row],
            column=box.column,
            row_span=max(1, min(box.row_span, last - order[box.row])),
            column_span=max(1, box.column_span),
            text=_flat(box.text),
            is_header=box.is_header,
        )
        for box in boxes
    )
    return Table(cells=cells, html=_html(cells))


def _html(cells: Sequence[Cell]) -> str:
    rows: dict[int, list[str]] = {}
    for cell in cells:
        name = "th" if cell.is_header else "td"
        spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
        spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
        text = html.escape(cell.text, quote=False)
        rows.setdefault(cell.row, []).append(f"<{name}{spans}>{text}</{name}>")
    return "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows.values()) + "</table>"
