"""The best of a list, looked at once more by a model that reads question and passage together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from pincite.config import Rerank
from pincite.errors import PinciteError
from pincite.evidence import Evidence
from pincite.models.ports import Reranker

_LOG = logging.getLogger(__name__)
NAME = "rerank"
"""As it stands in `Evidence.found_by`."""
_BATCH = 8
"""Items between two looks at the clock."""

PictureOf = Callable[[Evidence], bytes | None]
"""The PNG of what a piece of evidence shows; None where it is text."""


class RerankStage:
    """Orders the first `top` pieces by the reranker's scores, for at most `seconds`.

    What there was no time for follows in its own order, and so does everything where the model
    does not answer: a search is never lost for a better order of it.
    """

    def __init__(
        self, reranker: Reranker, settings: Rerank, picture_of: PictureOf | None = None
    ) -> None:
        self._reranker = reranker
        self._settings = settings
        sees = "picture" in reranker.modalities
        self._picture_of = picture_of if sees else None

    @property
    def top(self) -> int:
        return self._settings.top

    def __call__(self, question: str, items: Sequence[Evidence]) -> list[Evidence]:
        until = time.monotonic() + self._settings.seconds
        scores: list[float] = []
        try:
            while len(scores) < min(self.top, len(items)) and time.monotonic() < until:
                batch = items[len(scores) : min(self.top, len(scores) + _BATCH)]
                scores += self._reranker.scores(question, [self._shown(item) for item in batch])
        except PinciteError as exc:
            _LOG.warning("the order of the hits was not looked at again: %s", exc)
            return list(items)
        return reordered(items, scores)

    def _shown(self, item: Evidence) -> str | bytes:
        picture = self._picture_of(item) if self._picture_of else None
        return item.passage.text if picture is None else picture


def reordered(items: Sequence[Evidence], scores: Sequence[float]) -> list[Evidence]:
    """The first `len(scores)` by their scores, equal ones in their order; then the others."""
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    looked_at = [
        items[place].model_copy(
            update={"score": scores[place], "found_by": (*items[place].found_by, NAME)}
        )
        for place in order
    ]
    lowest = min(scores, default=1.0)
    others = [
        item.model_copy(update={"score": min(item.score, lowest)}) for item in items[len(scores) :]
    ]
    return looked_at + others
