"""Yes or no: how well a score, or a decision, finds what it is to find."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float64]


class Counts(NamedTuple):
    """Of decisions against the truth; `hits` are rightly found."""

    hits: int
    false_alarms: int
    misses: int
    rest: int

    @property
    def precision(self) -> float:
        """Nought where nothing was found."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        return _share(self.hits, self.hits + self.misses)

    @property
    def f1(self) -> float:
        return _share(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)

    @property
    def balanced_accuracy(self) -> float:
        """Mean of the recalls of both classes; a constant decision has .5."""
        return (self.recall + _share(self.rest, self.rest + self.false_alarms)) / 2


def counts(truth: Flags, found: Flags) -> Counts:
    return Counts(
        hits=int((truth & found).sum()),
        false_alarms=int((~truth & found).sum()),
        misses=int((truth & ~found).sum()),
        rest=int((~truth & ~found).sum()),
    )


def auroc(truth: Flags, scores: Scores) -> float:
    """The chance that a true one scores above a false one, ties counting half; .5 without either.

    The Mann–Whitney statistic by mean ranks.
    """
    positive, negative = int(truth.sum()), int((~truth).sum())
    if not positive or not negative:
        return 0.5
    _, place, many = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(many)
    ranks = (ends - (many - 1) / 2)[place]
    above = float(ranks[truth].sum()) - positive * (positive + 1) / 2
    return above / (positive * negative)


def best_cut(truth: Flags, scores: Scores) -> tuple[float, float]:
    """The score from which found is best, and the F1 there; for choosing on training data.

    Between two scores, in their middle; of equal ones the highest.
    """
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    found = np.arange(1, len(order) + 1)
    f1 = 2 * hits / (found + int(truth.sum()))
    ranked = scores[order]
    last = np.append(ranked[1:] != ranked[:-1], True)
    best = int(np.argmax(np.where(last, f1, -1)))
    below = ranked[best + 1] if best + 1 < len(ranked) else ranked[best] - 1
    return float((ranked[best] + below) / 2), float(f1[best])


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
