"""A table over every file: the same things of each, with their places."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Final

from pydantic import Field

from agent.plain_text import evidence_name, evidence_text
from agent.tools.bench import AgentTool, Arguments, Bench, Nothing, Told
from pincite.elements import Element, ElementId, Source
from pincite.errors import UnknownSource
from pincite.extractions import Asked, Column, ColumnKind, Extracted, Extraction, FoundCell, Row

_SECONDS: Final = 30.0
"""After which the other files are named as not looked at."""
_ROWS: Final = 60

_NAMES: Final = 8


class Wanted(Arguments):
    name: str = Field(min_length=1, max_length=60, description="Such as total, date, company.")
    kind: ColumnKind = ColumnKind.TEXT


class Columns(Arguments):
    columns: tuple[Wanted, ...] = Field(min_length=1, max_length=6)


async def _extract(bench: Bench, asked: Columns) -> Told:
    extractor = bench.run.services.extractor
    said = f"looked in every file for {', '.join(column.name for column in asked.columns)}"
    if extractor is None:
        raise Nothing("Tables over all files cannot be made here; search instead.", said)
    try:
        wanted = Asked(
            columns=tuple(Column(name=each.name, kind=each.kind) for each in asked.columns),
            with_model=False,
        )
    except ValueError as exc:
        raise Nothing("Each column needs a name of its own.", said) from exc
    async with aclosing(extractor.extract(wanted, bench.scope, seconds=_SECONDS)) as events:
        async for event in events:
            if isinstance(event, Extracted):
                bench.run.coverage = event.table.coverage
                return Told(await _told(bench, event.table), said)
    raise Nothing("The files were gone through without a result.", said)


async def _told(bench: Bench, table: Extraction) -> str:
    found = [row for row in table.rows if any(isinstance(c, FoundCell) for c in row.cells)]
    shown = found[:_ROWS]
    extractor = bench.run.services.extractor
    ids = [c.citation.element for row in shown for c in row.cells if isinstance(c, FoundCell)]
    known = await asyncio.to_thread(extractor.elements, ids) if extractor else {}
    sources = await asyncio.to_thread(_sources, bench, shown)
    lines = [line for row in shown if (line := _line(bench, table, row, known, sources))]
    if len(found) > len(shown):
        lines.append(f"… and {len(found) - len(shown)} more rows.")
    for column in table.asked.columns:
        without = table.without(column.name)
        if without:
            names = ", ".join(evidence_name(name) for name in without[:_NAMES])
            lines.append(f"No {column.name} in {len(without)} files, such as: {names}.")
    left = [file for file in table.files if not file.is_in_table]
    if left:
        lines.append(f"{len(left)} files were not looked at.")
    return "\n".join(lines) or "There is no file to look in."


def _line(
    bench: Bench,
    table: Extraction,
    row: Row,
    known: dict[ElementId, Element],
    sources: dict[str, Source],
) -> str:
    cells: list[str] = []
    for column, cell in zip(table.asked.columns, row.cells, strict=True):
        if not isinstance(cell, FoundCell) or row.source not in sources:
            continue
        element = known.get(cell.citation.element)
        if element is None:
            continue
        quote = cell.citation.quote
        piece = bench.gathered.show(element, sources[row.source], quote, alone=True)
        value = evidence_text(str(cell.value))
        cells.append(f"{evidence_text(column.name)} {value} [{piece.number}]")
    return f"{evidence_name(row.name)}: {'; '.join(cells)}" if cells else ""


def _sources(bench: Bench, rows: list[Row]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for row in rows:
        try:
            found[row.source] = bench.run.services.library.source(row.source, bench.scope)
        except UnknownSource:
            continue
    return found


EXTRACT: Final = AgentTool(
    "extract",
    "Look for the same things (such as total and date) in every file; gives a row for each, and "
    "says which files have none. For questions about all files.",
    Columns,
    _extract,
)
