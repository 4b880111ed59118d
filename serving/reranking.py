"""The stage that looks at the best hits once more, from the settings."""

from __future__ import annotations

from pincite.blobs import BlobStore
from pincite.config import NoReranker, Reranker
from pincite.evidence import Evidence
from pincite.models.factory import reranker
from pincite.models.outgoing import HERE_ONLY, Outgoing
from retrievers.reranked import RerankStage


def rerank_stage(
    settings: Reranker, blobs: BlobStore, outgoing: Outgoing = HERE_ONLY
) -> RerankStage | None:
    """None where none is configured."""
    model = reranker(settings, outgoing)
    if model is None or isinstance(settings, NoReranker):
        return None

    def picture_of(item: Evidence) -> bytes | None:
        """Of the first figure or photo that was cut out of its page."""
        key = next((element.crop for element in item.elements if element.crop), None)
        return blobs.path(key).read_bytes() if key and blobs.path(key).exists() else None

    return RerankStage(model, settings, picture_of)
