"""Engines and quantizations side by side: the same vectors and questions, nearest ten of each.

Beside what ships: all vectors multiplied by numpy (no durability, no filter, no other process), and
the local mode of Qdrant's client. Quality of a made-up library says little about a real one, so
vectors of real passages can be given; questions are then passages with noise.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.speed.synthetic import MadeUpLibrary, as_points
from pincite.config import Index
from pincite.elements import Scope, source_of
from pincite.index.factory import open_index
from pincite.index.folder import size_of
from pincite.index.ports import TEXT, ElementIndex, Hit, Space, Vector
from pincite.values import Value

Vectors = npt.NDArray[np.float32]
KINDS = ("exact", "hnsw", "int8", "product", "binary", "numpy", "qdrant_client_local")
LOCAL_MOST = 20_000
"""Points of the client's local mode; it is made for no more."""
NEAREST = 10
_BATCH = 1_000


class EngineSpeed(Value):
    """Milliseconds a search unless the name says otherwise; searches are by meaning, unfiltered."""

    kind: str
    points: int
    build_s: float
    """Writing and optimising."""
    p50: float
    p95: float
    recall: float
    """Share of the true nearest ten that are among the ten found."""
    bytes_per_point: float | None
    """On disk with all that the engine keeps; None in memory."""


def measure_engine(
    kind: str, vectors: Vectors, questions: Vectors, folder: Path
) -> EngineSpeed | None:
    """`folder` must be empty; None where the engine is not made for so many points."""
    if kind == "numpy":
        return _numpy(vectors, questions)
    if kind == "qdrant_client_local":
        if len(vectors) > LOCAL_MOST:
            return None
        return _measured(kind, Index(kind="qdrant", url=":memory:"), vectors, questions, folder)
    quantization = {"exact": "none", "hnsw": "none"}.get(kind, kind)
    settings = Index.model_validate({"quantization": quantization, "optimize_above": 10**9})
    return _measured(kind, settings, vectors, questions, folder)


def _measured(
    kind: str, settings: Index, vectors: Vectors, questions: Vectors, folder: Path
) -> EngineSpeed:
    space = Space(encoder="made up", dimensions=vectors.shape[1])
    with open_index(settings, folder, {TEXT: space}) as index:
        begun = time.perf_counter()
        for start in range(0, len(vectors), _BATCH):
            index.upsert(as_points(vectors[start : start + _BATCH], first=start))
        if kind not in ("exact", "qdrant_client_local"):
            asyncio.run(index.optimize())
        built = time.perf_counter() - begun
        seconds, found = _asked(lambda vector: _numbers(_nearest(index, vector)), questions)
        size = size_of(folder) / len(vectors) if settings.kind == "edge" else None
    return _speed(kind, (vectors, questions), built, (seconds, found), size)


def _numpy(vectors: Vectors, questions: Vectors) -> EngineSpeed:
    def nearest(vector: Vector) -> list[int]:
        scores = vectors @ vector
        best = np.argpartition(-scores, NEAREST)[:NEAREST]
        return best[np.argsort(-scores[best])].tolist()

    return _speed("numpy", (vectors, questions), 0.0, _asked(nearest, questions), None)


def _nearest(index: ElementIndex, vector: Vector) -> list[Hit]:
    return index.search_dense(vector, Scope(), keep=40)[:NEAREST]


def _numbers(hits: Sequence[Hit]) -> list[int]:
    return [int(source_of(hit.passage).rpartition("-")[2]) for hit in hits]


def _asked(
    nearest: Callable[[Vector], list[int]], questions: Vectors
) -> tuple[list[float], list[list[int]]]:
    seconds: list[float] = []
    found: list[list[int]] = []
    for question in questions:
        begun = time.perf_counter()
        found.append(nearest(question))
        seconds.append(time.perf_counter() - begun)
    return seconds, found


def _speed(
    kind: str,
    data: tuple[Vectors, Vectors],
    built: float,
    seen: tuple[list[float], list[list[int]]],
    size: float | None,
) -> EngineSpeed:
    (vectors, questions), (seconds, found) = data, seen
    return EngineSpeed(
        kind=kind,
        points=len(vectors),
        build_s=built,
        p50=1_000 * float(np.percentile(seconds, 50)),
        p95=1_000 * float(np.percentile(seconds, 95)),
        recall=recall(vectors, questions, found),
        bytes_per_point=size,
    )


def recall(vectors: Vectors, questions: Vectors, found: Sequence[Sequence[int]]) -> float:
    """Mean share of the true nearest that were found, one question at a time."""
    shares: list[float] = []
    for question, numbers in zip(questions, found, strict=True):
        scores = vectors @ question
        true = np.argpartition(-scores, NEAREST - 1)[:NEAREST]
        shares.append(len(set(true.tolist()) & set(numbers)) / NEAREST)
    return float(np.mean(shares))


def made_up(points: int, questions: int, *, dimensions: int, seed: int) -> tuple[Vectors, Vectors]:
    """Clustered vectors and questions from the same clusters."""
    library = MadeUpLibrary(dimensions=dimensions, seed=seed)
    return library.vectors(points), library.vectors(questions)


def noisy(vectors: Vectors, questions: int, *, seed: int, noise: float = 0.3) -> Vectors:
    """Questions near real passages: of length 1, `noise` is the length of what is added."""
    random = np.random.default_rng(seed)
    chosen = vectors[random.integers(0, len(vectors), questions)]
    added = random.standard_normal(chosen.shape) / np.sqrt(chosen.shape[1])
    drawn = chosen + noise * added
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
