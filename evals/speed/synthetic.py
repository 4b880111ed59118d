"""Libraries of any size made from a seed, for measurements of speed; never of quality."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from pincite.elements import Medium, SourceId, passage_id
from pincite.index.ports import NO_WORDS, TEXT, Point, SparseVector
from pincite.index.words import Bm25Words

PER_SOURCE = 100
"""Passages of one made-up source."""
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so")


class MadeUpLibrary:
    """Passages with words that follow Zipf's law and vectors in clusters, as real text has."""

    def __init__(self, *, dimensions: int, seed: int = 0, clusters: int = 400) -> None:
        self._random = np.random.default_rng(seed)
        self._dimensions = dimensions
        self._centres = self._random.standard_normal((clusters, dimensions))
        self._words = Bm25Words()

    def vectors(self, count: int) -> npt.NDArray[np.float32]:
        near = self._centres[self._random.integers(0, len(self._centres), count)]
        drawn = near + 0.7 * self._random.standard_normal((count, self._dimensions))
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)

    def texts(self, count: int, *, words: int = 60) -> list[str]:
        drawn = np.minimum(self._random.zipf(1.25, (count, words)), 60_000)
        return [" ".join(_word(int(number)) for number in row) for row in drawn]

    def question(self) -> tuple[npt.NDArray[np.float32], SparseVector]:
        return self.vectors(1)[0], self._words.embed_query(self.texts(1, words=8)[0])

    def points(self, texts: list[str], *, first: int = 0) -> list[Point]:
        """Points for `texts`, numbered from `first`; `PER_SOURCE` of them share a source."""
        rows = zip(
            range(first, first + len(texts)),
            self.vectors(len(texts)),
            self._words.embed_documents(texts),
            strict=True,
        )
        return [
            Point(
                passage=passage_id(source_number(number), number % PER_SOURCE),
                source=source_number(number),
                collection="default",
                readers=frozenset({"local"}),
                medium=Medium.PDF,
                page=1 + number % PER_SOURCE,
                vectors={TEXT: vector},
                words=words,
            )
            for number, vector, words in rows
        ]

    def batches(self, count: int, *, first: int = 0, size: int = 1_000) -> Iterator[list[Point]]:
        for start in range(first, first + count, size):
            wanted = min(size, first + count - start)
            yield self.points(self.texts(wanted), first=start)


def as_points(vectors: npt.NDArray[np.float32], *, first: int) -> list[Point]:
    """Points of vectors alone, each a source of its own that is named by its number."""
    return [
        Point(
            passage=passage_id(source, 0),
            source=source,
            collection="default",
            readers=frozenset({"local"}),
            medium=Medium.PDF,
            page=1,
            vectors={TEXT: vector},
            words=NO_WORDS,
        )
        for source, vector in (
            (SourceId(f"made-up-{number}"), vector)
            for number, vector in enumerate(vectors, start=first)
        )
    ]


def source_number(passage: int) -> SourceId:
    return SourceId(f"made-up-{passage // PER_SOURCE:06}")


def _word(number: int) -> str:
    letters = ""
    while True:
        number, syllable = divmod(number, len(_SYLLABLES))
        letters += _SYLLABLES[syllable]
        if number == 0:
            return letters
