"""Is every page accounted for? Everything in the data folder is ingested as a user would do it.

All documents, pictures and recordings go through the composition root into a fresh library, file by
file. A page (or picture, or stretch of a recording) counts as

- done: the ledger says so, and nothing below contradicts it;
- low confidence: the ledger's state of that name: it was read, but the mean confidence of the words
  that a model guessed, weighted by length, is below .6. Pages of which only the text layer was read
  guess nothing; a picture in which nothing was taken for text is done;
- skipped or failed: the ledger says that it was not read, and why. So does a file that was refused,
  with as many pages as another library finds in it;
- lost silently: it is in the file by another library's count (pypdf, Pillow, FFmpeg) and not in the
  ledger; or `pincite sources check` finds that something of it is missing; or bare PDFium finds at
  least 20 letters in its text layer and the library has none; or it was never read at all.

Every page that is not done is a case with its picture in the HTML report.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager

from evals.accounting import FileSeen, UnitSeen, ingested
from evals.datasets.everything import DataFile, files
from evals.intervals import mean_interval
from evals.results import Case, Result, measured, missing
from evals.sketches import Sketch
from evals.suites import Context
from pincite.elements import Medium
from serving.bootstrap import services

SUITE = "coverage"
STANDARD = 100_000
"""Files of a set: all of them."""
_DRAWN = frozenset({Medium.PDF, Medium.IMAGE})
_COUNTS: dict[str, tuple[bool, Callable[[UnitSeen], bool]]] = {
    "pages": (True, lambda _: True),
    "pages_done": (True, lambda unit: unit.fate == "done"),
    "pages_low_confidence": (False, lambda unit: unit.fate == "low_confidence"),
    "pages_skipped": (False, lambda unit: unit.fate == "skipped"),
    "pages_failed": (False, lambda unit: unit.fate == "failed"),
    "pages_lost_silently": (False, lambda unit: unit.fate == "lost"),
    "pages_without_text": (False, lambda unit: unit.fate == "done" and not unit.kept),
}
"""Whether more is better, and which units count; the last is no fault: photos, blank pages."""


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """Set by set, then all together."""
    found: defaultdict[str, list[DataFile]] = defaultdict(list)
    for item in files(context.data) if context.data else ():
        found[item.dataset].append(item)
    if not found:
        yield missing(SUITE, "all", "pages", "no documents, pictures or recordings in --data")
        return
    everything: list[FileSeen] = []
    with _library(context) as ingest:
        for name, items in found.items():
            seen: list[FileSeen] = []
            chosen = context.sample(items, lambda item: item.id, STANDARD)
            for item, one in _ingested(context, chosen, ingest):
                seen.append(one)
                yield from ((name, _case(item, unit)) for unit in one.units)
            everything += seen
            yield from _figures(context, name, seen, len(items))
    yield from _figures(context, "all", everything, sum(map(len, found.values())))


@contextmanager
def _library(context: Context) -> Generator[Callable[[DataFile], FileSeen]]:
    """A fresh one; what is given adds a file to it and says what became of that."""
    settings = context.settings.model_copy(update={"data_dir": context.scratch / "library"})
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        opened = runner.run(stack.enter_async_context(services(settings)))
        try:
            yield lambda item: runner.run(ingested(opened.service, item))
        finally:
            runner.run(stack.aclose())


def _ingested(
    context: Context, items: Sequence[DataFile], ingest: Callable[[DataFile], FileSeen]
) -> Iterator[tuple[DataFile, FileSeen]]:
    for item in items:
        if context.out_of_time:
            return
        yield item, context.once(FileSeen, item.id, lambda item=item: ingest(item))


def _case(item: DataFile, unit: UnitSeen) -> Case:
    scores = {"done": 1.0, "low_confidence": unit.confidence or 0.0}
    told = [unit.fate.replace("_", " "), unit.how]
    if unit.confidence is not None:
        told.append(f"confidence {unit.confidence:.2f}")
    page = max(1, unit.unit)
    return Case(
        input=f"{item.id}#{unit.unit}",
        expected=unit.raw if item.medium is Medium.PDF else None,
        got=unit.kept,
        score=scores.get(unit.fate, 0.0),
        why=", ".join(filter(None, told)) + (f": {unit.why}" if unit.why else ""),
        sketch=Sketch(file=item.file, page=page) if item.medium in _DRAWN else None,
        shown=unit.fate != "done",
    )


def _figures(context: Context, name: str, seen: Sequence[FileSeen], total: int) -> Iterator[Result]:
    if not seen:
        yield missing(SUITE, name, "pages", "the time budget was spent", "partial")
        return
    units = [unit for one in seen for unit in one.units]
    shared: dict[str, object] = {"n": len(seen), "n_total": total}
    if context.out_of_time and len(seen) < total:
        shared |= {"status": "partial", "reason": "the time budget was spent"}
    for metric, (higher, counts) in _COUNTS.items():
        value = float(sum(map(counts, units)))
        more = {"unit": "pages", "higher_is_better": higher, **shared}
        yield measured(SUITE, name, metric, value, **more)
    unread = [float(unit.fate != "done") for unit in units]
    yield measured(
        SUITE,
        name,
        "share_not_done",
        sum(unread) / len(unread),
        unit="fraction",
        higher_is_better=False,
        ci95=mean_interval(unread, seed=context.seed),
        **shared,
    )
