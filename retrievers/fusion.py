"""Rank fusion: lists whose scores cannot be compared become one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pincite.elements import PassageId
from pincite.index.ports import Hit

DAMPING = 60
"""How little the very first places count over the next; the value of the original paper."""


class Fused(NamedTuple):
    """A passage with its place in the lists that held it."""

    passage: PassageId
    score: float
    found_by: tuple[str, ...]
    """Names of the lists that hold it, in the order of the lists."""


def reciprocal_rank_fusion(rankings: Mapping[str, Sequence[Hit]]) -> list[Fused]:
    """Rank by the sum of 1 / (60 + rank) over all lists, best first.

    Ties keep the order of first appearance, rank by rank through the lists, so the result is
    reproducible. A list that holds a passage twice counts its better place.
    """
    scores: dict[PassageId, float] = {}
    found_by: dict[PassageId, list[str]] = {}
    for rank in range(1, max(map(len, rankings.values()), default=0) + 1):
        for name, hits in rankings.items():
            if rank > len(hits) or name in found_by.get(hits[rank - 1].passage, ()):
                continue
            passage = hits[rank - 1].passage
            scores[passage] = scores.get(passage, 0.0) + 1 / (DAMPING + rank)
            found_by.setdefault(passage, []).append(name)
    order = sorted(scores, key=lambda passage: -scores[passage])
    names = list(rankings)
    return [
        Fused(passage, scores[passage], tuple(sorted(found_by[passage], key=names.index)))
        for passage in order
    ]
