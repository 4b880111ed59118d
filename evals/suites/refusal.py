"""Is a question refused exactly where the texts do not answer it?

Measured is the decision that needs no language model: system `pincite` is the one before a model
writes (`agent.sufficiency`), `pincite, without the reader` the same where the weights of the small
reader are absent, `pincite, quotes only` that of the mode without a model, where a quote must be
relevant as well. What a language model does after that is not in these figures. A system answers
from one cut on, the same for all sets. Beside them are the rules that decided before, one cut on
the cosine of the nearest passage, and answering always.

- `squad_closed`, `clapnq`: the passage is given, and answers the question or does not.
- `squad_open`: all articles are one library; questions that are doubtful without their paragraph
  are left out by the rule of `evals.doubtful`.
- `mmlongbench_doc`: questions about a document that is in the library, some not answerable.

Of SQuAD the articles whose title has an odd SHA-256 are measured; on the others the reader, the
checker, weights and cuts were trained and chosen. ClapNQ and MMLongBench-Doc were used for nothing.
`precision`, `recall`: of refusals, against questions without an answer; `over_refusal`: share of
answerable questions refused; `base_rate`: share without an answer; `recall_at_over_refusal_15`: the
largest recall of any cut that refuses at most .15 of the answerable ones; `aurc`: the mean share of
unanswerable questions among those answered, over all coverages, surest first (lower is better);
`ece`: how far the probability that the answer is there is from the share of questions where it is.
Whether an answer is right is not judged. Intervals by the bootstrap over articles or documents.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from evals.datasets import clapnq, mmlongbench_doc, squad
from evals.datasets.posed import Posed, chooses
from evals.doubtful import clear
from evals.page_library import fill, written
from evals.refusal_figures import Asked, cases, figures, none
from evals.refusing import Known, Library, given, known, searched
from evals.results import Case, Result
from evals.suites import Context
from pincite.config import NoChat, Settings
from pincite.elements import Scope
from pincite.errors import PinciteError
from pincite.grounding.memory import remembering
from pincite.models.passage_reader import shipped_reader
from serving.bootstrap import Services, services

CLOSED: Final = 400
OPEN: Final = 300
Look = Callable[[Posed], Known]


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """What is given first, then what must be searched for."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(services(_settings(context))))
        try:
            yield from _squad_closed(context, opened)
            yield from _clapnq(context, opened)
            yield from _squad_open(context, opened, runner)
            yield from _mmlongbench(context, opened, runner)
        finally:
            runner.run(stack.aclose())
    if context.journal.folder and not context.out_of_time:
        shutil.rmtree(context.journal.folder, ignore_errors=True)


def _squad_closed(context: Context, opened: Services) -> Iterator[Result | tuple[str, Case]]:
    folder = context.dataset(squad.NAME)
    if folder is None:
        yield from none("squad_closed", "no folder squad in --data")
        return
    _, posed = squad.read_posed(folder)
    measured = [each for each in posed if not chooses(each.group)]
    yield from _measured(context, "squad_closed", measured, CLOSED, _given(opened))


def _clapnq(context: Context, opened: Services) -> Iterator[Result | tuple[str, Case]]:
    folder = context.dataset(clapnq.NAME)
    if folder is None:
        yield from none("clapnq", "no folder clapnq in --data")
        return
    yield from _measured(context, "clapnq", list(clapnq.read(folder)), CLOSED, _given(opened))


def _squad_open(
    context: Context, opened: Services, runner: asyncio.Runner
) -> Iterator[Result | tuple[str, Case]]:
    folder = context.dataset(squad.NAME)
    if folder is None:
        yield from none("squad_open", "no folder squad in --data")
        return
    articles, posed = squad.read_posed(folder)
    files = {squad.NAME: written(articles, context.scratch / "articles")}
    failed = runner.run(fill(opened.service, files, lambda: not context.out_of_time))
    measured = [each for each in clear(posed) if not chooses(each.group)]
    look = _searching(opened, lambda _: squad.NAME)
    yield from _measured(context, "squad_open", measured, OPEN, look, failed)


def _mmlongbench(
    context: Context, opened: Services, runner: asyncio.Runner
) -> Iterator[Result | tuple[str, Case]]:
    name = mmlongbench_doc.NAME
    folder = context.dataset(name)
    if folder is None:
        yield from none(name, f"no folder {name} in --data")
        return
    posed = mmlongbench_doc.read_posed(folder)
    asked_about = {each.group for each in context.sample(posed, lambda each: each.id, OPEN)}
    files: dict[str, list[Path]] = {
        _collection(file.name): [file]
        for file in mmlongbench_doc.files(folder)
        if file.name in asked_about
    }
    failed = runner.run(fill(opened.service, files, lambda: not context.out_of_time))
    look = _searching(opened, lambda each: _collection(each.group))
    yield from _measured(context, name, posed, OPEN, look, failed)


def _collection(file: str) -> str:
    return f"{mmlongbench_doc.NAME}/{file}"


def _given(opened: Services) -> Look:
    library = _library(opened)
    encoder, reader = library.encoder, library.reader
    return lambda posed: known(posed.question, [given(posed, encoder)], encoder, reader)


def _searching(opened: Services, collection: Callable[[Posed], str]) -> Look:
    library, settings = _library(opened), opened.settings

    def look(posed: Posed) -> Known:
        found = searched(
            posed.question,
            Scope(collections=frozenset({collection(posed)})),
            library,
            keep=settings.retrieval.keep,
            refinements=settings.agent.refinements,
        )
        return known(posed.question, found, library.encoder, library.reader)

    return look


def _library(opened: Services) -> Library:
    return Library(opened.retriever, remembering(opened.encoder), shipped_reader())


def _measured(
    context: Context,
    name: str,
    posed: Sequence[Posed],
    standard: int,
    look: Look,
    unread: Sequence[str] = (),
) -> Iterator[Result | tuple[str, Case]]:
    asked: list[Asked] = []
    failed = 0
    for each in context.sample(posed, lambda one: one.id, standard):
        if context.out_of_time:
            break
        try:
            found = context.once(Known, f"{name}/{each.id}", lambda one=each: look(one))
        except PinciteError:
            failed += 1
        else:
            asked.append(Asked(each, found))
    yield from cases(name, asked)
    yield from figures(context, name, asked, len(posed), failed, unread)


def _settings(context: Context) -> Settings:
    folder = context.journal.folder or context.scratch
    return context.settings.model_copy(update={"data_dir": folder / "library", "chat": NoChat()})
