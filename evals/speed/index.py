"""How an index behaves while it is written to and optimised: does anything else have to wait?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from evals.speed.pauses import watch_pauses
from evals.speed.synthetic import MadeUpLibrary
from pincite.elements import Scope
from pincite.index.edge import EdgeIndex
from pincite.index.ports import ElementIndex, SparseVector
from pincite.values import Value

Embed = Callable[[str], object]
SPARE = 3_200
"""Points kept ready to be written, over and over, while the optimisation runs."""


class IndexSpeed(Value):
    """Times in milliseconds unless the name says otherwise; of hybrid searches."""

    points: int
    dimensions: int
    upserts_per_s: float
    search_before_p50: float
    search_before_p95: float
    optimize_s: float
    search_during_p50: float
    search_during_p95: float
    bytes_per_point: float | None
    """On disk after the optimisation; None where the index is elsewhere."""
    search_after_p50: float
    search_after_p95: float
    written_during: int
    """How often a point was written while the optimisation ran."""
    pause_longest: float
    """Of the event loop while the optimisation ran."""
    pause_own: float
    """The longest during which this process computed: what the index itself can be blamed for."""
    pause_p99: float
    pause_elsewhere: float
    """Longest pause of a bare process at the same time: the machine's other work, not ours."""


async def measure_index(
    index: ElementIndex,
    library: MadeUpLibrary,
    *,
    points: int,
    dimensions: int,
    searches: int = 60,
    embed: Embed | None = None,
) -> IndexSpeed:
    """Fill an empty index, optimise it while searching and writing, and search again.

    With `embed` each search begins by embedding a question.
    """
    writing = 0.0
    for batch in library.batches(points):
        begun = time.perf_counter()
        await asyncio.to_thread(index.upsert, batch)
        writing += time.perf_counter() - begun
    asked = [library.question() for _ in range(searches)]
    search = partial(_search, index, embed)
    before = [await search(question) for question in asked]
    spare = list(library.batches(SPARE, first=points, size=32))
    during: list[float] = []
    written = 0
    async with watch_pauses() as pauses:
        started = time.perf_counter()
        optimizing = asyncio.create_task(index.optimize())
        while not optimizing.done():
            during.append(await search(asked[len(during) % searches]))
            batch = spare[len(during) % len(spare)]
            await asyncio.to_thread(index.upsert, batch)
            written += len(batch)
            await asyncio.sleep(0.1)
        await optimizing
        took = time.perf_counter() - started
    after = [await search(question) for question in asked]
    size = index.info().bytes_on_disk if isinstance(index, EdgeIndex) else None
    return IndexSpeed(
        points=points,
        dimensions=dimensions,
        upserts_per_s=points / writing,
        search_before_p50=_ms(before, 50),
        search_before_p95=_ms(before, 95),
        optimize_s=took,
        search_during_p50=_ms(during, 50),
        search_during_p95=_ms(during, 95),
        bytes_per_point=None if size is None else size / (points + written),
        search_after_p50=_ms(after, 50),
        search_after_p95=_ms(after, 95),
        written_during=written,
        pause_longest=1_000 * pauses.longest,
        pause_own=1_000 * pauses.longest_own,
        pause_p99=1_000 * pauses.percentile(99),
        pause_elsewhere=1_000 * pauses.longest_elsewhere,
    )


Question = tuple[npt.NDArray[np.float32], SparseVector]


async def _search(index: ElementIndex, embed: Embed | None, question: Question) -> float:
    vector, words = question
    started = time.perf_counter()
    if embed is not None:
        await asyncio.to_thread(embed, f"What is said of {words.indices[0]} in the last report?")
    await asyncio.to_thread(index.search_dense, vector, Scope(), keep=40)
    await asyncio.to_thread(index.search_words, words, Scope(), keep=40)
    return time.perf_counter() - started


def _ms(seconds: Sequence[float], percentile: float) -> float:
    return 1_000 * float(np.percentile(seconds, percentile)) if seconds else 0.0
