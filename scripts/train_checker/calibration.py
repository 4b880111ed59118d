"""From signals to a probability, and the one threshold, on the validation part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pincite.grounding.signals import Signals, margin
from scripts.train_checker.examples import REAL, SUPPORTED, Example

Floats = npt.NDArray[np.float64]
_RIDGE: Final = 1e-2
_ROUNDS: Final = 30
FOLDS: Final = 5
BINS: Final = 10
SETS: Final[dict[str, tuple[str, ...]]] = {
    "model": ("margin",),
    "model with marks": ("margin", "mark"),
    "model with numbers and names": ("margin", "mark", "numbers_missing", "names_missing"),
    "all": Signals._fields,
}


class Fit(NamedTuple):
    weights: tuple[float, ...]
    """In the order of `Signals`; 0 for what is left out."""
    bias: float

    def of(self, x: Floats) -> Floats:
        return sigmoid(x @ np.array(self.weights) + self.bias)


class Scores(NamedTuple):
    log_loss: float
    ece: float
    auroc: float


def sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def matrix(examples: Sequence[Example], logits: Floats, worst: Floats) -> Floats:
    """One row of signals for each; those of the rules are 0 where they were not asked."""
    rows = [
        [margin([float(v) for v in logits[n]]), float(worst[n]), *(each.rules or (0.0,) * 4)]
        for n, each in enumerate(examples)
    ]
    return np.array(rows)


def real(examples: Sequence[Example]) -> list[int]:
    return [n for n, each in enumerate(examples) if each.origin.startswith(REAL)]


def even(examples: Sequence[Example]) -> Floats:
    """A weight for each so that every origin counts the same."""
    origins = [each.origin for each in examples]
    counts = {origin: origins.count(origin) for origin in set(origins)}
    return np.array([len(origins) / len(counts) / counts[origin] for origin in origins])


def fitted(x: Floats, y: Floats, weight: Floats, used: Sequence[str]) -> Fit:
    """Logistic regression by Newton's method on the signals named."""
    columns = [Signals._fields.index(name) for name in used]
    z = np.hstack([x[:, columns], np.ones((len(x), 1))])
    w = np.zeros(z.shape[1])
    for _ in range(_ROUNDS):
        p = sigmoid(z @ w)
        slope = z.T @ (weight * (p - y)) + _RIDGE * w
        curve = (z * (weight * p * (1 - p))[:, None]).T @ z + _RIDGE * np.eye(len(w))
        w -= np.linalg.solve(curve, slope)
    weights = [0.0] * len(Signals._fields)
    for column, value in zip(columns, w[:-1], strict=True):
        weights[column] = float(value)
    return Fit(tuple(weights), float(w[-1]))


def crossed(
    x: Floats, y: Floats, weight: Floats, groups: Sequence[str], used: Sequence[str]
) -> Floats:
    """Probabilities by fits that did not see the example's source."""
    names = sorted(set(groups))
    fold = {name: n % FOLDS for n, name in enumerate(names)}
    of = np.array([fold[group] for group in groups])
    p = np.zeros(len(y))
    for each in range(FOLDS):
        inside = of == each
        p[inside] = fitted(x[~inside], y[~inside], weight[~inside], used).of(x[inside])
    return p


def scores(p: Floats, y: Floats, weight: Floats) -> Scores:
    bounded = np.clip(p, 1e-6, 1 - 1e-6)
    loss = -(y * np.log(bounded) + (1 - y) * np.log(1 - bounded))
    rows = reliability(p, y)
    ece = sum(abs(said - was) * count for said, was, count in rows) / max(len(y), 1)
    return Scores(float((weight * loss).sum() / weight.sum()), ece, auroc(p, y))


def reliability(p: Floats, y: Floats) -> list[tuple[float, float, int]]:
    """For each tenth: what was said on average, what was true, and how many."""
    rows: list[tuple[float, float, int]] = []
    for each in range(BINS):
        inside = (p >= each / BINS) & ((p < (each + 1) / BINS) | (each == BINS - 1))
        if inside.any():
            rows.append((float(p[inside].mean()), float(y[inside].mean()), int(inside.sum())))
    return rows


def auroc(p: Floats, y: Floats) -> float:
    """Share of pairs of a true and a false claim in the right order; ties count half."""
    order = np.argsort(p, kind="stable")
    _, inverse, counts = np.unique(p[order], return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = np.empty(len(p))
    ranks[order] = (last - (counts - 1) / 2)[inverse]
    good = int(y.sum())
    bad = len(y) - good
    if not good or not bad:
        return math.nan
    return float((ranks[y == 1].sum() - good * (good + 1) / 2) / (good * bad))


class Answers(NamedTuple):
    """By response: the probability of its worst claim and whether anything in it is marked."""

    tasks: list[str]
    worst: Floats
    bad: npt.NDArray[np.bool_]


def answers(examples: Sequence[Example], p: Floats) -> Answers:
    found: dict[str, tuple[str, float, bool]] = {}
    for each, value in zip(examples, p, strict=True):
        if each.response:
            task, worst, bad = found.get(each.response, (each.origin, 1.0, False))
            bad = bad or each.label != SUPPORTED
            found[each.response] = (task, min(worst, float(value)), bad)
    rows = list(found.values())
    return Answers(
        [row[0] for row in rows], np.array([r[1] for r in rows]), np.array([r[2] for r in rows])
    )


def f1(found: Answers, threshold: float, task: str = "", *, even: bool = False) -> float:
    """Of naming answers with a marked claim; `even` lets every task count the same."""
    inside = np.array([task in {"", each} for each in found.tasks])
    weight = inside.astype(float)
    if even:
        counts = {name: found.tasks.count(name) for name in set(found.tasks)}
        weight *= np.array([1 / counts[name] for name in found.tasks])
    said = found.worst < threshold
    hit = float((weight * (said & found.bad)).sum())
    return 2 * hit / max(float((weight * said).sum() + (weight * found.bad).sum()), 1e-9)


def threshold_of(found: Answers) -> float:
    """The probability from which a claim counts as supported: best F1 with even tasks."""
    grid = [n / 100 for n in range(2, 99)]
    best = max(f1(found, t, even=True) for t in grid)
    near = [t for t in grid if f1(found, t, even=True) >= best - 0.002]
    return near[len(near) // 2]
