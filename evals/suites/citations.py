"""Does an answer point at the pages that answer the question? Real answers of what ships.

- `page_precision`: share of the cited pages that are gold, mean over questions with a citation.
- `page_recall`: share of the gold pages that are cited, mean over all questions, a refusal citing
  none; slice `answered`: over those that were answered.
- `answer_rate`: share of the questions that were answered; all of them have an answer.

Which questions are asked, and of which files, says `evals.asked_sets`. Pages are those of the
cited elements, counted from 1.

Compared are the mode without a language model, the page of the first passage that search finds and
those of the first three, as if they were cited, and a page drawn at random from the files asked.
Slices by what the answer stands in. Intervals by the bootstrap over documents.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from evals.asked_sets import asked_set
from evals.asking import Asking, Dealt, shared_fields
from evals.datasets.answerable import MEDIA
from evals.intervals import grouped_interval
from evals.refusing import QUOTES
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.suites import Context
from pincite.config import NoChat

SUITE: Final = "citations"
SETS: Final = ("financebench", "mmlongbench_doc")
METRICS: Final = ("page_precision", "page_recall", "answer_rate")
FIRST: Final = "first page found"
THREE: Final = "first three pages found"
RANDOM: Final = "a page at random"
ANSWERED: Final = "answered"


class Cited(NamedTuple):
    """What one system cited for one question."""

    group: str
    medium: str
    is_answered: bool
    precision: float | None
    """None where nothing was cited."""
    recall: float


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    sets = [found for name in SETS if (found := asked_set(context, name))]
    for name in SETS:
        if name not in {each.name for each in sets}:
            yield from _none(name, f"no folder {name} in --data")
    if not sets:
        return
    with asyncio.Runner() as runner:
        with Asking(context, runner) as asking:
            unread = asking.fill(sets)
            mute = asking.is_mute
            shipped = {} if mute else {each.name: asking.dealt(each) for each in sets}
            pages = {each.name: asking.pages(each.name) for each in sets}
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
        yield from _baselines(context, quoted[each.name], each.name, pages[each.name], more)


def _none(name: str, why: str) -> Iterator[Result]:
    yield from (missing(SUITE, name, metric, why) for metric in METRICS)


# --- what was cited ------------------------------------------------------------------------------


def cited(dealt: Dealt) -> Cited:
    """A question that failed cites nothing."""
    asked, reply = dealt.asked, dealt.reply
    pages = reply.cited if reply else ()
    hits = asked.gold & set(pages)
    return Cited(
        asked.group,
        asked.medium,
        is_answered=bool(reply and reply.text),
        precision=len(hits) / len(pages) if pages else None,
        recall=len(hits) / len(asked.gold),
    )


def first_found(dealt: Dealt, many: int) -> Cited:
    """As if the first pages that search found were cited."""
    asked = dealt.asked
    pages = dealt.reply.found[:many] if dealt.reply else ()
    hits = asked.gold & set(pages)
    precision = len(hits) / len(pages) if pages else None
    return Cited(asked.group, asked.medium, bool(pages), precision, len(hits) / len(asked.gold))


def at_random(dealt: Dealt, pages: Mapping[str, int]) -> Cited:
    """What one page drawn at random is worth on average; `pages` by file."""
    asked = dealt.asked
    among = pages.get(asked.file, 0) if asked.file else sum(pages.values())
    among = max(among, 1)
    return Cited(asked.group, asked.medium, True, len(asked.gold) / among, 1 / among)  # noqa: FBT003


def _baselines(
    context: Context,
    dealt: Sequence[Dealt],
    name: str,
    pages: Mapping[str, int],
    more: Mapping[str, object],
) -> Iterator[Result]:
    systems = {
        FIRST: [first_found(each, 1) for each in dealt],
        THREE: [first_found(each, 3) for each in dealt],
        RANDOM: [at_random(each, pages) for each in dealt],
    }
    for system, items in systems.items():
        yield from _figures(context, name, items, {**more, "system": system})


# --- figures -------------------------------------------------------------------------------------


def _told(
    context: Context, system: str, dealt: Sequence[Dealt], name: str, more: Mapping[str, object]
) -> Iterator[Result | tuple[str, Case]]:
    items = [cited(each) for each in dealt]
    failed = [each.why for each in dealt if each.reply is None]
    shared = {**more, "system": system, "n_failed": len(failed)}
    if failed:
        shared["reason"] = "; ".join(failed[:3])
    yield from _figures(context, name, items, shared)
    for each, item in zip(dealt, items, strict=True):
        yield name, _case(each, item, system)


def _figures(
    context: Context, name: str, items: Sequence[Cited], more: Mapping[str, object]
) -> Iterator[Result]:
    if not items:
        for metric in METRICS:
            none = missing(SUITE, name, metric, str(more.get("reason", "no question")), "partial")
            yield none.model_copy(update={"system": more.get("system", PRODUCT)})
        return
    answered = [item for item in items if item.is_answered]
    slices = {"all": items, ANSWERED: answered if len(answered) < len(items) else []}
    slices |= {medium: [item for item in items if item.medium == medium] for medium in MEDIA}
    for slice_, of in slices.items():
        if not of:
            continue
        shared = {**more, "slice": slice_}
        if slice_ != "all":
            shared["n_total"] = len(of)
        precise = [(item.group, item.precision) for item in of if item.precision is not None]
        if precise or slice_ == "all":
            yield from _mean(context, name, "page_precision", precise, shared)
        recalled = [(item.group, item.recall) for item in of]
        yield from _mean(context, name, "page_recall", recalled, shared)
        if slice_ != ANSWERED:
            rate = [(item.group, float(item.is_answered)) for item in of]
            yield from _mean(context, name, "answer_rate", rate, shared)


def _mean(
    context: Context,
    name: str,
    metric: str,
    values: Sequence[tuple[str, float]],
    more: Mapping[str, object],
) -> Iterator[Result]:
    """Nought where nothing was cited at all: no cited page is gold."""
    yield measured(
        SUITE,
        name,
        metric,
        sum(value for _, value in values) / len(values) if values else 0.0,
        unit="fraction",
        higher_is_better=True,
        ci95=grouped_interval(values, seed=context.seed),
        **{**more, "n": len(values)},
    )


def _case(dealt: Dealt, item: Cited, system: str) -> Case:
    asked, reply = dealt.asked, dealt.reply
    pages = ", ".join(f"{page.file} p. {page.number}" for page in reply.cited) if reply else ""
    found = ", ".join(f"{page.file} p. {page.number}" for page in reply.found[:3]) if reply else ""
    said = (reply.text or "refused") if reply else dealt.why
    return Case(
        input=asked.id,
        system=system,
        expected=", ".join(f"{page.file} p. {page.number}" for page in sorted(asked.gold)),
        got=pages or ("nothing cited" if item.is_answered else "refused"),
        score=item.precision * item.recall if item.precision is not None else 0.0,
        why=f"{asked.question} — {said} — found first: {found}",
    )
