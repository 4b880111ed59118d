"""A list that says each thing once and lets every file speak. Pure; works on texts, not vectors.

Vectors of passages stay in the index; fetching or computing them again for every question costs
more than all of this. Likeness is therefore that of words and of runs of words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, TypeVar

from pincite.index.terms import fold, terms

_Item = TypeVar("_Item")
_RUN: Final = 5
"""Words of a run, as in the report on duplicate files."""
_WORD: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")


def shares_runs(one: str, other: str) -> float:
    """Share of common runs of five words, in [0, 1] (Jaccard, exact).

    0 where the numbers differ: the same sentence about another year or amount is another fact.
    """
    first, second = _runs(one), _runs(other)
    if _numbers(one) != _numbers(other):
        return 0.0
    return len(first & second) / len(first | second) if first or second else 0.0


def without_near_duplicates(
    items: Sequence[_Item], text_of: Callable[[_Item], str], *, least: float
) -> list[_Item]:
    """The first of those that share `least` of their runs; everything where `least` is above 1.

    Costs one comparison for each pair that is kept: about 1 ms for 40 passages.
    """
    if least > 1:
        return list(items)
    kept: list[tuple[_Item, frozenset[tuple[str, ...]], tuple[str, ...]]] = []
    for item in items:
        text = text_of(item)
        runs, numbers = _runs(text), _numbers(text)
        if not any(
            numbers == other_numbers and len(runs & other) >= least * len(runs | other) > 0
            for _, other, other_numbers in kept
        ):
            kept.append((item, runs, numbers))
    return [item for item, _, _ in kept]


def marginal_relevance(
    items: Sequence[_Item],
    text_of: Callable[[_Item], str],
    score_of: Callable[[_Item], float],
    *,
    relevance: float,
    keep: int,
) -> list[_Item]:
    """At most `keep`, each chosen for its score and for what the chosen ones do not say yet.

    Maximal marginal relevance (Carbonell and Goldstein 1998): `relevance` · score − (1 − relevance)
    · likeness to the nearest chosen one, where scores are brought to [0, 1] and likeness is the
    share of common terms. `relevance` 1 keeps the order.
    """
    if relevance >= 1 or len(items) < 2:
        return list(items[:keep])
    scores = [score_of(item) for item in items]
    low, span = min(scores), (max(scores) - min(scores)) or 1.0
    bags = [frozenset(terms(text_of(item))) for item in items]
    nearest = [0.0] * len(items)
    left, chosen = list(range(len(items))), list[int]()
    while left and len(chosen) < keep:
        best = max(
            left,
            key=lambda n: (
                relevance * (scores[n] - low) / span - (1 - relevance) * nearest[n],
                -n,
            ),
        )
        left.remove(best)
        chosen.append(best)
        for other in left:
            nearest[other] = max(nearest[other], _common(bags[best], bags[other]))
    return [items[n] for n in chosen]


def capped(
    items: Iterable[_Item], group_of: Callable[[_Item], Hashable], *, most: int
) -> list[_Item]:
    """At most `most` of each group come first; the others follow in their order. 0 means no cap."""
    if most < 1:
        return list(items)
    counts: Counter[Hashable] = Counter()
    first, later = list[_Item](), list[_Item]()
    for item in items:
        counts[group_of(item)] += 1
        (first if counts[group_of(item)] <= most else later).append(item)
    return first + later


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Of a text shorter than a run: all its words as one."""
    words = _WORD.findall(fold(text))
    if not words:
        return frozenset()
    return frozenset(
        tuple(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1))
    )


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(_NUMBER.findall(text))))


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0
