"""Speed and memory of what ships. Times are of this machine in this run: compare within a run."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from evals.results import Case, Result, measured, missing
from evals.speed import embedding, first, memory, reading, start
from evals.speed.asking import Wait, measure_asking, median
from evals.speed.engines import KINDS, made_up, measure_engine
from evals.speed.index import measure_index
from evals.speed.search import fill, measure_search
from evals.speed.synthetic import MadeUpLibrary
from evals.suites import Context, Suite
from pincite.config import Index, Settings
from pincite.index.factory import open_index
from pincite.index.ports import TEXT, Space
from pincite.models.factory import text_encoder
from pincite.models.store import ModelStore
from pincite.texts import TextStore
from serving.demo.samples import samples

SEARCHED = {
    "smoke": (1_000,),
    "standard": (1_000, 20_000),
    "full": (1_000, 10_000, 20_000, 100_000, 1_000_000),
}
COMPARED = {"smoke": 1_000, "standard": 20_000, "full": 100_000}
"""Passages; a million takes some 8 GB of disk and an hour."""
OPTIMIZED = {"smoke": 5_000, "standard": 100_000, "full": 100_000}
QUESTIONS = (
    "How many litres of fuel per hour did the ferry burn at 1,500 rpm on the sea trial?",
    "What is the gross weight of delivery 4471 with its crate?",
    "How long does the second bilge pump run before it cuts out?",
    "How many passengers may be on board while one liferaft is away?",
    "How long is the warranty on the hull coating?",
)


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """Start, reading, search, optimisation, answers, memory; each stops where the budget ends."""
    for name, part in PARTS.items():
        if context.out_of_time and name != "start":  # which takes a second
            yield missing("speed", name, "run", "the time budget was spent before", "partial")
        else:
            yield from part(context)


def _figure(dataset: str, metric: str, value: float, unit: str, n: int) -> Result:
    return measured(
        "speed", dataset, metric, value, unit=unit, higher_is_better=False, n=n, n_total=n
    )


def _search(context: Context) -> Iterator[Result]:
    for passages in SEARCHED[context.profile]:
        if context.out_of_time:
            yield missing("speed", f"search_{passages}", "p95_ms", "the time budget", "partial")
        else:
            yield from _search_among(context, passages)


def _search_among(context: Context, passages: int) -> Iterator[Result]:
    encoder = text_encoder(context.settings.encoder, ModelStore(context.settings.models))
    library = MadeUpLibrary(dimensions=encoder.dimensions, seed=context.seed)
    space = Space(encoder=encoder.id, dimensions=encoder.dimensions)
    folder = context.scratch / f"search-{passages}"
    folder.mkdir()
    with (
        TextStore(folder / "texts.db") as texts,
        open_index(Index(), folder / "index", {TEXT: space}) as index,
    ):
        fill(library, index, texts, passages=passages)
        asyncio.run(index.optimize())
        seen = measure_search(library, index, texts, encoder)
    name = f"search_{seen.passages}"
    yield _figure(name, "p50_ms", seen.p50, "ms", seen.searches)
    yield _figure(name, "p95_ms", seen.p95, "ms", seen.searches)
    yield _figure(name, "query_embedding_p50_ms", seen.embed_p50, "ms", seen.searches)


def _engines(context: Context) -> Iterator[Result]:
    """Nearest ten by meaning, with and without search structures and smaller copies."""
    vectors, questions = made_up(COMPARED[context.profile], 200, dimensions=384, seed=context.seed)
    name = f"nearest_{len(vectors)}"
    for kind in KINDS:
        if context.out_of_time:
            yield missing("speed", name, f"{kind}_p95_ms", "the time budget", "partial")
            continue
        folder = context.scratch / f"engine-{kind}"
        folder.mkdir()
        seen = measure_engine(kind, vectors, questions, folder)
        shutil.rmtree(folder, ignore_errors=True)
        if seen is None:
            continue
        yield _figure(name, f"{kind}_p50_ms", seen.p50, "ms", len(questions))
        yield _figure(name, f"{kind}_p95_ms", seen.p95, "ms", len(questions))
        yield _figure(name, f"{kind}_build_s", seen.build_s, "s", 1)
        yield _share(name, f"{kind}_recall_at_10", seen.recall, len(questions))
        if seen.bytes_per_point is not None:
            yield _figure(name, f"{kind}_bytes_a_passage", seen.bytes_per_point, "B", 1)


def _share(dataset: str, metric: str, value: float, n: int) -> Result:
    return measured(
        "speed", dataset, metric, value, unit="share", higher_is_better=True, n=n, n_total=n
    )


def _optimize(context: Context) -> Iterator[Result]:
    points, dimensions = OPTIMIZED[context.profile], 384
    encoder = text_encoder(context.settings.encoder, ModelStore(context.settings.models))
    encoder.warm_up()
    library = MadeUpLibrary(dimensions=dimensions, seed=context.seed)
    settings = Index(optimize_above=10_000_000)
    spaces = {TEXT: Space(encoder="made up", dimensions=dimensions)}
    with open_index(settings, context.scratch / "optimize", spaces) as index:
        seen = asyncio.run(
            measure_index(
                index, library, points=points, dimensions=dimensions, embed=encoder.embed_query
            )
        )
    name = f"optimize_{points}"
    yield _figure(name, "event_loop_gap_max_ms", seen.pause_longest, "ms", 1)
    yield _figure(name, "event_loop_gap_own_max_ms", seen.pause_own, "ms", 1)
    yield _figure(name, "gap_max_of_a_bare_process_ms", seen.pause_elsewhere, "ms", 1)
    yield _figure(name, "seconds", seen.optimize_s, "s", 1)
    yield _figure(name, "search_during_p95_ms", seen.search_during_p95, "ms", 1)
    yield _figure(name, "search_after_p95_ms", seen.search_after_p95, "ms", 1)
    if seen.bytes_per_point is not None:
        yield _figure(name, "bytes_a_passage", seen.bytes_per_point, "B", 1)


def _asking(context: Context) -> Iterator[Result | tuple[str, Case]]:
    settings: Settings = context.settings.model_copy(
        update={"data_dir": context.scratch / "asking"}
    )
    files: Path = samples() / "library"
    asked = QUESTIONS[: context.limit or len(QUESTIONS)]
    waits = asyncio.run(measure_asking(settings, files, asked))
    for metric, values in _columns(waits):
        value = median(values)
        if value is None:
            yield missing("speed", "asking", metric, "no such event came", status="failed")
        else:
            yield _figure("asking", metric, value, "s", len(waits))
    for wait in waits:
        yield "asking", Case(input=wait.question, got=wait.outcome, score=wait.answer_s)


def _columns(waits: Sequence[Wait]) -> Iterator[tuple[str, Sequence[float | None]]]:
    yield "first_quote_s", [wait.first_quote_s for wait in waits]
    yield "first_token_s", [wait.first_token_s for wait in waits]
    yield "answer_s", [wait.answer_s for wait in waits]


def _start(_: Context) -> Iterator[Result]:
    yield from start.measure()


PARTS: dict[str, Suite] = {
    "start": _start,
    "reading": reading.measure,
    "embedding": embedding.measure,
    "search": _search,
    "engines": _engines,
    "optimize": _optimize,
    "asking": _asking,
    "first": first.measure,
    "memory": memory.measure,
}
"""Each can be run alone: `pincite-eval run speed.first`."""
