"""Is a claim shown as supported exactly where the evidence bears it out?

Every answer goes the way of `pincite.check`: the same claims, the same elements made of its
contexts, the checker that ships, and its one cut for all tasks and sets. A claim that cannot be
checked counts as not supported; an answer is as probable as its least probable claim.

RAGTruth: `response_f1` of finding answers with a marked span; `span_f1` over characters, whole
claims being marked; `auroc` of the least probability; by claim `false_support` (of the claims that
a marked span meets, those shown as supported), `supported_share` (of the others) and
`not_checkable_share`. Sources on which weights or cuts may have been chosen are left out by the
rule of `evals.datasets.ragtruth.trains`. Intervals by the bootstrap over sources.
SummEdits: `balanced_accuracy` on the domain that nothing is ever trained on; the others as slices.
WiCE: `support_f1` of claims that are fully supported; `sentence_f1`, the mean F1 of the sentences
that the spots of the claims stand in against the best fitting gold set, over claims that have one.
LLM-AggreFact: the mean over its sets of the balanced accuracy.
Own answers: see `evals.own_claims`.

Baselines on the same items: rules only (where more ships), the share of words in the evidence,
similarity of the nearest sentence, each with one cut chosen on the training half as ours is; a
constant; on a sample of RAGTruth the local language model as a judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from evals.checking_systems import JUDGE, Asked, System, checked, judge, systems
from evals.datasets import ragtruth
from evals.datasets.ragtruth import TASKS, Response, trains
from evals.grounded_sets import SETS
from evals.own_claims import of_own
from evals.ragtruth_figures import ALWAYS, METRICS, SUITE, Judged, always, marks, results
from evals.results import PRODUCT, Case, Result, Status, measured, missing
from evals.suites import Context, Suite
from pincite.checking import borne_out

SOURCES: Final = 80
"""Of each task, with all their responses."""
JUDGED_SOURCES: Final = 2
"""Of each task: a local model takes up to half a minute for a response."""
JUDGED_SLICE: Final = "as the judge"
"""What the judge was asked about, checked by us."""
LEFT_OUT: Final = "not measured, as weights or cuts may have been chosen on them"


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """RAGTruth, the other sets, and the judge last, as it takes longest."""
    who = systems(context)
    yield from _ragtruth(context, who)
    for measure in (*SETS, of_own):
        yield from measure(context, who)
    yield from _by_judge(context, who[0])


PARTS: Final[dict[str, Suite]] = {
    "ragtruth": lambda context: _ragtruth(context, systems(context)),
    "own": lambda context: of_own(context, systems(context)),
    "judge": lambda context: _by_judge(context, systems(context)[0]),
    "others": lambda context: (r for each in SETS for r in each(context, systems(context))),
}


# --- RAGTruth ------------------------------------------------------------------------------------


def _ragtruth(context: Context, who: Sequence[System]) -> Iterator[Result | tuple[str, Case]]:
    kept, left_out = _responses(context)
    if not kept:
        why = (
            f"{left_out} responses, all {LEFT_OUT}" if left_out else "no folder ragtruth in --data"
        )
        for task in ("all", *TASKS):
            yield from (missing(SUITE, f"ragtruth.{task}", metric, why) for metric in METRICS)
        return
    found = _found(context, who, kept)
    if not found:
        yield from _none("the time budget was spent", "partial")
    cuts = {system.name: system.cut for system in who} | {ALWAYS: who[0].cut}
    shared: dict[str, object] = {"reason": f"{left_out} further responses are {LEFT_OUT}"}
    if context.out_of_time:
        shared |= {"status": "partial", "reason": "the time budget was spent"}
    for name, items in found.items():
        system = System(name, who[0].checking, cuts[name])
        yield from _sliced(context, kept, system, items, shared)
    yield from (("ragtruth", _case(item, who[0])) for item in found.get(PRODUCT, ()))
    yield from _seconds(found.get(PRODUCT, ()))


def _found(
    context: Context, who: Sequence[System], kept: Iterable[Response]
) -> dict[str, list[Judged]]:
    """By system, the same responses for each."""
    found: dict[str, list[Judged]] = {}
    for responses in _by_source(context, kept, SOURCES):
        if context.out_of_time:
            break
        for system in who:
            told = (judged(context, system, response) for response in responses)
            found.setdefault(system.name, []).extend(told)
        found.setdefault(ALWAYS, []).extend(always(response) for response in responses)
    return found


def _none(why: str, status: Status = "not_applicable") -> Iterator[Result]:
    for task in ("all", *TASKS):
        yield from (missing(SUITE, f"ragtruth.{task}", metric, why, status) for metric in METRICS)


def _responses(context: Context) -> tuple[list[Response], int]:
    """Those that are measured, and how many are not."""
    folder = context.dataset(ragtruth.NAME)
    told = list(ragtruth.read(folder)) if folder else []
    kept = [response for response in told if not trains(response.split, response.source)]
    return kept, len(told) - len(kept)


def _by_source(
    context: Context, kept: Iterable[Response], standard: int
) -> Iterator[list[Response]]:
    """The responses of each source of the sample, the tasks in turn, so that a cut run has all."""
    by_task: dict[str, dict[str, list[Response]]] = {task: {} for task in TASKS}
    for response in kept:
        by_task[response.task].setdefault(response.source, []).append(response)
    chosen = {
        task: context.sample(sources, lambda id_: f"ragtruth/{id_}", standard)
        for task, sources in by_task.items()
    }
    for place in range(max(map(len, chosen.values()))):
        for task, sources in chosen.items():
            if place < len(sources):
                yield by_task[task][sources[place]]


def judged(context: Context, system: System, response: Response) -> Judged:
    told = response
    asked = Asked(f"ragtruth/{told.id}", told.answer, told.contexts, told.question)
    return Judged(response, checked(context, system, asked))


def _sliced(
    context: Context,
    kept: Sequence[Response],
    system: System,
    items: Sequence[Judged],
    shared: Mapping[str, object],
) -> Iterator[Result]:
    """All tasks and each; and each split, where there are several."""
    splits = sorted({response.split for response in kept})
    for task in ("all", *TASKS):
        of = [item for item in items if task in {"all", item.response.task}]
        total = sum(task in {"all", response.task} for response in kept)
        more = {**shared, "system": system.name, "split": "+".join(splits), "n_total": total}
        if of:
            told = results(f"ragtruth.{task}", of, system.cut, more, context.seed)
            yield from (r for r in told if system.name != ALWAYS or r.metric in METRICS)
        for split in splits if len(splits) > 1 and system.name != ALWAYS else ():
            part = [item for item in of if item.response.split == split]
            if part:
                more |= {"slice": split, "split": split, "n_total": len(part)}
                yield from results(f"ragtruth.{task}", part, system.cut, more, context.seed)


def _case(item: Judged, system: System) -> Case:
    response, whole = item.response, item.checked.whole
    right = whole.supported is not response.is_hallucinated
    worst = min(whole.claims, key=borne_out, default=None)
    marked = marks(whole, system.cut)
    why = f"{worst.verdict}: {worst.text} — {worst.reason}" if worst else "no claims"
    return Case(
        input=response.id,
        system=system.name,
        expected=f"marked: {list(response.marked)}" if response.marked else "faithful",
        got=f"{whole.probability:.3f}; below the cut: {marked}",
        score=float(right),
        why=why,
    )


def _seconds(items: Sequence[Judged]) -> Iterator[Result]:
    claims = sum(len(item.checked.whole.claims) for item in items)
    if claims:
        yield measured(
            SUITE,
            "ragtruth",
            "seconds_per_claim",
            sum(item.checked.seconds for item in items) / claims,
            unit="s",
            higher_is_better=False,
            n=claims,
            n_total=claims,
            reason="with splitting, and the evidence read once for the responses to one source",
        )


# --- a language model as a judge -----------------------------------------------------------------


def _by_judge(context: Context, ours: System) -> Iterator[Result]:
    kept, _ = _responses(context)
    system = judge(context) if kept else None
    if system is None:
        why = "no language model in the store; run: pincite models pull" if kept else "no responses"
        for metric in METRICS:
            found = missing(SUITE, "ragtruth.all", metric, why)
            yield found.model_copy(update={"system": JUDGE})
        return
    chosen: list[Response] = []
    for responses in _by_source(context, kept, JUDGED_SOURCES):
        if context.out_of_time:
            break
        chosen += responses
        for response in responses:
            judged(context, system, response)
    for who, slice_ in ((system, "all"), (ours, JUDGED_SLICE)):
        items = [judged(context, who, response) for response in chosen]
        more: dict[str, object] = {"system": who.name, "slice": slice_, "n_total": len(kept)}
        if items:
            yield from results("ragtruth.all", items, who.cut, more, context.seed)
