"""Is the answer in what was found? Decided before any model writes.

Signals of the search, of the words, and of a small reader are weighed by a logistic function that
`scripts/fit_sufficiency.py` fitted on questions which the suite `refusal` does not report. Without
the reader's weights the other signals have weights of their own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from agent.selection import candidates
from agent.understanding import parts, wanted
from pincite.evidence import Evidence
from pincite.grounding.evidence_window import window
from pincite.grounding.names import names_in
from pincite.grounding.negation import opposed
from pincite.grounding.numbers import quantities, same
from pincite.grounding.spots import spots_of
from pincite.grounding.words import content, folded
from pincite.models.ports import PassageReader, TextEncoder

NEAREST: Final = 5
"""Pieces of evidence that count."""


UNREAD: Final = (-8.0, 4.0)
"""What a reader would say of a passage without a word of text."""


class Signals(NamedTuple):
    """What speaks for the answer being there; nought where nothing was found."""

    similarity: float = 0.0
    """Best cosine of question and passage; 0 where no dense retriever took part."""
    relevance: float = 0.0
    """Of the best sentence, as a quote."""
    words: float = 0.0
    """Share of what the question is about that the best passage holds."""
    names: float = 0.0
    """Share of its names, codes and years that the evidence holds; 1 without any."""
    opposed: float = 0.0
    """1 where the best sentence has a word that is the opposite of one in the question."""
    answered: float = 0.0
    """The reader's logit for the passage that answers best."""
    doubt: float = 0.0
    """Its logit for the word of the question that this passage bears out least."""


class Weights(NamedTuple):
    """Of a logistic function of the signals."""

    bias: float
    each: Signals
    answers_from: float
    """Probability from which a question goes on to be answered: the one operating point."""

    def probability(self, found: Signals) -> float:
        total = self.bias + sum(w * s for w, s in zip(self.each, found, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


WITH_READER: Final = Weights(
    -3.813,
    Signals(
        similarity=1.515,
        relevance=3.021,
        names=0.675,
        opposed=-1.197,
        answered=0.348,
        doubt=-0.244,
    ),
    0.172,
)
WITHOUT_READER: Final = Weights(
    -3.976,
    Signals(similarity=1.854, relevance=2.743, words=0.060, names=1.247, opposed=-1.067),
    0.216,
)


class Sufficiency(NamedTuple):
    """How likely the evidence answers, and what it leaves open."""

    probability: float
    answers_from: float
    missing: tuple[str, ...] = ()
    """Parts of a question of several that are likely not answered, in order."""

    @property
    def enough(self) -> bool:
        return self.probability >= self.answers_from


def sufficiency(
    question: str,
    evidence: Sequence[Evidence],
    encoder: TextEncoder,
    reader: PassageReader | None,
) -> Sufficiency:
    """Of a question that asks several things it is enough to answer one.

    About 0.1 s with the reader for each thing that is asked; what is embedded here is needed for
    the quotes as well.
    """
    weights = WITH_READER if reader else WITHOUT_READER
    likely = {
        part: weights.probability(signals(part, evidence, encoder, reader)) if evidence else 0.0
        for part in parts(question)
    }
    missing = tuple(part for part in parts(question)[1:] if likely[part] < weights.answers_from)
    return Sufficiency(max(likely.values()), weights.answers_from, missing)


def signals(
    question: str,
    evidence: Sequence[Evidence],
    encoder: TextEncoder,
    reader: PassageReader | None,
) -> Signals:
    nearest = evidence[:NEAREST]
    if not nearest:
        return Signals()
    quotes = candidates(question, evidence, encoder)
    best = quotes[0] if quotes else None
    texts = [f"{item.source.name} {item.passage.text}" for item in nearest]
    answered, doubt = _read(question, nearest, reader) if reader else (0.0, 0.0)
    return Signals(
        similarity=max(0.0, *(item.similarity or 0.0 for item in nearest)),
        relevance=best.relevance if best else 0.0,
        words=_words(question, texts),
        names=_names(question, " . ".join(texts)),
        opposed=float(bool(best and opposed(question, best.spot.text))),
        answered=answered,
        doubt=doubt,
    )


def _read(question: str, nearest: Sequence[Evidence], reader: PassageReader) -> tuple[float, float]:
    """Of the passage that the reader would rather answer from."""
    found = [UNREAD]
    for item in nearest:
        shown = [each for each in item.elements if "hidden_text" not in each.flags]
        spots = [spot for element in shown for spot in spots_of(element)]
        if spots:
            told = reader.read(question, window(question, spots).text)
            found.append((told.answered, told.doubt))
    return max(found)


def _words(question: str, texts: Sequence[str]) -> float:
    asked = wanted(question)
    held = [frozenset(content(text)) for text in texts]
    return max(sum(stem in stems for stem in asked) / max(len(asked), 1) for stems in held)


def _names(question: str, text: str) -> float:
    """Names count when the evidence holds them in any form; years and codes likewise."""
    plain = re.sub(r"[\W_]+", "", folded(text))
    names = [re.sub(r"[\W_]+", "", folded(name)) for name in names_in(question)]
    dates = [q for q in quantities(question) if q.is_date]
    stated = quantities(text)
    held = [name in plain for name in names]
    held += [any(same(date, other) for other in stated) for date in dates]
    return sum(held) / len(held) if held else 1.0
