"""The checker on claims of Pincite's own answers, which two labellers judged without its verdicts.

`false_support`: of the claims that are not borne out, those shown as supported; `supported_share`:
of those that are; `not_checkable_share`: of those that can be checked. Claims on whose label the
labellers differ are left out of these and counted. `agreement` and `kappa` are theirs. `kept_share`
is how many of the claims the product still splits so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from evals import labelled_claims
from evals.checking_systems import System
from evals.intervals import grouped_interval
from evals.labelled_claims import Labelled, SplitClaim, Told, labels_in, split, split_in, told_in
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.scorers.agreement import agreement, kappa
from evals.suites import Context
from pincite.answers import Label, Verdict

NAME: Final = "own"
SUITE: Final = "grounding"
METRICS: Final = ("false_support", "supported_share", "not_checkable_share")
_SPENT: Final = "the time budget was spent"
FOLDER: Final = Path(labelled_claims.__file__).parent
_AGAINST: Final = frozenset({Label.UNSUPPORTED, Label.CONTRADICTED})

Yielded = Iterator[Result | tuple[str, Case]]


class Judged(NamedTuple):
    """A claim with its answer and what each labeller said of it."""

    split: SplitClaim
    told: Told
    first: Labelled
    second: Labelled

    @property
    def gold(self) -> Label | None:
        """None where the labellers differ."""
        return self.first.label if self.first.label is self.second.label else None


def judged(folder: Path = FOLDER) -> list[Judged]:
    """Raises KeyError: a claim without an answer or without both labels."""
    answers = {told.id: told for told in told_in(folder / "answers.jsonl")}
    first, second = (
        {label.claim: label for label in labels_in(folder / f"{name}.jsonl")}
        for name in ("first", "second")
    )
    return [
        Judged(claim, answers[claim.answer], first[claim.id], second[claim.id])
        for claim in split_in(folder / "claims.jsonl")
    ]


def of_own(context: Context, who: Sequence[System], folder: Path = FOLDER) -> Yielded:
    items = judged(folder)
    yield from _agreement(items)
    yield _kept(items)
    chosen = context.sample(items, lambda item: item.split.id, len(items))
    for system in who:
        verdicts = list(_verdicts(context, system, chosen))
        if len(verdicts) < len(chosen):
            yield from (missing(SUITE, NAME, m, _SPENT, "partial") for m in METRICS)
            return
        yield from _figures(system, verdicts, len(items))
        if system.name == PRODUCT:
            yield from ((NAME, _case(item, verdict)) for item, verdict in verdicts)


def _verdicts(
    context: Context, system: System, items: Sequence[Judged]
) -> Iterator[tuple[Judged, Verdict]]:
    """Until the time is spent; a run that is resumed checks nothing twice."""
    for item in items:
        if context.out_of_time:
            return
        key = f"own/{item.split.id}/{system.checking.id}"
        yield item, context.once(Verdict, key, partial(_verdict, system, item))


def _verdict(system: System, item: Judged) -> Verdict:
    evidence = [each.numbered for each in item.told.evidence]
    return system.checking.checker.check(item.split.claim, evidence)


def _figures(
    system: System, verdicts: Sequence[tuple[Judged, Verdict]], total: int
) -> Iterator[Result]:
    def share(name: str, wanted: Callable[[Label | None], bool], label: Label) -> Iterator[Result]:
        values = [
            (item.told.id, float(verdict.label is label))
            for item, verdict in verdicts
            if wanted(item.gold)
        ]
        if values:
            yield measured(
                SUITE,
                NAME,
                name,
                sum(value for _, value in values) / len(values),
                unit="fraction",
                higher_is_better=name == "supported_share",
                system=system.name,
                n=len(values),
                n_total=total,
                ci95=grouped_interval(values),
            )

    yield from share("false_support", _AGAINST.__contains__, Label.SUPPORTED)
    yield from share("supported_share", lambda gold: gold is Label.SUPPORTED, Label.SUPPORTED)
    checkable = _AGAINST | {Label.SUPPORTED}
    yield from share("not_checkable_share", checkable.__contains__, Label.NOT_CHECKABLE)


def _agreement(items: Sequence[Judged]) -> Iterator[Result]:
    told: dict[str, Callable[[Labelled], object]] = {
        "": lambda label: label.label,
        "_atomic": lambda label: label.atomic,
        "_alone": lambda label: label.alone,
    }
    for suffix, of in told.items():
        first, second = ([str(of(getattr(i, n))) for i in items] for n in ("first", "second"))
        yield _plain(f"agreement{suffix}", agreement(first, second), len(items))
        yield _plain(f"kappa{suffix}", kappa(first, second), len(items))
    for name in ("atomic", "alone"):
        both = sum(getattr(i.first, name) and getattr(i.second, name) for i in items)
        yield _plain(f"{name}_share", both / len(items), len(items))


def _kept(items: Sequence[Judged]) -> Result:
    answers = {item.told.id: item.told for item in items}
    now = {(told.id, claim.claim.text) for told in answers.values() for claim in split(told)}
    kept = sum((item.told.id, item.split.claim.text) in now for item in items)
    return _plain("kept_share", kept / len(items), len(items))


def _plain(metric: str, value: float, n: int) -> Result:
    return measured(
        SUITE, NAME, metric, value, unit="fraction", higher_is_better=True, n=n, n_total=n
    )


def _case(item: Judged, verdict: Verdict) -> Case:
    gold = item.gold
    right = gold is None or (verdict.label is Label.SUPPORTED) == (gold is Label.SUPPORTED)
    return Case(
        input=item.split.id,
        expected=str(gold) if gold else "the labellers differ",
        got=str(verdict.label),
        score=float(right),
        why=f"{item.split.claim.text} — {verdict.reason}",
    )
