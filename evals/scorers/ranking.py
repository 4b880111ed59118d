"""How well a ranked list finds what is looked for: hits, reciprocal rank, nDCG. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from math import log2


def hit(ranked: Sequence[Hashable], gold: AbstractSet[Hashable], k: int) -> float:
    """1 where any of the first `k` is gold."""
    return float(any(item in gold for item in ranked[:k]))


def reciprocal_rank(ranked: Sequence[Hashable], gold: AbstractSet[Hashable]) -> float:
    """1 / the rank of the first that is gold; 0 where none is."""
    return next((1 / rank for rank, item in enumerate(ranked, 1) if item in gold), 0.0)


def ndcg(ranked: Sequence[Hashable], gold: AbstractSet[Hashable], k: int) -> float:
    """Discounted cumulative gain of the first `k` over the best there could be; gains are 0 or 1.

    Järvelin and Kekäläinen 2002. An item that comes twice counts once.
    """
    first = dict.fromkeys(ranked)
    gains = sum(1 / log2(rank + 1) for rank, item in enumerate(list(first)[:k], 1) if item in gold)
    best = sum(1 / log2(rank + 1) for rank in range(1, min(len(gold), k) + 1))
    return gains / best if best else 0.0
