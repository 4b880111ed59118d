"""Vectors of passages, each under the rule of its own collection."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import NamedTuple

from ingestion.vector_cache import VectorCache
from pincite.egress import Egress, sending
from pincite.elements import Passage, PassageId, Source
from pincite.errors import Withheld
from pincite.index.ports import Vector
from pincite.models.ports import TextEncoder

_LOG = logging.getLogger(__name__)


class Embedding(NamedTuple):
    """What passages are embedded with."""

    encoder: TextEncoder | None
    vectors: VectorCache | None
    """What is known by its text already."""
    egress: Egress

    def of(self, found: Sequence[tuple[Source, Passage]]) -> dict[PassageId, Vector]:
        """Of those that have words, and may be sent to the encoder."""
        made: dict[PassageId, Vector] = {}
        for collection in sorted({source.collection for source, _ in found}):
            written = [
                passage
                for source, passage in found
                if passage.text and source.collection == collection
            ]
            with sending(self.egress.of({collection})):
                vectors = self._of([passage.text for passage in written])
            made |= zip((passage.id for passage in written), vectors, strict=False)
        return made

    def _of(self, texts: Sequence[str]) -> Sequence[Vector]:
        """Empty without an encoder, and where these texts may not be sent to it."""
        if self.encoder is None:
            return []
        try:
            if self.vectors is None:
                return list(self.encoder.embed_documents(texts))
            return list(self.vectors.embedded(self.encoder, texts))
        except Withheld as exc:
            _LOG.warning("%d passages are found by their words only: %s", len(texts), exc)
            return []
