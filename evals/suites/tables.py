"""Tables as read by the shipped PDF reader: found and taken apart in one go, nothing given.

`adjacency_f1` is the competition's figure for the complete process: precision and recall of
adjacency relations per document over all its pages, averaged over documents, and the F1 of the two
means. The slice `pooled` takes all relations of all documents together. A table that is found where
the gold has none costs precision. `teds` is the mean over gold tables of the similarity to the
table found on that page that is most like it (each used once); one that was not found scores 0, and
tables beyond the gold cost nothing there. Documents that could not be read count as zero.

Other programs (`evals.peers_tables`) read the same files in turn. `icdar2013_scanned` are pictures
of the pages with a gold table of some documents, 200 dpi, at most `_SCANS` of each, read by OCR.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from evals.datasets import icdar2013
from evals.datasets.icdar2013 import GoldTable, TableDocument
from evals.intervals import interval_of, mean_interval
from evals.peers_tables import TABLE_PEERS, TablePeer, TablesRead, how_to_install
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.scorers.adjacency import Agreement, Slot, agreement, f1, relations
from evals.scorers.table_trees import leaves
from evals.scorers.teds import teds
from evals.sketches import Mark, Sketch
from evals.suites import Context
from evals.table_systems import by_peer, from_scan, shipped

_DATASET, _SCANNED = "icdar2013", "icdar2013_scanned"
_FOLDER = "icdar2013_tables"
_METRICS = ("adjacency_f1", "teds")
_SPEED = "seconds_per_page"
_DOCUMENTS, _SCANNED_DOCUMENTS, _SCANS = 120, 20, 2
Tables = Sequence[Sequence[Slot]]
Read = Callable[[TableDocument], TablesRead]


class _Scored(NamedTuple):
    name: str
    agreement: Agreement
    similar: tuple[float, ...]
    """TEDS of each gold table."""
    pages: int
    seconds: float
    failed: str
    sketch: Sketch


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    folder = context.dataset(_FOLDER)
    documents = icdar2013.load(folder) if folder else []
    if not documents:
        for dataset in (_DATASET, _SCANNED):
            for metric in _METRICS:
                yield missing("tables", dataset, metric, f"no data set {_FOLDER} in --data")
        return
    absent = {peer: how for peer in TABLE_PEERS if (how := how_to_install(peer))}
    with ExitStack() as stack:
        peers = [stack.enter_context(TablePeer(name)) for name in TABLE_PEERS if name not in absent]
        yield from _digital(context, documents, peers)
    for peer, how in absent.items():
        for metric in _METRICS:
            gone = missing("tables", _DATASET, metric, f"{peer} is not installed; run: {how}")
            yield gone.model_copy(update={"system": peer})
    yield from _scanned(context, documents)


def _digital(
    context: Context, documents: Sequence[TableDocument], peers: Sequence[TablePeer]
) -> Iterator[Result | tuple[str, Case]]:
    readers = {PRODUCT: shipped(context), **{peer.name: by_peer(peer) for peer in peers}}
    systems: dict[str, Read] = {
        name: lambda document, read=read: read(document.path) for name, read in readers.items()
    }
    chosen = context.sample(documents, lambda document: document.name, standard=_DOCUMENTS)
    for system in systems.values():
        system(chosen[0])
    yield from _measured(context, _DATASET, chosen, systems, len(documents))


def _scanned(
    context: Context, documents: Sequence[TableDocument]
) -> Iterator[Result | tuple[str, Case]]:
    def read(document: TableDocument) -> TablesRead:
        return from_scan(context, _pages(document))(document.path)

    with_tables = [document for document in documents if document.tables]
    chosen = context.sample(
        with_tables, lambda document: document.name, standard=_SCANNED_DOCUMENTS
    )
    cut = [_first_pages(document) for document in chosen]
    yield from _measured(context, _SCANNED, cut, {PRODUCT: read}, len(documents))


def _pages(document: TableDocument) -> list[int]:
    return sorted({table.page for table in document.tables})


def _first_pages(document: TableDocument) -> TableDocument:
    """The document as if it had no tables but those of the first pages that have any."""
    pages = _pages(document)[:_SCANS]
    kept = tuple(table for table in document.tables if table.page in pages)
    return document.model_copy(update={"tables": kept})


def _measured(
    context: Context,
    dataset: str,
    chosen: Sequence[TableDocument],
    systems: Mapping[str, Read],
    n_total: int,
) -> Iterator[Result | tuple[str, Case]]:
    """Each document by every system in turn, so that what else runs slows all of them alike."""
    scored: dict[str, list[_Scored]] = {system: [] for system in systems}
    for document in chosen:
        if context.out_of_time:
            break
        for system, read in systems.items():
            key = f"tables/{dataset}/{system}/{document.path}"
            found = context.once(TablesRead, key, partial(read, document))
            scored[system].append(_score(document, found))
            yield dataset, _case(scored[system][-1], document, system)
    for system, results in scored.items():
        named = [*_results(dataset, results, n_total, cut=len(results) < len(chosen))]
        yield from (result.model_copy(update={"system": system}) for result in named)


def _score(document: TableDocument, read: TablesRead) -> _Scored:
    pages = dict(enumerate(read.pages, start=1))
    return _Scored(
        document.name,
        _agreement(pages, document.tables),
        tuple(_similarities(pages, document.tables)),
        read.read,
        read.seconds,
        read.failed,
        _sketch(document, read),
    )


def _sketch(document: TableDocument, read: TablesRead) -> Sketch:
    """The first page with a gold table, and the cells found on it."""
    page = document.tables[0].page if document.tables else 1
    marks = tuple(
        Mark(left=left, top=top, right=right, bottom=bottom)
        for left, top, right, bottom in read.boxes.get(page, ())
    )
    return Sketch(file=document.path, page=page, marks=marks)


def _agreement(pages: Mapping[int, Tables], gold: Sequence[GoldTable]) -> Agreement:
    """Relations are compared page by page: a table found elsewhere is no table found."""
    total = Agreement(0, 0, 0)
    for page in {*pages, *(table.page for table in gold)}:
        found = relations([])
        wanted = relations([])
        for table in pages.get(page, ()):
            found += relations(table)
        for table in gold:
            if table.page == page:
                wanted += relations(_gold_slots(table))
        part = agreement(found, wanted)
        total = Agreement(*(one + other for one, other in zip(total, part, strict=True)))
    return total


def _gold_slots(table: GoldTable) -> list[Slot]:
    return [
        Slot(cell.row, cell.column, cell.end_row, cell.end_column, cell.text)
        for cell in table.cells
    ]


def _similarities(pages: Mapping[int, Tables], gold: Sequence[GoldTable]) -> Iterator[float]:
    free = {page: [leaves(table) for table in found] for page, found in pages.items()}
    for table in gold:
        wanted = leaves(_gold_slots(table))
        rest = free.get(table.page, [])
        scores = [teds(found, wanted) for found in rest]
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        if best is None:
            yield 0.0
        else:
            rest.pop(best)
            yield scores[best]


def _case(scored: _Scored, document: TableDocument, system: str) -> Case:
    part = scored.agreement
    return Case(
        input=f"{_FOLDER}/{document.path.name}",
        system=system,
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


def _results(
    dataset: str, scored: Sequence[_Scored], n_total: int, *, cut: bool
) -> Iterator[Result]:
    reason = "the time budget ended before the last document" if cut else None
    if not scored:
        for metric in _METRICS:
            yield missing("tables", dataset, metric, reason or "", "partial")
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
        yield measured("tables", dataset, "adjacency_f1", score(parts), **more)
    similar = [value for document in scored for value in document.similar]
    mean = sum(similar) / max(1, len(similar))
    more = {"ci95": mean_interval(similar), "n": len(similar), "n_total": len(similar), **common}
    yield measured("tables", dataset, "teds", mean, **more)
    pages = sum(document.pages for document in scored)
    if pages:
        seconds = sum(document.seconds for document in scored) / pages
        more = {**common, "unit": "s", "higher_is_better": False, "n": pages, "n_total": pages}
        yield measured("tables", dataset, _SPEED, seconds, **more)


def _of_some(
    score: Callable[[Sequence[Agreement]], float],
    parts: Sequence[Agreement],
    indices: Sequence[int],
) -> float:
    return score([parts[index] for index in indices])
