"""From the question's text to ranked evidence that can be read: encoder, index and text store."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import numpy as np

from evals.speed.synthetic import PER_SOURCE, MadeUpLibrary, source_number
from pincite.config import Retrieval
from pincite.elements import (
    Content,
    ContentId,
    How,
    Kind,
    Medium,
    ParsedElement,
    ParsedPassage,
    Scope,
    Source,
)
from pincite.index.ports import ElementIndex
from pincite.index.words import Bm25Words
from pincite.locators import TextSpan
from pincite.models.ports import TextEncoder
from pincite.texts import TextStore
from pincite.values import Value
from retrievers.hybrid import HybridRetriever


class SearchSpeed(Value):
    """Milliseconds; every search is a question that was never asked before."""

    passages: int
    searches: int
    p50: float
    p95: float
    embed_p50: float
    """Of which: the question's vector."""
    dense_p50: float
    words_p50: float


def fill(library: MadeUpLibrary, index: ElementIndex, texts: TextStore, *, passages: int) -> None:
    """Put made-up sources into both stores, `PER_SOURCE` passages each."""
    for first in range(0, passages, PER_SOURCE):
        made = library.texts(min(PER_SOURCE, passages - first))
        _store(texts, first, made)
        stored = texts.passages_of(source_number(first), 1)
        points = library.points(made, first=first)
        index.upsert(
            [replace(p, passage=passage.id) for p, passage in zip(points, stored, strict=True)]
        )


def measure_search(
    library: MadeUpLibrary,
    index: ElementIndex,
    texts: TextStore,
    encoder: TextEncoder,
    *,
    searches: int = 200,
) -> SearchSpeed:
    """Search a filled library; the encoder is warm."""
    encoder.warm_up()
    words = Bm25Words()
    retriever = HybridRetriever(index, encoder, words, texts, Retrieval())
    asked, fresh = _questions(library, searches), _questions(library, searches)
    for question in _questions(library, 5):
        retriever.search(question, Scope(), keep=8)
    seconds = [_timed(partial(retriever.search, q, Scope(), keep=8)) for q in asked]
    embed = [_timed(partial(encoder.embed_query, q)) for q in fresh]
    vectors = [encoder.embed_query(question) for question in fresh]
    sparse = [words.embed_query(question) for question in fresh]
    dense = [_timed(partial(index.search_dense, v, Scope(), keep=40)) for v in vectors]
    found = [_timed(partial(index.search_words, w, Scope(), keep=40)) for w in sparse]
    return SearchSpeed(
        passages=index.count(Scope()),
        searches=searches,
        p50=_ms(seconds, 50),
        p95=_ms(seconds, 95),
        embed_p50=_ms(embed, 50),
        dense_p50=_ms(dense, 50),
        words_p50=_ms(found, 50),
    )


def _questions(library: MadeUpLibrary, count: int) -> list[str]:
    """As long as people's questions; each holds words of the library."""
    drawn = (text.split() for text in library.texts(count, words=3))
    return [f"What was the {a} of {b} and {c} in the last report?" for a, b, c in drawn]


def _store(texts: TextStore, first: int, made: Sequence[str]) -> None:
    source = source_number(first)
    content = ContentId(f"{first:064x}")
    texts.add_content(Content(id=content, size=1, media_type="text/plain", medium=Medium.PDF))
    texts.add_source(
        Source(
            id=source,
            content=content,
            name=str(source),
            origin=str(source),
            medium=Medium.PDF,
            added_at=datetime(2025, 1, 1, tzinfo=UTC),
        )
    )
    place = (TextSpan(start=0, end=1),)
    elements = [
        ParsedElement(kind=Kind.TEXT, text=text, locators=place, how=How.TEXT_LAYER)
        for text in made
    ]
    passages = [ParsedPassage(elements=(n,), text=text) for n, text in enumerate(made)]
    texts.put_unit(content, "made up", 1, elements, passages)


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _ms(seconds: Sequence[float], percentile: float) -> float:
    return 1_000 * float(np.percentile(seconds, percentile))
