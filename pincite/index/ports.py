"""What Pincite asks of an index. Text never enters it: payloads hold ids and filter fields only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt

from pincite.elements import Kind, Medium, PassageId, Scope, SourceId
from pincite.values import Value

Vector = npt.NDArray[np.float32]
"""Shape (dimensions,), of length 1."""

TEXT, IMAGE = "text", "image"
"""The space of the text encoder, and the one that pictures share with words about them."""


class Space(Value):
    """What the vectors of one name are made with; other vectors must never meet them."""

    encoder: str
    dimensions: int


class SparseVector(NamedTuple):
    """Term weights; `indices` ascending and unique, `values` > 0 and of the same length."""

    indices: npt.NDArray[np.uint32]
    values: npt.NDArray[np.float32]


NO_WORDS = SparseVector(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.float32))


class SparseEncoder(Protocol):
    """Maps texts to term weights whose dot product, times IDF on the query side, is BM25."""

    @property
    def id(self) -> str: ...

    def embed_documents(self, texts: Sequence[str]) -> list[SparseVector]: ...

    def embed_query(self, text: str) -> SparseVector:
        """Empty where the query holds no word that is searched for."""
        ...


@dataclass(frozen=True, slots=True)
class Point:
    """A passage as the index keeps it."""

    passage: PassageId
    source: SourceId
    collection: str
    readers: frozenset[str]
    medium: Medium
    page: int | None
    vectors: Mapping[str, Vector]
    """By the name of their space; a passage without words has none in `text`, for instance."""
    words: SparseVector
    kinds: frozenset[Kind] = frozenset()
    """Of its elements."""
    language: str | None = None
    day: date | None = None
    """Of its source."""


Facet = Literal["collection", "kinds", "language", "medium"]
"""Fields whose values may be told. Not readers: who else may see something is nobody's business."""


class Hit(NamedTuple):
    passage: PassageId
    score: float
    """Cosine for dense search, BM25 for words; comparable within one list only."""


class IndexInfo(Value):
    """What an index tells of itself."""

    points: int
    optimized: int | None = None
    """Points that its search structures were built over; None where there are none to build."""
    bytes_on_disk: int | None = None
    """None where the index is not on this machine."""


class Movable(Protocol):
    """An index that gives out what it holds."""

    def points(self) -> Iterator[list[Point]]:
        """All of them, in an order of its own; for moving and repair, never for answers."""
        ...

    def info(self) -> IndexInfo: ...


class ElementIndex(Protocol):
    """Keeps points and finds the nearest ones that a scope admits.

    Thread-safe. What `upsert` and `delete` returned for survives kill −9 of the process.
    The scope is part of the query: points outside it influence neither hits nor counts.
    """

    def upsert(self, points: Sequence[Point]) -> None:
        """Write; a point with the same passage id is replaced. Durable on return."""
        ...

    def delete(self, source: SourceId, *, besides: Collection[PassageId] = ()) -> None:
        """Remove every point of a source, but for those of passages of it that `besides` names.

        No error where there is none. Durable on return.
        """
        ...

    def search_dense(
        self, vector: Vector, scope: Scope, *, keep: int, space: str = TEXT
    ) -> list[Hit]:
        """At most `keep` hits among the points that have a vector in `space`, best first."""
        ...

    def search_words(self, words: SparseVector, scope: Scope, *, keep: int) -> list[Hit]:
        """At most `keep` hits that share a term with the query, best first."""
        ...

    def count(self, scope: Scope) -> int: ...

    def facet(self, scope: Scope, field: Facet) -> dict[str, int]:
        """How many of the points that the scope admits have each value of a field; none has 0.

        A point with several kinds counts for each, one without a language for none.
        """
        ...

    def sources(self) -> set[SourceId]:
        """All sources that have points, whatever their readers; for repair, never for answers."""
        ...

    async def optimize(self) -> None:
        """Build search structures and drop deleted data; searches and writes go on meanwhile."""
        ...

    def purge(self) -> None:
        """Return only when no byte of deleted points is left in the files."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
