"""What Pincite knows about whether a question is answered, before a language model reads anything.

The steps of a real answer: the question and its parts are searched for, another query is tried
where the first found too little, and the sentences that were found are scored as quotes. A passage
that is given is the only thing found.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from agent.selection import ANSWERS_FROM
from agent.sufficiency import WITH_READER, WITHOUT_READER, Signals, Weights, signals, sufficiency
from agent.understanding import parts, second_try
from evals.datasets.posed import Posed
from evals.results import PRODUCT
from pincite.elements import ContentId, Medium, Passage, PassageId, Scope, Source, SourceId
from pincite.evidence import Evidence
from pincite.grounding.contexts import placed
from pincite.models.ports import PassageReader, TextEncoder
from pincite.values import Value
from retrievers.ports import Retriever

WITHOUT: Final = f"{PRODUCT}, without the reader"
QUOTES: Final = f"{PRODUCT}, quotes only"
RULES: Final = "rules of before"
SCORE_ALONE: Final = "retrieval score alone"
ALWAYS: Final = "always answer"
SIMILAR_FROM: Final = 0.319
"""Cosine of the nearest passage; by `scripts/fit_sufficiency.py`."""
CLEARLY_NEAR, FAR, RULES_FROM = 0.55, 0.2, 0.45
"""Of the rules that were in use before: cosines that say all or nothing, and their cut."""
SYSTEMS: Final = (PRODUCT, WITHOUT, QUOTES, RULES, SCORE_ALONE, ALWAYS)


class Known(Value):
    """Of one question."""

    signals: Signals
    read: bool
    """Whether the reader took part."""

    @property
    def weights(self) -> Weights:
        return WITH_READER if self.read else WITHOUT_READER

    def cuts(self) -> dict[str, float]:
        """Score from which each system answers."""
        return {
            PRODUCT: self.weights.answers_from,
            WITHOUT: WITHOUT_READER.answers_from,
            QUOTES: 1.0,
            RULES: RULES_FROM,
            SCORE_ALONE: SIMILAR_FROM,
            ALWAYS: 0.0,
        }

    def scores(self) -> dict[str, float]:
        """By system; higher is surer. Quotes need both: each counts as a ratio to its own cut."""
        found, ours = self.signals, self.weights.probability(self.signals)
        near = min(1.0, max(0.0, (found.similarity - FAR) / (CLEARLY_NEAR - FAR)))
        return {
            PRODUCT: ours,
            WITHOUT: WITHOUT_READER.probability(found),
            QUOTES: min(ours / self.weights.answers_from, found.relevance / ANSWERS_FROM),
            RULES: (0.5 * near + 0.5 * found.words) * (0.4 + 0.6 * found.names),
            SCORE_ALONE: found.similarity,
            ALWAYS: 1.0,
        }


def known(
    question: str,
    found: Sequence[Evidence],
    encoder: TextEncoder,
    reader: PassageReader | None,
) -> Known:
    return Known(signals=signals(question, found, encoder, reader), read=reader is not None)


class Library(NamedTuple):
    """What a question is looked up with."""

    retriever: Retriever
    encoder: TextEncoder
    reader: PassageReader | None


def searched(
    question: str,
    scope: Scope,
    library: Library,
    *,
    keep: int,
    refinements: int,
) -> list[Evidence]:
    """What an answer would be written from, best first."""
    queries = list(parts(question))
    retriever = library.retriever
    found = _merged([retriever.search(query, scope, keep=keep) for query in queries])
    for _ in range(refinements):
        query = second_try(question, queries)
        if sufficiency(question, found, library.encoder, library.reader).enough or not query:
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
