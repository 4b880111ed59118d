"""Passages that mean something similar."""

from __future__ import annotations

from pincite.elements import Scope
from pincite.errors import Withheld
from pincite.index.ports import ElementIndex, Hit
from pincite.models.ports import Modality, TextEncoder


class DenseFinder:
    """Nearest by meaning; passages that point the other way are no hits."""

    name = "dense"
    modality: Modality = "text"
    counts_in_full = True
    scores_are_cosines = True

    def __init__(self, index: ElementIndex, encoder: TextEncoder) -> None:
        self._index = index
        self._encoder = encoder

    def find(self, question: str, scope: Scope, *, keep: int) -> list[Hit]:
        """Nothing where the question may not be sent to the encoder: words alone find then."""
        try:
            vector = self._encoder.embed_query(question)
        except Withheld:
            return []
        return [hit for hit in self._index.search_dense(vector, scope, keep=keep) if hit.score > 0]
