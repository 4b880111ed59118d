"""What the claim checker is compared with: shared words, and similarity of meaning, each alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from pincite.answers import Claim, Label, Verdict
from pincite.grounding.memory import remembering
from pincite.grounding.shipped import Cut
from pincite.grounding.spots import Spot, spots_of
from pincite.grounding.words import content
from pincite.models.ports import Numbered, TextEncoder

OVERLAP: Final = "lexical overlap"
SIMILARITY: Final = "similarity only"
CUTS: Final = {OVERLAP: Cut(answer=0.166, claim=0.45), SIMILARITY: Cut(answer=0.151, claim=0.61)}
"""Chosen on the same sources as those of the checkers."""


class OverlapChecker:
    """The share of a claim's telling words that stand anywhere in the evidence."""

    id = "overlap-1"

    def __init__(self) -> None:
        self._last: tuple[tuple[str, ...], frozenset[str]] = ((), frozenset())

    def check(self, claim: Claim, evidence: Sequence[Numbered]) -> Verdict:
        held, own = self._words(evidence), content(claim.text)
        share = sum(stem in held for stem in own) / max(len(own), 1)
        return _verdict(share, CUTS[OVERLAP])

    def _words(self, evidence: Sequence[Numbered]) -> frozenset[str]:
        """Of one answer's claims all have the same evidence."""
        known = tuple(item.element.id for item in evidence)
        if known != self._last[0]:
            texts = ((i.element.text, *i.element.heading_path) for i in evidence)
            stems = frozenset(stem for parts in texts for text in parts for stem in content(text))
            self._last = (known, stems)
        return self._last[1]


class SimilarityChecker:
    """The cosine of a claim and the sentence or row that is nearest to it."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = remembering(encoder)
        self._last: tuple[tuple[str, ...], list[Spot]] = ((), [])

    @property
    def id(self) -> str:
        return f"similarity-1/{self._encoder.id}"

    def check(self, claim: Claim, evidence: Sequence[Numbered]) -> Verdict:
        spots = self._spots(evidence)
        if not spots:
            return _verdict(0, CUTS[SIMILARITY])
        vectors = self._encoder.embed_documents([spot.text for spot in spots])
        cosines = vectors @ self._encoder.embed_query(claim.text)
        best = int(np.argmax(cosines))
        near = float(np.clip(cosines[best], 0, 1))
        found = _verdict(near, CUTS[SIMILARITY])
        return found.model_copy(update={"supports": (spots[best].element.id,)})

    def _spots(self, evidence: Sequence[Numbered]) -> list[Spot]:
        known = tuple(item.element.id for item in evidence)
        if known != self._last[0]:
            self._last = (known, [spot for item in evidence for spot in spots_of(item.element)])
        return self._last[1]


def _verdict(score: float, cut: Cut) -> Verdict:
    label = Label.SUPPORTED if score >= cut.answer else Label.UNSUPPORTED
    return Verdict(label=label, probability=score, reason="")
