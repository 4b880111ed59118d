"""An encoder elsewhere, and one of this machine for what may not be sent there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pincite.egress import now
from pincite.models.ports import TextEncoder, Vectors


class EncoderHere:
    """Implements `TextEncoder` with one of two, by the text at hand.

    For vectors that are compared within one question only: `id` and `dimensions` are those of the
    encoder that answers now.
    """

    def __init__(self, elsewhere: TextEncoder, endpoint: str, here: TextEncoder) -> None:
        self._elsewhere = elsewhere
        self._endpoint = endpoint
        self._here = here

    @property
    def id(self) -> str:
        return self._chosen.id

    @property
    def dimensions(self) -> int:
        return self._chosen.dimensions

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return self._chosen.embed_documents(texts)

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        return self._chosen.embed_query(text)

    def warm_up(self) -> None:
        """Only the one elsewhere: the other one may never be needed."""
        self._elsewhere.warm_up()

    @property
    def _chosen(self) -> TextEncoder:
        return self._elsewhere if now().permits(self._endpoint) else self._here
