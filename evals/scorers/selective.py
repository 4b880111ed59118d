"""Answering some questions and refusing others: risk, coverage, over-refusal.

A question has a score, higher meaning that it is more surely answered by what was found, and is
answerable or not. Answering an unanswerable one is the risk.
"""

from __future__ import annotations

import numpy as np

from evals.scorers.binary import Flags, Scores


def area_under_risk(answerable: Flags, scores: Scores) -> float:
    """The mean risk over all coverages (AURC; Geifman and El-Yaniv 2017), surest first.

    Lower is better; questions of one score come in their mean order. Nought without questions.
    """
    if not len(scores):
        return 0.0
    _, place, many = np.unique(-scores, return_inverse=True, return_counts=True)
    wrong = np.bincount(place, weights=~answerable) / many
    risks = np.repeat(wrong, many)
    return float((np.cumsum(risks) / np.arange(1, len(risks) + 1)).mean())


def recall_at(answerable: Flags, scores: Scores, most: float) -> float:
    """The largest share of unanswerable questions that any one cut refuses.

    Of cuts that refuse at most a share `most` of the answerable ones.
    """
    if not (~answerable).any():
        return 0.0
    best = 0.0
    for cut in np.append(np.unique(scores), np.inf):
        refused = scores < cut
        over = refused[answerable].mean() if answerable.any() else 0.0
        if over <= most:
            best = max(best, float(refused[~answerable].mean()))
    return best


def reliability(truth: Flags, likely: Scores, bins: int = 10) -> list[tuple[float, float, int]]:
    """Of equally many questions each: the mean probability, the share that is true, how many."""
    order = np.argsort(likely, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return [(float(likely[p].mean()), float(truth[p].mean()), len(p)) for p in parts]


def calibration_error(truth: Flags, likely: Scores, bins: int = 10) -> float:
    """The mean distance of probability and share (ECE; Naeini et al. 2015), bins of equal size."""
    rows = reliability(truth, likely, bins)
    return sum(abs(said - was) * count for said, was, count in rows) / max(len(truth), 1)
