"""Search with parts taken away, so that a report shows what each is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pincite.config import NoReranker
from retrievers.dense import DenseFinder
from retrievers.fused import FusedRetriever
from retrievers.hybrid import HybridRetriever
from retrievers.neighbours import WithNeighbours
from retrievers.ports import Retriever
from retrievers.words import WordsFinder
from serving.bootstrap import Services


def _meaning(opened: Services) -> Retriever:
    finder = DenseFinder(opened.library.index, opened.encoder)
    return FusedRetriever((finder,), opened.library.texts, opened.settings.retrieval)


def _words(opened: Services, other_words: float) -> Retriever:
    library = opened.library
    finder = WordsFinder(library.index, library.words, other_words=other_words)
    return FusedRetriever((finder,), library.texts, opened.settings.retrieval)


def _fusion(opened: Services, **changes: float) -> Retriever:
    library, settings = opened.library, opened.settings.retrieval
    settings = settings.model_copy(update=changes)
    return HybridRetriever(library.index, opened.encoder, library.words, library.texts, settings)


def _with_neighbours(opened: Services) -> Retriever:
    words = opened.settings.retrieval.neighbour_words
    return WithNeighbours(opened.retriever, opened.library.texts, words=words)


VARIANTS: Final[Mapping[str, Callable[[Services], Retriever]]] = {
    "pincite, meaning alone": _meaning,
    "pincite, words alone, as asked": lambda opened: _words(opened, 0),
    "pincite, words alone": lambda opened: _words(opened, opened.settings.retrieval.other_words),
    "pincite, fusion, as asked": lambda opened: _fusion(opened, other_words=0),
    "pincite, fusion": _fusion,
    "pincite, with neighbours": _with_neighbours,
}
"""By what they are called in a report. `fusion` is search that does not understand file names and
the like; `with neighbours` counts the pages that an answer is looked for on as well."""
NOT_RERANKED: Final = "pincite, not reranked"


def variants(opened: Services) -> dict[str, Retriever]:
    """Where a reranker is configured, which is part of what ships then, also without it."""
    made = {name: make(opened) for name, make in VARIANTS.items()}
    if isinstance(opened.settings.reranker, NoReranker):
        return made
    return {**made, NOT_RERANKED: opened.retriever.without_rerank()}
