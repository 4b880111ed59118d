"""Rank fusion: lists whose scores cannot be compared become one list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from pincite.elements import PassageId
from pincite.index.ports import Hit
from pincite.models.ports import Modality

DAMPING = 60
"""How little the very first places count over the next; the value of the original paper."""
_ALIKE: Final[Mapping[str, float]] = MappingProxyType({})


class Fused(NamedTuple):
    """A passage with its place in the lists that held it."""

    passage: PassageId
    score: float
    found_by: tuple[str, ...]
    """Names of the lists that hold it, in the order of the lists."""


def balanced(modalities: Mapping[str, Modality]) -> dict[str, float]:
    """Weights of lists with which each modality counts as much as every other.

    A text may stand on several lists and a photo without words on one alone, so that otherwise
    every text that two lists hold comes before the best photo.
    """
    lists = Counter(modalities.values())
    most = max(lists.values(), default=1)
    return {name: most / lists[modality] for name, modality in modalities.items()}


def reciprocal_rank_fusion(
    rankings: Mapping[str, Sequence[Hit]], weights: Mapping[str, float] = _ALIKE
) -> list[Fused]:
    """Rank by the sum of weight / (60 + rank) over all lists, best first; a weight is 1 or given.

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
            share = weights.get(name, 1.0) / (DAMPING + rank)
            scores[passage] = scores.get(passage, 0.0) + share
            found_by.setdefault(passage, []).append(name)
    order = sorted(scores, key=lambda passage: -scores[passage])
    names = list(rankings)
    return [
        Fused(passage, scores[passage], tuple(sorted(found_by[passage], key=names.index)))
        for passage in order
    ]
