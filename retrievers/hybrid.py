"""The default: meaning and words together."""

from __future__ import annotations

from pincite.config import Retrieval
from pincite.index.ports import ElementIndex, SparseEncoder
from pincite.models.ports import TextEncoder
from pincite.texts import TextStore
from retrievers.dense import DenseFinder
from retrievers.fused import FusedRetriever
from retrievers.words import WordsFinder


class HybridRetriever(FusedRetriever):
    """Dense vectors and BM25, fused by rank; implements `retrievers.ports.Retriever`."""

    def __init__(
        self,
        index: ElementIndex,
        encoder: TextEncoder,
        words: SparseEncoder,
        texts: TextStore,
        settings: Retrieval,
    ) -> None:
        finders = (
            DenseFinder(index, encoder),
            WordsFinder(index, words, other_words=settings.other_words),
        )
        super().__init__(finders, texts, settings)
