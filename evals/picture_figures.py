"""What the suite `images` reports of ranked lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from evals.intervals import mean_interval
from evals.results import Result, Status, measured, missing
from evals.scorers.ranking import hit, reciprocal_rank

SUITE: Final = "images"
METRICS: Final = ("recall_at_1", "recall_at_5", "recall_at_10", "mrr")


class Scored(NamedTuple):
    """A query and how well it was answered, by metric."""

    slices: tuple[str, ...]
    scores: dict[str, float]


def scored(found: Sequence[str], right: Iterable[str]) -> dict[str, float]:
    gold = frozenset(right)
    recalls = {f"recall_at_{k}": hit(found, gold, k) for k in (1, 5, 10)}
    return {**recalls, "mrr": reciprocal_rank(found, gold)}


def means(
    dataset: str, group: str, items: Sequence[Scored], shared: Mapping[str, object], seed: int
) -> Iterator[Result]:
    slices = dict.fromkeys(name for one in items for name in one.slices)
    for part in ("all", *slices):
        chosen = [one for one in items if part == "all" or part in one.slices]
        for metric in METRICS if chosen else ():
            values = [one.scores[metric] for one in chosen]
            yield measured(
                SUITE,
                dataset,
                f"{group}_{metric}",
                sum(values) / len(values),
                unit="fraction",
                higher_is_better=True,
                ci95=mean_interval(values, seed=seed),
                **{"slice": part, "n": len(values), "n_total": len(values), **shared},
            )


def none(
    dataset: str, groups: Iterable[str], why: str, status: Status = "not_applicable"
) -> Iterator[Result]:
    for group in groups:
        for metric in METRICS:
            yield missing(SUITE, dataset, f"{group}_{metric}", why, status)
