"""An encoder that remembers: quoting and checking look at the same few sentences."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from pincite.models.ports import TextEncoder, Vectors

REMEMBERED: Final = 4_096
"""Texts; about 6 MB of vectors."""


class RememberingEncoder:
    """A text encoder that computes each document text once. Thread-safe.

    Vectors are known by the `id` of the encoder too, which may change with the text at hand.
    """

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._vectors: OrderedDict[tuple[str, str], npt.NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return self._encoder.id

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        id_ = self.id
        with self._lock:
            there = {text: self._vectors.get((id_, text)) for text in texts}
        known = {text: vector for text, vector in there.items() if vector is not None}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._encoder.embed_documents(new), strict=True))
            self._remember({(id_, text): known[text] for text in new})
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        return self._encoder.embed_query(text)

    def warm_up(self) -> None:
        self._encoder.warm_up()

    def _remember(self, vectors: dict[tuple[str, str], npt.NDArray[np.float32]]) -> None:
        with self._lock:
            self._vectors.update(vectors)
            while len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)


def remembering(encoder: TextEncoder) -> RememberingEncoder:
    """The encoder itself where it remembers already."""
    return encoder if isinstance(encoder, RememberingEncoder) else RememberingEncoder(encoder)
