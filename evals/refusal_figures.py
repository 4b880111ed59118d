"""What the suite `refusal` reports of the questions that were asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from evals.datasets.posed import Posed
from evals.intervals import interval_of
from evals.refusing import ALWAYS, SYSTEMS, WITHOUT, Known
from evals.results import PRODUCT, Case, Result, Status, measured, missing
from evals.scorers.binary import Flags, Scores, counts
from evals.scorers.selective import area_under_risk, calibration_error, recall_at
from evals.suites import Context

SUITE: Final = "refusal"
MOST_OVER_REFUSED: Final = 0.15
METRICS: Final = {
    "precision": True,
    "recall": True,
    "over_refusal": False,
    "recall_at_over_refusal_15": True,
    "base_rate": False,
    "aurc": False,
    "ece": False,
}
"""And whether higher is better."""
LIKELY: Final = {PRODUCT, WITHOUT}
"""Systems whose scores are probabilities."""


class Asked(NamedTuple):
    posed: Posed
    known: Known


def scored(metric: str, answerable: Flags, scores: Scores, cut: float) -> float:
    match metric:
        case "recall_at_over_refusal_15":
            return recall_at(answerable, scores, MOST_OVER_REFUSED)
        case "base_rate":
            return float((~answerable).mean())
        case "aurc":
            return area_under_risk(answerable, scores)
        case "ece":
            return calibration_error(answerable, scores)
        case _:
            return _decided(metric, answerable, scores < cut)


def _decided(metric: str, answerable: Flags, refused: Flags) -> float:
    found = counts(~answerable, refused)
    match metric:
        case "precision":
            return found.precision
        case "recall":
            return found.recall
        case _:
            return float(refused[answerable].mean()) if answerable.any() else 0.0


def figures(
    context: Context,
    name: str,
    asked: Sequence[Asked],
    total: int,
    failed: int,
    unread: Sequence[str],
) -> Iterator[Result]:
    """`unread` are the files of the library, or parts of them, that could not be read."""
    if not asked:
        yield from none(name, "no question could be asked", "partial")
        return
    answerable = np.array([one.posed.is_answerable for one in asked])
    by_system = [one.known.scores() for one in asked]
    shared: dict[str, object] = {"n": len(asked), "n_total": total, "n_failed": failed}
    if unread:
        shared |= {"reason": f"{len(unread)} files or parts of files could not be read"}
    if context.out_of_time:
        shared |= {"status": "partial", "reason": "the time budget was spent"}
    cuts = asked[0].known.cuts()
    for system in SYSTEMS:
        scores, cut = np.array([told[system] for told in by_system]), cuts[system]
        for metric, higher in METRICS.items():
            if metric == "ece" and system not in LIKELY:
                continue
            value = _value(metric, answerable, scores, cut)
            yield measured(
                SUITE,
                name,
                metric,
                value(range(len(asked))),
                unit="fraction",
                higher_is_better=higher,
                ci95=None if system == ALWAYS else _interval(asked, value, context.seed),
                system=system,
                **shared,
            )


def none(name: str, why: str, status: Status = "not_applicable") -> Iterator[Result]:
    for metric in METRICS:
        yield missing(SUITE, name, metric, why, status)


def cases(name: str, asked: Sequence[Asked]) -> Iterator[tuple[str, Case]]:
    for posed, known in asked:
        score, found = known.scores()[PRODUCT], known.signals
        answered = score >= known.weights.answers_from
        yield (
            name,
            Case(
                input=posed.id,
                expected="answer" if posed.is_answerable else "refusal",
                got=f"{'answer' if answered else 'refusal'} at {score:.3f}",
                score=float(answered is posed.is_answerable),
                why=f"{posed.question} — similarity {found.similarity:.2f}, words "
                f"{found.words:.2f}, names {found.names:.2f}, quote {found.relevance:.2f}, "
                f"reader {found.answered:.2f}",
            ),
        )


def _value(
    metric: str, answerable: Flags, scores: Scores, cut: float
) -> Callable[[Sequence[int]], float]:
    def value(at: Sequence[int]) -> float:
        chosen = list(at)
        return scored(metric, answerable[chosen], scores[chosen], cut)

    return value


def _interval(
    asked: Sequence[Asked], value: Callable[[Sequence[int]], float], seed: int
) -> tuple[float, float] | None:
    groups: dict[str, list[int]] = {}
    for at, one in enumerate(asked):
        groups.setdefault(one.posed.group, []).append(at)
    parts = list(groups.values())

    def resampled(drawn: Sequence[int]) -> float:
        return value([at for part in drawn for at in parts[part]])

    return interval_of(resampled, len(parts), seed=seed)
