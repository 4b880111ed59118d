"""The sets of the suite `grounding` with one label a text: SummEdits, WiCE, LLM-AggreFact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple, Protocol

import numpy as np

from evals.checking_systems import Asked, Checked, System, checked
from evals.datasets import aggrefact, summedits, wice
from evals.intervals import interval_of, mean_interval
from evals.ragtruth_figures import SUITE
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.scorers.binary import Counts, auroc, counts
from evals.suites import Context
from pincite.checking import WholeCheck

NEVER_TRAINED_ON: Final = 500
TRAINED_ON: Final = 100
"""Summaries of a domain that weights may have been trained on."""
CLAIMS: Final = 200
"""Of WiCE: each is held against some hundred sentences."""
PAIRS: Final = 600
CONSTANT: Final = "always supported"

_SPENT: Final = "the time budget was spent"
Yielded = Iterator[Result | tuple[str, Case]]


class Item(NamedTuple):
    asked: Asked
    holds: bool
    """Whether the text is supported, by the set."""
    group: str
    """Its document: items of one are no independent cases."""
    slice: str


class Told(NamedTuple):
    item: Item
    checked: Checked

    @property
    def whole(self) -> WholeCheck:
        return self.checked.whole


class Score(Protocol):
    def __call__(self, told: Sequence[Told], cut: float) -> float:
        """Of a set, with the cut of the system."""
        ...


def _decisions(told: Sequence[Told], cut: float) -> Counts:
    truth = np.array([one.item.holds for one in told], dtype=bool)
    found = np.array([one.whole.probability >= cut for one in told], dtype=bool)
    return counts(truth, found)


def _balanced(told: Sequence[Told], cut: float) -> float:
    return _decisions(told, cut).balanced_accuracy


def _support_f1(told: Sequence[Told], cut: float) -> float:
    return _decisions(told, cut).f1


def _by_subset(told: Sequence[Told], cut: float) -> float:
    subsets = {one.item.slice for one in told}
    parts = ([one for one in told if one.item.slice == subset] for subset in subsets)
    return sum(_balanced(part, cut) for part in parts) / len(subsets)


def _auroc(told: Sequence[Told], cut: float) -> float:
    del cut
    truth = np.array([one.item.holds for one in told], dtype=bool)
    return auroc(truth, np.array([one.whole.probability for one in told], dtype=float))


# --- the sets ------------------------------------------------------------------------------------


def of_summedits(context: Context, who: Sequence[System]) -> Yielded:
    folder = context.dataset(summedits.NAME)
    if folder is None:
        yield missing(SUITE, summedits.NAME, "balanced_accuracy", "no folder summedits in --data")
        return
    domains: dict[str, list[Item]] = {}
    for told in summedits.read(folder):
        asked = Asked(f"summedits/{told.id}", told.summary, (told.document,))
        item = Item(asked, told.is_consistent, told.document, told.domain)
        domains.setdefault(told.domain, []).append(item)
    ordered = sorted(domains, key=lambda name: (name not in summedits.NEVER_TRAINED_ON, name))
    for domain in ordered:
        unseen = domain in summedits.NEVER_TRAINED_ON
        chosen = _sample(context, domains[domain], NEVER_TRAINED_ON if unseen else TRAINED_ON)
        shared: dict[str, object] = {"n_total": len(domains[domain])}
        if not unseen:
            shared |= {"slice": domain, "reason": "a domain that may be trained on"}
        scores: dict[str, Score] = {"balanced_accuracy": _balanced, "auroc": _auroc}
        yield from _measured(context, who, summedits.NAME, chosen, scores, shared)
    if not summedits.NEVER_TRAINED_ON & domains.keys():
        why = f"without the domain {', '.join(summedits.NEVER_TRAINED_ON)}"
        yield missing(SUITE, summedits.NAME, "balanced_accuracy", why)


def of_wice(context: Context, who: Sequence[System]) -> Yielded:
    folder = context.dataset(wice.NAME)
    if folder is None:
        for metric in ("support_f1", "sentence_f1"):
            yield missing(SUITE, wice.NAME, metric, "no folder wice in --data")
        return
    gold: dict[str, tuple[wice.Sentence, str]] = {}
    items: list[Item] = []
    for told in wice.read(folder):
        lines = [" ".join(sentence.split()) for sentence in told.evidence]
        asked = Asked(f"wice/{told.id}", told.claim, ("\n".join(lines),))
        gold[asked.id] = (told, "\n".join(lines))
        items.append(Item(asked, told.label == "supported", asked.id, told.split))
    chosen = _sample(context, items, CLAIMS)
    shared: dict[str, object] = {"n_total": len(items)}
    scores: dict[str, Score] = {"support_f1": _support_f1, "auroc": _auroc}
    yield from _measured(context, who, wice.NAME, chosen, scores, shared)
    yield from _constant(chosen, len(items))
    for system in who:
        told = [one for one in _told(context, system, chosen) if gold[one.item.asked.id][0].bearing]
        values = [sentence_f1(*gold[one.item.asked.id], one.whole) for one in told]
        if any(claim.spots for one in told for claim in one.whole.claims):
            yield measured(
                SUITE,
                wice.NAME,
                "sentence_f1",
                sum(values) / len(values),
                unit="fraction",
                higher_is_better=True,
                system=system.name,
                n=len(values),
                n_total=sum(bool(told.bearing) for told, _ in gold.values()),
                ci95=mean_interval(values, seed=context.seed),
            )


def _constant(items: Sequence[Item], total: int) -> Iterator[Result]:
    held = sum(item.holds for item in items)
    more: dict[str, object] = {"system": CONSTANT, "n": len(items), "n_total": total}
    value = 2 * held / (len(items) + held)
    yield measured(
        SUITE, wice.NAME, "support_f1", value, unit="fraction", higher_is_better=True, **more
    )


def sentence_f1(told: wice.Sentence, context: str, whole: WholeCheck) -> float:
    """Of the sentences that the claims' spots stand in; the best over the sets that are enough."""
    found = {
        context.count("\n", 0, spot.start + 1) for claim in whole.claims for spot in claim.spots
    }
    return max(2 * len(found & gold) / (len(found) + len(gold)) for gold in told.bearing)


