"""Who reads the tables of a document: what ships, the same from a scan of it, other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from evals.peers_parse import scan_of
from evals.peers_tables import Box, TablePeer, TablesRead
from evals.scorers.adjacency import Slot
from evals.shipped import reader_of
from evals.suites import Context
from ingestion.readers.ports import UnitRead
from pincite.elements import Table
from pincite.errors import ParserFailed, PinciteError
from pincite.locators import PageBox

ReadDocument = Callable[[Path], TablesRead]
_SCAN_DPI, _QUALITY = 200, 85


def shipped(context: Context) -> ReadDocument:
    """The reader that ships, OCR of pictures on the pages allowed."""

    def read(path: Path) -> TablesRead:
        began = perf_counter()
        try:
            reader = reader_of(context, path)
            units = range(1, reader.outline(path).units + 1)
            found = [_tables(reader.read(path, unit, slow=True)) for unit in units]
        except PinciteError as exc:
            return TablesRead(seconds=perf_counter() - began, failed=str(exc))
        return TablesRead(
            pages=tuple(tuple(map(slots_of, tables)) for tables in found),
            boxes={page: tuple(_boxes(tables)) for page, tables in enumerate(found, start=1)},
            read=len(found),
            seconds=perf_counter() - began,
        )

    return read


def from_scan(context: Context, pages: Sequence[int]) -> ReadDocument:
    """The reader that ships, given pictures of some pages, counted from 1; the others are empty."""
    ours = shipped(context)

    def read(path: Path) -> TablesRead:
        with scan_of(path, pages, _SCAN_DPI, _QUALITY) as scan:
            found = ours(scan)
        if found.failed:
            return found
        placed = dict(zip(pages, found.pages, strict=True))
        every = tuple(placed.get(page, ()) for page in range(1, max(pages) + 1))
        boxes = {page: found.boxes[place] for place, page in enumerate(pages, start=1)}
        return found.model_copy(update={"pages": every, "boxes": boxes})

    return read


def by_peer(peer: TablePeer) -> ReadDocument:
    def read(path: Path) -> TablesRead:
        try:
            return peer.read(path)
        except ParserFailed as exc:
            return TablesRead(failed=str(exc))

    return read


def slots_of(table: Table) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            cell.row,
            cell.column,
            cell.row + cell.row_span - 1,
            cell.column + cell.column_span - 1,
            cell.text,
        )
        for cell in table.cells
    )


def _tables(read: object) -> list[Table]:
    elements = read.elements if isinstance(read, UnitRead) else ()
    return [element.table for element in elements if element.table is not None]


def _boxes(tables: Sequence[Table]) -> Iterator[Box]:
    for table in tables:
        for cell in table.cells:
            place = cell.locator
            if isinstance(place, PageBox):
                yield place.left, place.top, place.right, place.bottom
