"""A deterministic text encoder without weights: texts that share words are near each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pincite.models.ports import Vectors

_WORD = re.compile(r"\w+")
_ENDINGS = ("ing", "ed", "es", "s")
_COMMON_WORDS = (
    "a an and are as at be by did do does for from has have how in is it of on or that the this "
    "to was were what when where which who why will with"
)
_COMMON = frozenset(_COMMON_WORDS.split())


class FakeTextEncoder:
    """Sums a random direction per word. It knows no meaning, only shared words.

    `dimensions` is a parameter so that a test can change it.
    """

    def __init__(self, dimensions: int = 128) -> None:
        self._dimensions = dimensions

    @property
    def id(self) -> str:
        return f"fake-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.embed_query(text)
        return vectors

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        words = _WORD.findall(text.casefold())
        kept = [word for word in words if word not in _COMMON] or words or [""]
        total = np.sum([_direction(_stem(word), self._dimensions) for word in kept], axis=0)
        return (total / np.linalg.norm(total)).astype(np.float32)

    def warm_up(self) -> None:
        return


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending)
    return word


@lru_cache(maxsize=20_000)
def _direction(word: str, dimensions: int) -> npt.NDArray[np.float64]:
    seed = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(seed, "big")).standard_normal(dimensions)