def of_aggrefact(context: Context, who: Sequence[System]) -> Yielded:
    folder = context.dataset(aggrefact.NAME)
    if folder is None:
        why = f"no folder {aggrefact.NAME} in --data"
        yield missing(SUITE, aggrefact.NAME, "balanced_accuracy", why)
        return
    items = [
        Item(
            Asked(f"aggrefact/{told.id}", told.claim, (told.document,)),
            told.is_supported,
            told.document,
            told.subset,
        )
        for told in aggrefact.read(folder)
    ]
    chosen = _sample(context, items, PAIRS)
    shared: dict[str, object] = {"n_total": len(items)}
    scores: dict[str, Score] = {"balanced_accuracy": _by_subset, "auroc": _auroc}
    yield from _measured(context, who, aggrefact.NAME, chosen, scores, shared)


SETS: Final = (of_summedits, of_wice, of_aggrefact)


# --- what they share -----------------------------------------------------------------------------


def _sample(context: Context, items: Sequence[Item], standard: int) -> list[Item]:
    """Documents together, as what is known of a document is remembered for a while only."""
    chosen = context.sample(items, lambda item: item.asked.id, standard)
    return sorted(chosen, key=lambda item: (item.group, item.asked.id))


def _told(context: Context, system: System, items: Sequence[Item]) -> list[Told]:
    told: list[Told] = []
    for item in items:
        if context.out_of_time:
            break
        told.append(Told(item, checked(context, system, item.asked)))
    return told


def _measured(
    context: Context,
    who: Sequence[System],
    name: str,
    items: Sequence[Item],
    scores: Mapping[str, Score],
    shared: Mapping[str, object],
) -> Yielded:
    for system in who:
        told = _told(context, system, items)
        if system.name == PRODUCT:
            yield from ((name, _case(one, system)) for one in told)
        more = {**shared, "system": system.name, "n": len(told)}
        if len(told) < len(items):
            more |= {"status": "partial", "reason": _SPENT}
        if not told and system.name == PRODUCT:
            yield from (missing(SUITE, name, m, _SPENT, "partial") for m in scores)
        for metric, score in scores.items() if told else ():
            fitted = partial(score, cut=system.cut.answer)
            yield _figure(name, metric, told, fitted, more)


def _figure(
    name: str,
    metric: str,
    told: Sequence[Told],
    score: Callable[[Sequence[Told]], float],
    more: Mapping[str, object],
) -> Result:
    groups: dict[str, list[Told]] = {}
    for one in told:
        groups.setdefault(one.item.group, []).append(one)
    parts = list(groups.values())
    interval = interval_of(lambda drawn: score([o for n in drawn for o in parts[n]]), len(parts))
    return measured(
        SUITE,
        name,
        metric,
        score(told),
        unit="fraction",
        higher_is_better=True,
        ci95=interval,
        **more,
    )


def _case(told: Told, system: System) -> Case:
    whole = told.whole
    worst = min(whole.claims, key=lambda claim: claim.probability, default=None)
    found = whole.probability >= system.cut.answer
    return Case(
        input=told.item.asked.id,
        system=system.name,
        expected="supported" if told.item.holds else "not supported",
        got=round(whole.probability, 4),
        score=float(found is told.item.holds),
        why=f"{worst.verdict}: {worst.text} — {worst.reason}" if worst else "no claims",
    )
