"""How far two labellers agree, and how much of that is more than chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence


def agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Share of the items that both gave the same label. Raises ValueError without items."""
    if not first or len(first) != len(second):
        raise ValueError("two labellers need the same items, and one at least")
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Cohen's kappa (1960): 1 is full agreement, 0 what chance gives. 1 with a single label."""
    seen = agreement(first, second)
    one, two = Counter(first), Counter(second)
    chance = sum(one[label] * two[label] for label in one) / len(first) ** 2
    return 1.0 if chance == 1 else (seen - chance) / (1 - chance)
