"""What the suite `grounding` reports of answers whose hallucinated spans people marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from evals.checking_systems import Checked
from evals.datasets.ragtruth import Response
from evals.intervals import interval_of
from evals.results import Result, measured
from evals.scorers.binary import Counts, Flags, Scores, auroc, counts
from evals.scorers.marked_characters import Overlap, f1, overlap
from pincite.answers import Label
from pincite.checking import ClaimCheck, WholeCheck, borne_out
from pincite.grounding.shipped import Cut

SUITE: Final = "grounding"
METRICS: Final = ("response_f1", "span_f1", "auroc")
ALWAYS: Final = "always hallucinated"


class Judged(NamedTuple):
    response: Response
    checked: Checked


def always(response: Response) -> Judged:
    """Every answer hallucinated from its first character to its last."""
    claim = ClaimCheck(
        text=response.answer,
        start=0,
        end=len(response.answer),
        verdict=Label.UNSUPPORTED,
        probability=0,
        reason="",
    )
    whole = WholeCheck(supported=False, probability=0, claims=(claim,))
    return Judged(response, Checked(whole=whole, seconds=0))


@dataclass(frozen=True)
class Figures:
    """Of one system on some responses; positions are those of `items`."""

    items: Sequence[Judged]
    cut: Cut

    @cached_property
    def truth(self) -> Flags:
        return np.array([item.response.is_hallucinated for item in self.items])

    @cached_property
    def risks(self) -> Scores:
        return np.array([1 - item.checked.whole.probability for item in self.items])

    @cached_property
    def overlaps(self) -> list[Overlap]:
        return [
            overlap(marks(item.checked.whole, self.cut), item.response.marked)
            for item in self.items
        ]

    @cached_property
    def by_source(self) -> list[list[int]]:
        """Positions, a list a source: responses to one source are no independent cases."""
        found: dict[str, list[int]] = {}
        for at, item in enumerate(self.items):
            found.setdefault(item.response.source, []).append(at)
        return list(found.values())

    def decisions(self, at: Sequence[int]) -> Counts:
        found = self.risks[list(at)] > 1 - self.cut.answer
        return counts(self.truth[list(at)], found)

    def values(self) -> dict[str, Callable[[Sequence[int]], float]]:
        """By metric: the value over the responses at some positions."""
        return {
            "response_f1": lambda at: self.decisions(at).f1,
            "span_f1": lambda at: f1([self.overlaps[n] for n in at]),
            "auroc": lambda at: auroc(self.truth[list(at)], self.risks[list(at)]),
            "response_precision": lambda at: self.decisions(at).precision,
            "response_recall": lambda at: self.decisions(at).recall,
        }

    def interval(
        self, value: Callable[[Sequence[int]], float], seed: int
    ) -> tuple[float, float] | None:
        """By the bootstrap over sources."""

        def resampled(drawn: Sequence[int]) -> float:
            return value([at for source in drawn for at in self.by_source[source]])

        return interval_of(resampled, len(self.by_source), seed=seed)


def marks(whole: WholeCheck, cut: Cut) -> list[tuple[int, int]]:
    """The characters of an answer that are shown as not borne out.

    Of a claim below the cut its doubtful words, where the checker can tell them, else all.
    """
    below = (claim for claim in whole.claims if borne_out(claim) < cut.claim)
    return [span for c in below for span in c.doubtful or ((c.start, c.end),)]


class Trust(NamedTuple):
    """Claims by what they are and what is shown; a claim is wrong where a marked span meets it."""

    wrong: int
    right: int
    wrong_supported: int
    right_supported: int
    not_checkable: int

    @classmethod
    def of(cls, items: Sequence[Judged]) -> Trust:
        told = [
            (c.verdict, _is_wrong(c, j.response)) for j in items for c in j.checked.whole.claims
        ]
        return cls(
            wrong=sum(wrong for _, wrong in told),
            right=sum(not wrong for _, wrong in told),
            wrong_supported=sum(label is Label.SUPPORTED and wrong for label, wrong in told),
            right_supported=sum(label is Label.SUPPORTED and not wrong for label, wrong in told),
            not_checkable=sum(label is Label.NOT_CHECKABLE for label, _ in told),
        )

    def shares(self) -> dict[str, tuple[float, int, bool]]:
        """Metric: value, of how many claims, whether higher is better."""
        both = self.wrong + self.right
        return {
            "false_support": (_share(self.wrong_supported, self.wrong), self.wrong, False),
            "supported_share": (_share(self.right_supported, self.right), self.right, True),
            "not_checkable_share": (_share(self.not_checkable, both), both, False),
        }


def results(
    dataset: str, items: Sequence[Judged], cut: Cut, shared: Mapping[str, object], seed: int
) -> Iterator[Result]:
    """All figures of one system on one slice; `shared` are further fields of each result."""
    figures = Figures(items, cut)
    everything = range(len(items))
    for metric, value in figures.values().items():
        yield measured(
            SUITE,
            dataset,
            metric,
            value(everything),
            unit="fraction",
            higher_is_better=True,
            ci95=figures.interval(value, seed) if metric in METRICS else None,
            **{**shared, "n": len(items)},
        )
    for metric, (share, many, higher) in Trust.of(items).shares().items():
        more = {**shared, "n": many, "n_total": many}
        yield measured(
            SUITE, dataset, metric, share, unit="of claims", higher_is_better=higher, **more
        )


def _is_wrong(claim: ClaimCheck, response: Response) -> bool:
    return any(start < claim.end and claim.start < end for start, end in response.marked)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
