"""What Pincite knows about whether a question is answered, before a language model reads anything.

The steps of a real answer: the question and its parts are searched for, another query is tried
where the first found too little, and the sentences that were found are scored as quotes. A passage
that is given is the only thing found.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from agent.selection import ANSWERS_FROM, candidates
from agent.sufficiency import FROM, Sufficiency, sufficiency
from agent.understanding import parts, second_try
from evals.datasets.posed import Posed
from evals.results import PRODUCT
from pincite.elements import ContentId, Medium, Passage, PassageId, Scope, Source, SourceId
from pincite.evidence import Evidence
from pincite.grounding.contexts import placed
from pincite.models.ports import TextEncoder
from pincite.values import Value
from retrievers.ports import Retriever

QUOTES: Final = f"{PRODUCT}, quotes only"
SCORE_ALONE: Final = "retrieval score alone"
ALWAYS: Final = "always answer"
SIMILAR_FROM: Final = 0.47
"""Cosine of the nearest passage; by `scripts/choose_refusal_cuts.py`."""
CUTS: Final = {PRODUCT: FROM, QUOTES: 1.0, SCORE_ALONE: SIMILAR_FROM, ALWAYS: 0.0}
"""Score from which each system answers."""


class Signals(Value):
    """Of one question."""

    similarity: float
    words: float
    names: float
    relevance: float
    """Of the best quote; nought without one."""

    def scores(self) -> dict[str, float]:
        """By system; higher is surer. Quotes need both: each counts as a ratio to its own cut."""
        enough = Sufficiency(self.similarity, self.words, self.names).score
        return {
            PRODUCT: enough,
            QUOTES: min(enough / FROM, self.relevance / ANSWERS_FROM),
            SCORE_ALONE: self.similarity,
            ALWAYS: 1.0,
        }


def signals(question: str, found: Sequence[Evidence], encoder: TextEncoder) -> Signals:
    told = sufficiency(question, found)
    quotes = candidates(question, found, encoder)
    return Signals(
        similarity=told.similarity,
        words=told.words,
        names=told.names,
        relevance=max((quote.relevance for quote in quotes), default=0.0),
    )


def searched(
    question: str, scope: Scope, retriever: Retriever, *, keep: int, refinements: int
) -> list[Evidence]:
    """What an answer would be written from, best first."""
    queries = list(parts(question))
    found = _merged([retriever.search(query, scope, keep=keep) for query in queries])
    for _ in range(refinements):
        query = second_try(question, queries)
        if sufficiency(question, found).enough or not query:
            break
        queries.append(query)
        found = _merged([found, retriever.search(query, scope, keep=keep)])
    return found


def _merged(lists: Sequence[Sequence[Evidence]]) -> list[Evidence]:
    """By the best place in any list, later lists first of equals."""
    places: dict[PassageId, tuple[int, Evidence]] = {}
    for ranked in reversed(lists):
        for place, item in enumerate(ranked):
            if item.passage.id not in places or place < places[item.passage.id][0]:
                places[item.passage.id] = (place, item)
    return [item for _, item in sorted(places.values(), key=lambda each: each[0])]


def given(posed: Posed, encoder: TextEncoder) -> Evidence:
    """The passage of a question, as if it was the only thing found."""
    source = SourceId("given")
    elements = tuple(item.element for item in placed(posed.text, source))
    vector = encoder.embed_documents([posed.text])[0]
    return Evidence(
        passage=Passage(
            id=PassageId("given.p1"),
            source=source,
            elements=tuple(element.id for element in elements),
            text=posed.text,
        ),
        elements=elements,
        source=Source(
            id=source,
            content=ContentId("0" * 64),
            name=posed.title,
            origin="",
            medium=Medium.TEXT,
            added_at=datetime(2000, 1, 1, tzinfo=UTC),
        ),
        score=1,
        rank=1,
        found_by=("given",),
        similarity=float(vector @ encoder.embed_query(posed.question)),
    )
