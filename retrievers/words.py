"""Passages that share words, numbers or names."""

from __future__ import annotations

from pincite.elements import Scope
from pincite.index.ports import ElementIndex, Hit, SparseEncoder


class WordsFinder:
    """BM25; a question of stop words alone finds nothing."""

    name = "words"
    scores_are_cosines = False

    def __init__(self, index: ElementIndex, words: SparseEncoder) -> None:
        self._index = index
        self._words = words

    def find(self, question: str, scope: Scope, *, keep: int) -> list[Hit]:
        asked = self._words.embed_query(question)
        return self._index.search_words(asked, scope, keep=keep) if len(asked.indices) else []
