"""Tables as read by the shipped PDF reader: found and taken apart in one go, nothing given.

`adjacency_f1` is the competition's figure for the complete process: precision and recall of
adjacency relations per document over all its pages, averaged over documents, and the F1 of the two
means. The slice `pooled` takes all relations of all documents together. A table that is found where
the gold has none costs precision. `teds` is the mean over gold tables of the similarity to the
table found on that page that is most like it (each used once); one that was not found scores 0, and
tables beyond the gold cost nothing there. Documents that could not be read count as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from evals.datasets import icdar2013
from evals.datasets.icdar2013 import GoldTable, TableDocument
from evals.intervals import interval_of, mean_interval
from evals.results import Case, Result, measured, missing
from evals.scorers.adjacency import Agreement, Slot, agreement, f1, relations
from evals.scorers.teds import Leaf, Rows, teds
from evals.shipped import read_once, reader_of
from evals.sketches import Mark, Sketch
from evals.suites import Context
from pincite.elements import Table
from pincite.errors import PinciteError
from pincite.locators import PageBox

_DATASET = "icdar2013"
_FOLDER = "icdar2013_tables"
_METRICS = ("adjacency_f1", "teds")
Pages = dict[int, list[Table]]


class _Scored(NamedTuple):
    name: str
    agreement: Agreement
    similar: tuple[float, ...]
    """TEDS of each gold table."""
    failed: str = ""
    sketch: Sketch | None = None


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    folder = context.dataset(_FOLDER)
    documents = icdar2013.load(folder) if folder else []
    if not documents:
        for metric in _METRICS:
            yield missing("tables", _DATASET, metric, f"no data set {_FOLDER} in --data")
        return
    chosen = context.sample(documents, lambda document: document.name, standard=120)
    scored: list[_Scored] = []
    for document in chosen:
        if context.out_of_time:
            break
        scored.append(_score(context, document))
        yield _DATASET, _case(scored[-1], document)
    yield from _results(scored, len(documents), cut=len(scored) < len(chosen))


def _score(context: Context, document: TableDocument) -> _Scored:
    failed = ""
    try:
        pages = _tables(context, document.path)
    except PinciteError as exc:
        pages, failed = {}, str(exc)
    return _Scored(
        document.name,
        _agreement(pages, document.tables),
        tuple(_similarities(pages, document.tables)),
        failed,
        _sketch(document, pages),
    )


def _sketch(document: TableDocument, pages: Pages) -> Sketch:
    """The first page with a gold table, and the cells found on it."""
    page = document.tables[0].page if document.tables else 1
    places = [cell.locator for table in pages.get(page, []) for cell in table.cells]
    marks = [
        Mark(left=place.left, top=place.top, right=place.right, bottom=place.bottom)
        for place in places
        if isinstance(place, PageBox)
    ]
    return Sketch(file=document.path, page=page, marks=tuple(marks))


def _tables(context: Context, path: Path) -> Pages:
    """Tables by page, as the reader gives them; a page counted from 1."""
    pages: Pages = {}
    for unit in range(1, reader_of(context, path).outline(path).units + 1):
        read = read_once(context, path, unit)
        if read is None:
            continue
        for element in read.elements:
            place = element.locators[0]
            if element.table is not None and isinstance(place, PageBox):
                pages.setdefault(place.page, []).append(element.table)
    return pages


def _agreement(pages: Pages, gold: Sequence[GoldTable]) -> Agreement:
    """Relations are compared page by page: a table found elsewhere is no table found."""
    total = Agreement(0, 0, 0)
    for page in {*pages, *(table.page for table in gold)}:
        found = relations([])
        wanted = relations([])
        for table in pages.get(page, []):
            found += relations(slots_of(table))
        for table in gold:
            if table.page == page:
                wanted += relations(_gold_slots(table))
        part = agreement(found, wanted)
        total = Agreement(*(one + other for one, other in zip(total, part, strict=True)))
    return total


def slots_of(table: Table) -> list[Slot]:
    return [
        Slot(
            cell.row,
            cell.column,
            cell.row + cell.row_span - 1,
            cell.column + cell.column_span - 1,
            cell.text,
        )
        for cell in table.cells
    ]


def _gold_slots(table: GoldTable) -> list[Slot]:
    return [
        Slot(cell.row, cell.column, cell.end_row, cell.end_column, cell.text)
        for cell in table.cells
    ]


def _similarities(pages: Pages, gold: Sequence[GoldTable]) -> Iterator[float]:
    free = {page: [_leaves(slots_of(table)) for table in found] for page, found in pages.items()}
    for table in gold:
        wanted = _leaves(_gold_slots(table))
        rest = free.get(table.page, [])
        scores = [teds(found, wanted) for found in rest]
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        if best is None:
            yield 0.0
        else:
            rest.pop(best)
            yield scores[best]


def _leaves(slots: Sequence[Slot]) -> Rows:
    """Every place of the grid is a cell of the tree, or a part of one; empty places as well."""
    if not slots:
        return []
    first, left = min(slot.row for slot in slots), min(slot.column for slot in slots)
    width = 1 + max(slot.end_column for slot in slots) - left
    height = 1 + max(slot.end_row for slot in slots) - first
    owner = {
        (row, column): slot
        for slot in slots
        for row in range(slot.row, slot.end_row + 1)
        for column in range(slot.column, slot.end_column + 1)
    }
    rows: list[list[Leaf]] = []
    for row in range(first, first + height):
        leaves: list[Leaf] = []
        for column in range(left, left + width):
            slot = owner.get((row, column))
            if slot is None:
                leaves.append(Leaf(""))
            elif (slot.row, slot.column) == (row, column):
                text = " ".join(slot.text.split())
                spans = slot.end_row - slot.row + 1, slot.end_column - slot.column + 1
                leaves.append(Leaf(text, *spans))
        rows.append(leaves)
    return rows


def _case(scored: _Scored, document: TableDocument) -> Case:
    part = scored.agreement
    return Case(
        input=f"{_FOLDER}/{document.path.name}",
        expected=f"{part.gold} relations in {len(document.tables)} tables",
        got=f"{part.found} relations, {part.right} of them right",
        score=f1(part.precision, part.recall),
        why=scored.failed,
        sketch=scored.sketch,
    )


def _averaged(parts: Sequence[Agreement]) -> float:
    """As in the competition: each document weighs the same, however many tables it has."""
    count = max(1, len(parts))
    precision = sum(part.precision for part in parts) / count
    return f1(precision, sum(part.recall for part in parts) / count)


def _pooled(parts: Sequence[Agreement]) -> float:
    total = Agreement(*(sum(part[index] for part in parts) for index in range(3)))
    return f1(total.precision, total.recall)


def _results(scored: Sequence[_Scored], n_total: int, *, cut: bool) -> Iterator[Result]:
    reason = "the time budget ended before the last document" if cut else None
    if not scored:
        for metric in _METRICS:
            yield missing("tables", _DATASET, metric, reason or "", "partial")
        return
    parts = [document.agreement for document in scored]
    common = {
        "unit": "fraction",
        "higher_is_better": True,
        "n_failed": sum(bool(document.failed) for document in scored),
        "status": "partial" if cut else "ok",
        "reason": reason,
    }
    for name, score in (("all", _averaged), ("pooled", _pooled)):
        drawn = partial(_of_some, score, parts)
        more = {"slice": name, "ci95": interval_of(drawn, len(parts)), **common}
        more |= {"n": len(parts), "n_total": n_total}
        yield measured("tables", _DATASET, "adjacency_f1", score(parts), **more)
    similar = [value for document in scored for value in document.similar]
    mean = sum(similar) / max(1, len(similar))
    more = {"ci95": mean_interval(similar), "n": len(similar), "n_total": len(similar), **common}
    yield measured("tables", _DATASET, "teds", mean, **more)


def _of_some(
    score: Callable[[Sequence[Agreement]], float],
    parts: Sequence[Agreement],
    indices: Sequence[int],
) -> float:
    return score([parts[index] for index in indices])
