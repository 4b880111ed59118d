"""A table over all files as a file: CSV, XLSX or JSON.

Every file of the scope is in it, also those that were not read: with the reason, and empty cells.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from agent.extracting.figures import Figure, currency_of, figures
from pincite.errors import UserError
from pincite.extractions import (
    AmountValue,
    Cell,
    CellValue,
    DateValue,
    Extraction,
    FileState,
    FoundCell,
    NumberValue,
    Row,
)
from pincite.table_csv import harmless
from serving.places import exact_place
from serving.workbooks import Content, workbook

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def written_as(table: Extraction, form: str) -> bytes:
    """Raises UserError where it is no form that tables are written in."""
    if form not in _WRITERS:
        raise UserError(f"a table is written as {', '.join(_WRITERS)}, not as {form!r}")
    return _WRITERS[form](table)


def as_csv(table: Extraction) -> bytes:
    """UTF-8 with a mark, as spreadsheets want it; no text of a source is run as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for line in _lines(table):
        writer.writerow([harmless(_plain(content)) for content in line])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: Extraction) -> bytes:
    """Sheets: the table, what each cell rests on, figures over the cells, all files."""
    return workbook(
        {
            "table": list(_lines(table, with_evidence=False)),
            "evidence": list(_evidence(table)),
            "figures": list(_figures(table)),
            "files": [
                ["file", "state", "why"],
                *([file.name, file.state, file.why] for file in table.files),
            ],
        }
    )


def as_json(table: Extraction) -> bytes:
    """The table as it is, with the figures."""
    body = table.model_dump(mode="json")
    body["figures"] = [figure.model_dump(mode="json") for figure in figures(table)]
    return json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


_WRITERS: Final[dict[str, Callable[[Extraction], bytes]]] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "json": as_json,
}


def _lines(table: Extraction, *, with_evidence: bool = True) -> Iterator[list[Content]]:
    """The head; a line for each row; a line for each file that has none."""
    columns = table.asked.columns
    money = {column.name for column in columns if _has_currency(table, column.name)}
    with_items = any(row.item is not None for row in table.rows)
    head = _head(table, money, with_items=with_items)
    yield [*head, *_evidence_heads(table)] if with_evidence else head
    states = {file.source: file for file in table.files}
    for row in table.rows:
        line: list[Content] = [row.name, *([row.item] if with_items else [])]
        for column, cell in zip(columns, row.cells, strict=True):
            line += _content(cell, with_currency=column.name in money)
        line.append(_reading(states[row.source]))
        if with_evidence:
            line += [each for cell in row.cells for each in _rests_on(cell)]
        yield line
    for file in table.files:
        if not file.is_in_table:
            yield [file.name, *[None] * (len(head) - 2), _reading(file)]


def _head(table: Extraction, money: Collection[str], *, with_items: bool) -> list[Content]:
    names = (
        name
        for column in table.asked.columns
        for name in (column.name, f"{column.name} currency" if column.name in money else "")
    )
    return ["file", *(["item"] if with_items else []), *filter(None, names), "reading"]


def _evidence_heads(table: Extraction) -> Iterator[Content]:
    for column in table.asked.columns:
        for what in ("verdict", "place", "quote", "element"):
            yield f"{column.name} {what}"


def _has_currency(table: Extraction, column: str) -> bool:
    return any(currency_of(cell.value) for _, cell in table.found(column))


def _content(cell: Cell, *, with_currency: bool) -> list[Content]:
    if not isinstance(cell, FoundCell):
        return [None, None] if with_currency else [None]
    value = bare(cell.value)
    return [value, currency_of(cell.value)] if with_currency else [value]


def bare(value: CellValue) -> str | Decimal | date:
    """As a spreadsheet can reckon with it."""
    match value:
        case DateValue():
            return value.day
        case AmountValue() | NumberValue():
            return value.number
        case _:
            return str(value)


def _reading(file: FileState) -> str:
    told = {"read": "read", "partly": "partly read"}.get(file.state, "not read")
    return f"{told}: {file.why}" if file.why else told


def _rests_on(cell: Cell) -> list[Content]:
    if not isinstance(cell, FoundCell):
        return [None] * 4
    cited = cell.citation
    return [str(cell.verdict.label), exact_place(cited.locators), cited.quote, cited.element]


def _evidence(table: Extraction) -> Iterator[list[Content]]:
    yield [
        *("cell", "file", "item", "column", "as written", "verdict", "probability", "reason"),
        *("place", "quote", "element", "taken from"),
    ]
    for row in table.rows:
        for column, cell in zip(table.asked.columns, row.cells, strict=True):
            if isinstance(cell, FoundCell):
                yield _of_cell(row, column.name, cell)


def _of_cell(row: Row, column: str, cell: FoundCell) -> list[Content]:
    verdict, cited = cell.verdict, cell.citation
    return [
        *(cited.number, row.name, row.item, column, cell.written),
        *(str(verdict.label), verdict.probability, verdict.reason),
        *(exact_place(cited.locators), cited.quote, cited.element, cell.by),
    ]


def _figures(table: Extraction) -> Iterator[list[Content]]:
    yield [
        *("column", "figure", "value", "currency", "cells", "not supported"),
        *("files without a value", "files not or partly read", "in another currency or none"),
    ]
    yield from map(_of_figure, figures(table))


def _of_figure(figure: Figure) -> list[Content]:
    value = len(figure.cells) if figure.value is None else bare(figure.value)
    return [
        *(figure.column, figure.what, value),
        currency_of(figure.value) if figure.value is not None else "",
        ", ".join(map(str, figure.cells)),
        figure.unsure,
        ", ".join(figure.without),
        ", ".join(figure.not_read),
        figure.other,
    ]


def _plain(content: Content) -> str:
    match content:
        case None:
            return ""
        case date():
            return content.isoformat()
        case Decimal():
            return f"{content:f}"
        case _:
            return " ".join(str(content).split())
