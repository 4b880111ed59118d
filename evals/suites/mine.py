"""How well are a user's own questions answered? The whole way, from search to verdicts.

Asked are the questions of a CSV file (see `evals.datasets.own_questions`), of the library that is
there or of a folder of files, which is read into a library of its own.

Of questions with a known page: `hit_at_1`, `_5`, `_10` of search, and of what was answered
`page_precision` (cited pages that are gold) and `page_recall` (gold pages that are cited); where
only the file is known, files stand for pages. `answer_told`: how much of the known answer was said
(`evals.scorers.short_answers`), a refusal being nothing. `answer_rate`, `supported_share` and
`not_checkable_share` (of claims), `seconds_per_answer` of all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

from evals.datasets.own_questions import Mine, read
from evals.datasets.pages import Page
from evals.intervals import mean_interval
from evals.page_library import READERS, fill
from evals.results import Case, Result, measured, missing
from evals.scorers.ranking import hit
from evals.scorers.short_answers import told
from evals.suites import Context
from pincite.answers import Answered, Label
from pincite.elements import Scope
from pincite.errors import ModelUnavailable, PinciteError, UserError
from pincite.events import Failed, Finished
from pincite.locators import PageBox
from pincite.values import Value
from serving.bootstrap import Services, services

SUITE: Final = "mine"
NAME: Final = "questions"
FEW: Final = 150
"""Questions in the standard profile: a local model takes seconds for each."""
_KEEP: Final = 30
_ALL: Final = Scope(principals=READERS, collections=frozenset())


class Reply(Value):
    """What became of one question."""

    found: tuple[Page, ...]
    """Pages that search put forward, best first."""
    cited: tuple[Page, ...]
    text: str
    """Empty where it was refused."""
    verdicts: tuple[Label, ...]
    seconds: float


class Dealt(NamedTuple):
    mine: Mine
    reply: Reply


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """Raises UserError where there are no questions, or one cannot be understood."""
    if context.own is None:
        raise UserError("the suite mine asks your own questions; run: pincite-eval mine FILE")
    asked = read(context.own.questions)
    dealt, failed = _asked(context, asked, context.own.files)
    yield from ((NAME, _case(each)) for each in dealt)
    yield from _figures(context, asked, dealt, failed)


def _asked(
    context: Context, asked: Sequence[Mine], files: Path | None
) -> tuple[list[Dealt], list[str]]:
    """Replies, and what could not be read or answered."""
    settings, scope = context.settings, _ALL
    if files is not None:
        folder = context.journal.folder or context.scratch
        settings = settings.model_copy(update={"data_dir": folder / "library"})
    dealt: list[Dealt] = []
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(services(settings)))
        try:
            wanted = {NAME: sorted(p for p in files.rglob("*") if p.is_file())} if files else {}
            failed = runner.run(fill(opened.service, wanted, lambda: not context.out_of_time))
            for mine in context.sample(asked, lambda each: each.id, FEW):
                if context.out_of_time:
                    break

                def make(mine: Mine = mine) -> Reply:
                    return runner.run(_reply(opened, mine, scope))

                try:
                    reply = context.once(Reply, f"{mine.id} {mine.question}", make)
                    dealt.append(Dealt(mine, reply))
                except PinciteError as exc:
                    failed.append(f"{mine.id}: {exc}")
        finally:
            runner.run(stack.aclose())
    return dealt, failed


async def _reply(opened: Services, mine: Mine, scope: Scope) -> Reply:
    hits = await asyncio.to_thread(opened.retriever.search, mine.question, scope, keep=_KEEP)
    found = tuple(dict.fromkeys(Page(hit.source.name, hit.passage.page or 0) for hit in hits))
    began = perf_counter()
    async with aclosing(opened.service.ask(mine.question, scope)) as events:
        last = [event async for event in events][-1]
    reply = Reply(found=found, cited=(), text="", verdicts=(), seconds=perf_counter() - began)
    match last:
        case Finished(answer=Answered() as answer):
            claims = [claim for sentence in answer.sentences for claim in sentence.claims]
            more = {
                "cited": tuple(_cited(answer)),
                "text": " ".join(sentence.text for sentence in answer.sentences),
                "verdicts": tuple(claim.verdict.label for claim in claims),
            }
            return reply.model_copy(update=more)
        case Finished():
            return reply
        case Failed(message=message):
            raise ModelUnavailable(message)
        case _:
            raise ModelUnavailable("the answer ended before it was complete")


def _cited(answer: Answered) -> list[Page]:
    """Where the answer's sentences point, each page once; page 0 of what has no pages."""
    numbers = {n for s in answer.sentences for c in s.claims for n in c.claim.cites}
    places: dict[Page, None] = {}
    for citation in answer.citations:
        if citation.number in numbers:
            boxes = [at.page for at in citation.locators if isinstance(at, PageBox)]
            places |= {Page(citation.source_name, page): None for page in boxes or (0,)}
    return list(places)


