"""Confidence intervals by the bootstrap (Efron 1979): percentiles of means over resampled cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np

RESAMPLES = 2_000


def mean_interval(values: Sequence[float], *, seed: int = 0) -> tuple[float, float] | None:
    """The 95 % interval of the mean of per-case values; None for fewer than two cases."""
    if len(values) < 2:
        return None
    drawn = _draws(len(values), seed)
    return _middle(np.asarray(values, dtype=np.float64)[drawn].mean(axis=1))


def share_interval(hits: int, of: int) -> tuple[float, float] | None:
    """The 95 % interval of a share (Wilson 1927), which is none too narrow at 0 and at 1."""
    if of < 1:
        return None
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def interval_of(
    statistic: Callable[[Sequence[int]], float], cases: int, *, seed: int = 0, resamples: int = 500
) -> tuple[float, float] | None:
    """The 95 % interval of a statistic that is no mean, such as a corpus-level F1.

    `statistic` takes the numbers of the resampled cases, each in 0..cases-1, repeats included.
    """
    if cases < 2:
        return None
    drawn = _draws(cases, seed)[:resamples]
    return _middle(np.asarray([statistic(row.tolist()) for row in drawn]))


def grouped_interval(
    values: Sequence[tuple[str, float]], *, seed: int = 0
) -> tuple[float, float] | None:
    """The 95 % interval of the mean of (group, value) pairs, resampling whole groups.

    Where all values are 0, or all are 1, resampling cannot show how much is left open: then by
    Wilson, a group being one case. None without values.
    """
    groups: dict[str, list[float]] = {}
    for group, value in values:
        groups.setdefault(group, []).append(value)
    distinct = {value for _, value in values}
    if len(distinct) == 1 and distinct <= {0.0, 1.0}:
        return share_interval(len(groups) * int(distinct.pop()), len(groups))
    parts = [(sum(part), len(part)) for part in groups.values()]

    def resampled(drawn: Sequence[int]) -> float:
        return sum(parts[at][0] for at in drawn) / sum(parts[at][1] for at in drawn)

    return interval_of(resampled, len(parts), seed=seed, resamples=RESAMPLES)


def paired_difference(
    ours: Sequence[float], theirs: Sequence[float], *, seed: int = 0
) -> tuple[float, float, float]:
    """Mean of `ours - theirs` over the same cases, with its 95 % interval: (mean, low, high).

    Raises:
        ValueError: the two differ in length, or are empty.
    """
    if len(ours) != len(theirs) or not ours:
        raise ValueError("paired values must be of the same cases, and at least one")
    gaps = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    low, high = _middle(gaps[_draws(len(gaps), seed)].mean(axis=1))
    return float(gaps.mean()), low, high


def _draws(cases: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, cases, size=(RESAMPLES, cases))


def _middle(values: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)
