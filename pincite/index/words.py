"""Our one sparse encoder: BM25 term weights that need no corpus, the same for every index."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

import numpy as np

from pincite.index.ports import SparseVector
from pincite.index.terms import terms

VERSION = 1
"""Counts up when the same text would give other weights."""
SATURATION = 1.2
LENGTH_PULL = 0.75
AVERAGE_TERMS = 80
"""Of a passage. Fixed, so that a weight never depends on what else is in the library."""
QUERY_TERMS = 256
"""Different terms of a question that are looked for; more come only from pasted documents."""


class Bm25Words:
    """Term weights with saturation and length; the index multiplies a question's terms by IDF.

    Cost: about 0.1 ms for a passage of 100 words.
    """

    @property
    def id(self) -> str:
        return f"words-{VERSION}"

    def embed_documents(self, texts: Sequence[str]) -> list[SparseVector]:
        return [_document(text) for text in texts]

    def embed_query(self, text: str) -> SparseVector:
        found = dict.fromkeys(map(term_id, terms(text)))
        indices = np.array(sorted(islice(found, QUERY_TERMS)), dtype=np.uint32)
        return SparseVector(indices, np.ones(len(indices), dtype=np.float32))


@lru_cache(maxsize=100_000)
def term_id(term: str) -> int:
    """Stable over processes and machines, in [0, 2**32)."""
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "little")


def _document(text: str) -> SparseVector:
    counts = Counter(map(term_id, terms(text)))
    indices = np.array(sorted(counts), dtype=np.uint32)
    tf = np.array([counts[int(index)] for index in indices], dtype=np.float32)
    norm = 1 - LENGTH_PULL + LENGTH_PULL * counts.total() / AVERAGE_TERMS
    values = tf * (SATURATION + 1) / (tf + SATURATION * norm)
    return SparseVector(indices, values.astype(np.float32))
