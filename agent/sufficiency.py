"""Is the answer likely in what was found? Decided before any model reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from agent.understanding import wanted
from pincite.evidence import Evidence
from pincite.grounding.names import names_in
from pincite.grounding.numbers import quantities, same
from pincite.grounding.words import content, folded

NEAREST: Final = 5
"""Pieces of evidence that count."""
CLEARLY_NEAR: Final = 0.55
"""Cosine of question and passage at which words may differ."""
FAR: Final = 0.2
"""Cosine below which only shared words can save a passage."""
FROM: Final = 0.45
"""Sufficiency from which the question goes on to be answered."""


class Sufficiency(NamedTuple):
    """What speaks for the answer being there; all in [0, 1]."""

    similarity: float
    """Best cosine of question and passage; 0 where no dense retriever took part."""
    words: float
    """Share of what the question is about that the best passage holds."""
    names: float
    """Share of its names, codes and years that the evidence holds; 1 without any."""

    @property
    def score(self) -> float:
        near = min(1.0, max(0.0, (self.similarity - FAR) / (CLEARLY_NEAR - FAR)))
        return (0.5 * near + 0.5 * self.words) * (0.4 + 0.6 * self.names)

    @property
    def enough(self) -> bool:
        return self.score >= FROM


def sufficiency(question: str, evidence: Sequence[Evidence]) -> Sufficiency:
    nearest = evidence[:NEAREST]
    asked = wanted(question)
    if not nearest or not asked:
        return Sufficiency(0.0, 0.0, 0.0 if not nearest else 1.0)
    texts = [f"{item.source.name} {item.passage.text}" for item in nearest]
    held = [frozenset(content(text)) for text in texts]
    best = max(sum(stem in stems for stem in asked) / len(asked) for stems in held)
    near = max((item.similarity or 0.0 for item in nearest), default=0.0)
    return Sufficiency(max(0.0, near), best, _names(question, " . ".join(texts)))


def _names(question: str, text: str) -> float:
    """Names count when the evidence holds them in any form; years and codes likewise."""
    plain = re.sub(r"[\W_]+", "", folded(text))
    names = [re.sub(r"[\W_]+", "", folded(name)) for name in names_in(question)]
    dates = [q for q in quantities(question) if q.is_date]
    stated = quantities(text)
    held = [name in plain for name in names]
    held += [any(same(date, other) for other in stated) for date in dates]
    return sum(held) / len(held) if held else 1.0
