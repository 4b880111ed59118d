"""Passages that share words, numbers or names."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from pincite.elements import Scope
from pincite.index.ports import ElementIndex, Hit, SparseEncoder, SparseVector
from pincite.models.ports import Modality
from retrievers.vocabulary import other_words
from retrievers.wording import asked_for, periods_written_out

AROUND = 0.6
"""Of the words of the page that holds what is asked for, beside the words of the line itself."""


class WordsFinder:
    """BM25; a question of stop words alone finds nothing."""

    name = "words"
    modality: Modality = "text"
    counts_in_full = True
    scores_are_cosines = False

    def __init__(
        self, index: ElementIndex, words: SparseEncoder, *, other_words: float = 1.0
    ) -> None:
        """`other_words` weighs those by which a report calls what is asked for.

        With 0 the question is looked for as it stands.
        """
        self._index = index
        self._words = words
        self._weight = other_words

    def find(self, question: str, scope: Scope, *, keep: int) -> list[Hit]:
        asked = self._asked(question)
        return self._index.search_words(asked, scope, keep=keep) if len(asked.indices) else []

    def _asked(self, question: str) -> SparseVector:
        if not self._weight:
            return self._words.embed_query(question)
        other = other_words(question)
        parts = (
            (periods_written_out(asked_for(question)), 1.0),
            (other.lines, self._weight),
            (other.around, self._weight * AROUND),
        )
        embed = self._words.embed_query
        return joined((embed(text), weight) for text, weight in parts if text)


def joined(parts: Iterable[tuple[SparseVector, float]]) -> SparseVector:
    """All terms of all parts, each with the highest of its weighted values."""
    values: dict[int, float] = {}
    for vector, weight in parts:
        for index, value in zip(vector.indices.tolist(), vector.values.tolist(), strict=True):
            values[index] = max(values.get(index, 0.0), weight * value)
    indices = sorted(values)
    return SparseVector(
        np.array(indices, dtype=np.uint32),
        np.array([values[index] for index in indices], dtype=np.float32),
    )