# --- figures -------------------------------------------------------------------------------------


def is_gold(mine: Mine, page: Page) -> bool:
    """By page where pages are known, else by file.

    Names are compared without case and, where the question's name has none, without ending.
    """
    wanted, name = mine.file.casefold(), page.file.casefold()
    same = name == wanted or ("." not in wanted and Path(name).stem == wanted)
    return same and (not mine.pages or page.number in mine.pages)


def of_one(dealt: Dealt) -> dict[str, float]:
    """The figures that a question has: without a known page or answer some are not there."""
    mine, reply = dealt
    scores = {
        "answer_rate": float(bool(reply.text)),
        "seconds_per_answer": reply.seconds,
    }
    if mine.answer:
        scores["answer_told"] = told(mine.answer, reply.text)
    if reply.verdicts:
        many = len(reply.verdicts)
        scores["supported_share"] = reply.verdicts.count(Label.SUPPORTED) / many
        scores["not_checkable_share"] = reply.verdicts.count(Label.NOT_CHECKABLE) / many
    if mine.file:
        right = [is_gold(mine, page) for page in reply.found]
        scores |= {f"hit_at_{k}": hit(right, {True}, k) for k in (1, 5, 10)}
        cited = [page for page in reply.cited if is_gold(mine, page)]
        if reply.cited:
            scores["page_precision"] = len(cited) / len(reply.cited)
        scores["page_recall"] = len(cited) / len(mine.pages) if mine.pages else float(bool(cited))
    return scores


METRICS: Final = {
    "hit_at_1": ("of questions", True),
    "hit_at_5": ("of questions", True),
    "hit_at_10": ("of questions", True),
    "page_precision": ("fraction", True),
    "page_recall": ("fraction", True),
    "answer_told": ("fraction", True),
    "answer_rate": ("of questions", True),
    "supported_share": ("of claims", True),
    "not_checkable_share": ("of claims", False),
    "seconds_per_answer": ("s", False),
}
"""Unit, and whether higher is better."""


def _figures(
    context: Context, asked: Sequence[Mine], dealt: Sequence[Dealt], failed: Sequence[str]
) -> Iterator[Result]:
    scores = [of_one(each) for each in dealt]
    shared: dict[str, object] = {"n_total": len(asked), "n_failed": len(failed)}
    if failed:
        shared["reason"] = "; ".join(failed[:3])
    if context.out_of_time:
        shared |= {"status": "partial", "reason": "the time budget was spent"}
    for metric, (unit, higher) in METRICS.items():
        values = [told[metric] for told in scores if metric in told]
        if not values:
            spent = "partial" if context.out_of_time else "not_applicable"
            yield missing(SUITE, NAME, metric, "no question that tells it", spent)
            continue
        yield measured(
            SUITE,
            NAME,
            metric,
            sum(values) / len(values),
            unit=unit,
            higher_is_better=higher,
            ci95=mean_interval(values, seed=context.seed),
            **{**shared, "n": len(values)},
        )


def _case(dealt: Dealt) -> Case:
    mine, reply = dealt
    scores = of_one(dealt)
    pages = ", ".join(f"{page.file} p. {page.number}" for page in reply.cited)
    verdicts = ", ".join(reply.verdicts)
    return Case(
        input=mine.id,
        expected=mine.answer or None,
        got=reply.text or "refused",
        score=scores.get("answer_told", scores.get("page_recall", scores["answer_rate"])),
        why=f"{mine.question} — cites {pages or 'nothing'}; {verdicts or 'no claims'}",
    )
