"""How an index behaves while it is written to and optimised: does anything else have to wait?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import numpy.typing as npt

from evals.synthetic import MadeUpLibrary
from pincite.elements import Scope
from pincite.index.ports import ElementIndex, SparseVector
from pincite.values import Value

TICK_S = 0.005
SPARE = 3_200
"""Points kept ready to be written, over and over, while the optimisation runs."""


class IndexSpeed(Value):
    """Times in milliseconds unless the name says otherwise; of hybrid searches without encoder."""

    points: int
    dimensions: int
    upserts_per_s: float
    search_before_p50: float
    search_before_p95: float
    optimize_s: float
    search_during_p50: float
    search_during_p95: float
    search_after_p50: float
    search_after_p95: float
    written_during: int
    """How often a point was written while the optimisation ran."""
    loop_gap_max: float
    """Longest pause of the event loop while the optimisation ran."""
    loop_gap_p99: float


async def measure_index(
    index: ElementIndex, library: MadeUpLibrary, *, points: int, dimensions: int, searches: int = 60
) -> IndexSpeed:
    """Fill an empty index, optimise it while searching and writing, and search again."""
    writing = 0.0
    for batch in library.batches(points):
        begun = time.perf_counter()
        await asyncio.to_thread(index.upsert, batch)
        writing += time.perf_counter() - begun
    asked = [library.question() for _ in range(searches)]
    before = [await _search(index, question) for question in asked]
    spare = list(library.batches(SPARE, first=points, size=32))
    gaps: list[float] = []
    watch = asyncio.create_task(_watch_gaps(gaps))
    started = time.perf_counter()
    optimizing = asyncio.create_task(index.optimize())
    during: list[float] = []
    written = 0
    while not optimizing.done():
        during.append(await _search(index, asked[len(during) % searches]))
        batch = spare[len(during) % len(spare)]
        await asyncio.to_thread(index.upsert, batch)
        written += len(batch)
        await asyncio.sleep(0.1)
    await optimizing
    took = time.perf_counter() - started
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch
    after = [await _search(index, question) for question in asked]
    return IndexSpeed(
        points=points,
        dimensions=dimensions,
        upserts_per_s=points / writing,
        search_before_p50=_ms(before, 50),
        search_before_p95=_ms(before, 95),
        optimize_s=took,
        search_during_p50=_ms(during, 50),
        search_during_p95=_ms(during, 95),
        search_after_p50=_ms(after, 50),
        search_after_p95=_ms(after, 95),
        written_during=written,
        loop_gap_max=1_000 * max(gaps, default=0.0),
        loop_gap_p99=_ms(gaps, 99),
    )


Question = tuple[npt.NDArray[np.float32], SparseVector]


async def _search(index: ElementIndex, question: Question) -> float:
    vector, words = question
    started = time.perf_counter()
    await asyncio.to_thread(index.search_dense, vector, Scope(), keep=40)
    await asyncio.to_thread(index.search_words, words, Scope(), keep=40)
    return time.perf_counter() - started


async def _watch_gaps(gaps: list[float]) -> None:
    """Note by how much each short sleep was longer than asked for, in seconds."""
    while True:
        started = time.perf_counter()
        await asyncio.sleep(TICK_S)
        gaps.append(time.perf_counter() - started - TICK_S)


def _ms(seconds: Sequence[float], percentile: float) -> float:
    return 1_000 * float(np.percentile(seconds, percentile)) if seconds else 0.0
