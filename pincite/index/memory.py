"""An index in this process's memory: exact, small, gone at exit. The fake of the index port."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from math import log
from typing import Self

import numpy as np

from pincite.elements import PassageId, Scope, SourceId
from pincite.index.ports import TEXT, Facet, Hit, IndexInfo, Point, SparseVector, Vector


class MemoryIndex:
    """Scans every admitted point; about 10 ms for 10 000 of them."""

    def __init__(self) -> None:
        self._points: dict[str, Point] = {}
        self._lock = threading.RLock()

    def upsert(self, points: Sequence[Point]) -> None:
        with self._lock:
            self._points |= {point.passage: point for point in points}

    def delete(self, source: SourceId, *, besides: Collection[PassageId] = ()) -> None:
        kept = set(besides)
        with self._lock:
            points = self._points.items()
            self._points = {k: p for k, p in points if p.source != source or p.passage in kept}

    def search_dense(
        self, vector: Vector, scope: Scope, *, keep: int, space: str = TEXT
    ) -> list[Hit]:
        found = [point for point in self._admitted(scope) if space in point.vectors]
        if not found:
            return []
        scores = np.stack([point.vectors[space] for point in found]) @ vector
        return _best([Hit(p.passage, float(s)) for p, s in zip(found, scores, strict=True)], keep)

    def search_words(self, words: SparseVector, scope: Scope, *, keep: int) -> list[Hit]:
        found = list(self._admitted(scope))
        weights = [
            dict(zip(p.words.indices.tolist(), p.words.values.tolist(), strict=True)) for p in found
        ]
        having = Counter(term for weight in weights for term in weight)
        total = sum(bool(weight) for weight in weights)
        asked = {
            term: value * idf(total, having[term])
            for term, value in zip(words.indices.tolist(), words.values.tolist(), strict=True)
        }
        hits = [
            Hit(point.passage, sum(asked[term] * weight[term] for term in asked if term in weight))
            for point, weight in zip(found, weights, strict=True)
            if not asked.keys().isdisjoint(weight)
        ]
        return _best(hits, keep)

    def count(self, scope: Scope) -> int:
        return sum(1 for _ in self._admitted(scope))

    def facet(self, scope: Scope, field: Facet) -> dict[str, int]:
        points = self._admitted(scope)
        return dict(Counter(value for point in points for value in _values(point, field)))

    def sources(self) -> set[SourceId]:
        with self._lock:
            return {point.source for point in self._points.values()}

    def points(self) -> Iterator[list[Point]]:
        with self._lock:
            yield [self._points[name] for name in sorted(self._points)]

    def info(self) -> IndexInfo:
        return IndexInfo(points=len(self._points))

    async def optimize(self) -> None:
        return

    def purge(self) -> None:
        return

    def close(self) -> None:
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _admitted(self, scope: Scope) -> Iterator[Point]:
        with self._lock:
            points = list(self._points.values())
        return (point for point in points if admits(scope, point))


def admits(scope: Scope, point: Point) -> bool:
    """The meaning of a scope; every other index says the same in its own filter language."""
    return (
        bool(scope.principals & point.readers)
        and (not scope.collections or point.collection in scope.collections)
        and (not scope.sources or point.source in scope.sources)
        and (not scope.media or point.medium in scope.media)
        and (
            scope.pages is None
            or (point.page is not None and scope.pages[0] <= point.page <= scope.pages[1])
        )
        and (not scope.kinds or bool(scope.kinds & point.kinds))
        and (not scope.languages or point.language in scope.languages)
        and (
            scope.dates is None
            or (point.day is not None and scope.dates[0] <= point.day <= scope.dates[1])
        )
    )


def _values(point: Point, field: Facet) -> Iterable[str]:
    match field:
        case "collection":
            return (point.collection,)
        case "kinds":
            return point.kinds
        case "language":
            return (point.language,) if point.language else ()
        case "medium":
            return (point.medium,)


def idf(documents: int, having: int) -> float:
    """Inverse document frequency as Qdrant computes it."""
    return log(1 + (documents - having + 0.5) / (having + 0.5))


def _best(hits: list[Hit], keep: int) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage))[:keep]
