"""Other programs that find tables in PDFs with a text layer, as they come, each in its process.

They come with the extra `peers`, for measuring only; see `evals.peers_parse`. Both tell the box and
the text of each cell; which rows and columns a cell takes follows from where its edges are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from pydantic import Field

from evals.peer_process import PeerProcess, answer_lines
from evals.scorers.adjacency import Slot
from pincite.values import Value

_NEAR = 1.0
"""Points within which two edges are one."""
_MODULES = {"pymupdf find_tables": "pymupdf", "pdfplumber": "pdfplumber"}
TABLE_PEERS = tuple(_MODULES)
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
ReadTables = Callable[[Path], list[list[list[Slot]]]]
"""A PDF file → for each page its tables."""


def how_to_install(peer: str) -> str | None:
    """The command that is missing, or None where the peer is there."""
    return None if find_spec(_MODULES[peer]) else "pip install -e '.[office,peers]'"


class TablesRead(Value):
    """What one system made of a file."""

    pages: tuple[tuple[tuple[Slot, ...], ...], ...] = ()
    """For each page its tables."""
    boxes: dict[int, tuple[Box, ...]] = Field(default_factory=dict[int, tuple[Box, ...]])
    """By page, from 1: where the cells are, for pictures; not of peers."""
    read: int = 0
    """Pages."""
    seconds: float = 0
    failed: str = ""
    """Why there is nothing."""


class TablePeer(PeerProcess[TablesRead]):
    """A running peer; it starts with the first file."""

    def __init__(self, name: str) -> None:
        super().__init__("evals.peers_tables", name, TablesRead)


# --- Cells ---------------------------------------------------------------------------------------


class _Cell(NamedTuple):
    box: Box
    text: str


def slots_of(cells: Sequence[tuple[Box, str]]) -> list[Slot]:
    """Rows and columns that cells take, by their edges."""
    across = _edges(edge for box, _ in cells for edge in (box[0], box[2]))
    down = _edges(edge for box, _ in cells for edge in (box[1], box[3]))
    return [
        Slot(
            row=_number(down, box[1]),
            column=_number(across, box[0]),
            end_row=max(_number(down, box[1]), _number(down, box[3]) - 1),
            end_column=max(_number(across, box[0]), _number(across, box[2]) - 1),
            text=text,
        )
        for box, text in cells
    ]


def _edges(places: Iterable[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found


def _number(edges: Sequence[float], place: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - place))


# --- In the process of a peer --------------------------------------------------------------------


def _cells(table: Any) -> Iterator[_Cell]:
    """Both libraries give rows of boxes, None where a cell spans, and rows of texts."""
    for row, texts in zip(table.rows, table.extract(), strict=True):
        for box, text in zip(row.cells, texts, strict=True):
            if box is not None:
                yield _Cell(tuple(box), text or "")


def _pymupdf() -> ReadTables:
    library: Any = import_module("pymupdf")

    def tables(page: Any) -> Iterator[list[Slot]]:
        for table in page.find_tables().tables:
            cells = list(_cells(table))
            if table.header is not None and table.header.external:
                names = zip(table.header.cells, table.header.names, strict=True)
                head = [_Cell(tuple(box), text or "") for box, text in names if box is not None]
                cells = head + cells
            yield slots_of(cells)

    def read(file: Path) -> list[list[list[Slot]]]:
        with library.open(file) as document:
            return [list(tables(page)) for page in document]

    return read


def _pdfplumber() -> ReadTables:
    library: Any = import_module("pdfplumber")

    def read(file: Path) -> list[list[list[Slot]]]:
        with library.open(file) as document:
            return [
                [slots_of(list(_cells(table))) for table in page.find_tables()]
                for page in document.pages
            ]

    return read


_MAKERS: dict[str, Callable[[], ReadTables]] = {
    "pymupdf find_tables": _pymupdf,
    "pdfplumber": _pdfplumber,
}


def _answer(read: ReadTables, file: Path) -> TablesRead:
    began = perf_counter()
    try:
        pages = read(file)
    except Exception as exc:  # noqa: BLE001 - the process edge; peers promise no errors
        why = f"{type(exc).__name__}: {exc}"[:300]
        return TablesRead(seconds=perf_counter() - began, failed=why)
    found = tuple(tuple(tuple(table) for table in tables) for tables in pages)
    return TablesRead(pages=found, read=len(found), seconds=perf_counter() - began)


def serve(name: str) -> None:
    """Answer with the tables of each file."""

    def made() -> Callable[[Path], TablesRead]:
        return partial(_answer, _MAKERS[name]())

    answer_lines(made)


if __name__ == "__main__":
    serve(sys.argv[1])
