"""Is the right answer told? Real answers of what ships.

- `score`: share of the questions of which the answer is right by the rules of
  `evals.scorers.answers`; a refusal is not right. All questions have an answer.
- `answer_rate`: share that was answered. `seconds_per_answer`: from question to checked answer,
  refusals included, models loaded.

Which questions are asked, and of which files, says `evals.asked_sets`; the answers are those of the
suites `citations` and `endtoend` where these are run together with this one. Compared is the mode
without a language model. Intervals by the bootstrap over files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from evals.asked_sets import asked_set
from evals.asking import Asking, Dealt, shared_fields
from evals.intervals import grouped_interval
from evals.refusing import QUOTES
from evals.results import PRODUCT, Case, Result, Status, measured, missing
from evals.scorers.answers import is_right
from evals.suites import Context
from pincite.config import NoChat

SUITE: Final = "qa"
SETS: Final = ("financebench", "mmlongbench_doc", "sroie", "squad")
METRICS: Final = ("score", "answer_rate", "seconds_per_answer")


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    sets = [found for name in SETS if (found := asked_set(context, name))]
    for name in SETS:
        if name not in {each.name for each in sets}:
            yield from _none(name, f"no folder {name} in --data")
    if not sets:
        return
    with asyncio.Runner() as runner:
        with Asking(context, runner) as asking:
            unread, mute = asking.fill(sets), asking.is_mute
            shipped = {} if mute else {each.name: asking.dealt(each) for each in sets}
        with Asking(context, runner, quotes=True) as asking:
            quoted = {each.name: asking.dealt(each) for each in sets}
    for each in sets:
        more = shared_fields(context, unread, each.total)
        if mute:
            yield from _none(each.name, mute)
        else:
            yield from _told(context, PRODUCT, shipped[each.name], each.name, more)
        if not isinstance(context.settings.chat, NoChat):
            yield from _told(context, QUOTES, quoted[each.name], each.name, more)


def _none(
    name: str, why: str, status: Status = "not_applicable", system: str = PRODUCT
) -> Iterator[Result]:
    for metric in METRICS:
        yield missing(SUITE, name, metric, why, status).model_copy(update={"system": system})


def _told(
    context: Context, system: str, dealt: Sequence[Dealt], name: str, more: Mapping[str, object]
) -> Iterator[Result | tuple[str, Case]]:
    if not dealt:
        yield from _none(name, str(more.get("reason", "no question")), "partial", system)
        return
    scores = [of_one(each) for each in dealt]
    for metric in METRICS:
        values = [
            (each.asked.group, score[metric])
            for each, score in zip(dealt, scores, strict=True)
            if metric in score
        ]
        if values:
            is_time = metric == "seconds_per_answer"
            yield measured(
                SUITE,
                name,
                metric,
                sum(value for _, value in values) / len(values),
                unit="s" if is_time else "fraction",
                higher_is_better=not is_time,
                ci95=grouped_interval(values, seed=context.seed),
                system=system,
                n_failed=sum(each.reply is None for each in dealt),
                **{**more, "n": len(values)},
            )
    for each, score in zip(dealt, scores, strict=True):
        yield name, _case(each, score["score"], system)


def of_one(dealt: Dealt) -> dict[str, float]:
    """By metric; a question that failed took no time that means anything."""
    if dealt.reply is None:
        return {"score": 0.0, "answer_rate": 0.0}
    return {
        "score": float(is_right(dealt.asked, dealt.reply.text)),
        "answer_rate": float(bool(dealt.reply.text)),
        "seconds_per_answer": dealt.reply.seconds,
    }


def _case(dealt: Dealt, score: float, system: str) -> Case:
    return Case(
        input=dealt.asked.id,
        system=system,
        expected=" | ".join(dealt.asked.answers),
        got=(dealt.reply.text or "refused") if dealt.reply else None,
        score=score,
        why=dealt.why or dealt.asked.question,
    )
