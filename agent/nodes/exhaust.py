"""Goes through every file, where a question asks for all of something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Literal

from langgraph.runtime import Runtime

from agent.exhausting import INCOMPLETE, told
from agent.exhaustive_questions import SALE, SALES, Exhaustive, looks_exhaustive, recognised
from agent.extracting.extractor import Extractor
from agent.listed_rows import Listing, joined, listing, told_of_rows
from agent.nodes.recall import recalled
from agent.run import Run
from agent.state import Change, State
from pincite.answers import CheckedSentence, SentenceId, Voice
from pincite.elements import Scope
from pincite.errors import UpstreamError
from pincite.events import AskEvent, Checked, GoingThrough, Reading, Searched
from pincite.extractions import Asked, Column, Extracted, Extraction, FoundCell
from pincite.models.ports import Numbered
from retrievers.searching import today

Emit = Callable[[AskEvent], None]
_FOR_REST = 0.8
"""Share of a question's time in which files are looked at."""


def way(state: State) -> Literal["exhaust", "retrieve", "__end__"]:
    """From what was recalled on: every file is looked at, or the best passages."""
    onwards = recalled(state)
    return "exhaust" if onwards == "retrieve" and _is_exhaustive(state) else onwards


def _is_exhaustive(state: State) -> bool:
    return recognised(state["understood"], today()) is not None


def exhausted(state: State) -> Literal["end", "retrieve"]:
    """Where files are not what was asked for, it is searched for as anything else is.

    `Which invoices are open?` may be about files, or about the rows of a table in one of them.
    """
    return "end" if state["labels"] else "retrieve"


async def exhaust(state: State, runtime: Runtime[Run]) -> Change:
    run, extractor = runtime.context, runtime.context.services.extractor
    wanted = recognised(state["understood"], today())
    if wanted is None or extractor is None or run.wishes.shape is not None:
        return Change()
    if wanted.kind and (rows := await asyncio.to_thread(_listings, run, extractor, wanted.kind)):
        return _of_rows(run, wanted, rows, runtime.stream_writer)
    table = await _table(run, extractor, wanted, runtime.stream_writer)
    members = await asyncio.to_thread(extractor.of_kind, wanted.kind, table)
    if not members:
        return Change()
    answer = told(wanted, table, members, in_table=run.form.is_structured)
    run.sentences, run.citations = list(answer.sentences), answer.citations
    run.data = answer.data
    run.coverage, run.voice, run.exhausted = table.coverage, _voice(run, table), True
    run.evidence = await asyncio.to_thread(_evidence, run, extractor)
    run.steps.append(
        f"looked at all {len(table.files)} files for "
        f"{', '.join(column.name for column in table.asked.columns)}"
    )
    emit = runtime.stream_writer
    emit(Searched(query=state["question"], found=len(table.rows), coverage=run.coverage))
    emit(Reading(citations=run.citations))
    for sentence in run.sentences:
        emit(Checked(sentence=sentence))
    return Change(labels=[sentence.label.value for sentence in run.sentences])


def _listings(run: Run, extractor: Extractor, kind: str) -> list[Listing]:
    """Tables that list what is asked about: then files are not what is meant."""
    found = (listing(kind, table, source) for source, table in extractor.tables(run.scope))
    return joined([each for each in found if each is not None])


def _of_rows(run: Run, wanted: Exhaustive, rows: Sequence[Listing], emit: Emit) -> Change:
    told = told_of_rows(wanted, rows)
    if told is None:
        return Change()
    run.sentences, run.citations = told
    run.coverage, run.exhausted = run.services.coverage(run.scope), True
    run.evidence = tuple(
        Numbered(number=n, element=element, source_name=name)
        for n, (name, element) in enumerate(
            ((each.source.name, element) for each in rows for element in each.elements), 1
        )
    )
    run.steps.append(f"counted the rows of {len(rows)} tables with a column of {wanted.noun}")
    emit(Searched(query=wanted.noun, found=len(rows), coverage=run.coverage))
    emit(Reading(citations=run.citations))
    for sentence in run.sentences:
        emit(Checked(sentence=sentence))
    return Change(labels=[sentence.label.value for sentence in run.sentences])


async def _table(run: Run, extractor: Extractor, wanted: Exhaustive, emit: Emit) -> Extraction:
    """What shows that a file is of its kind is looked for where nothing else is."""
    plain = SALE if wanted.kind in SALES else (Column(name="title"),)
    scope = _scope(run.scope, wanted)
    with_model = bool(wanted.columns) and run.chat is not None
    asked = Asked(columns=wanted.columns or plain, with_model=with_model)
    seconds = _FOR_REST * run.services.settings.seconds
    async with aclosing(extractor.extract(asked, scope, seconds=seconds)) as events:
        async for event in events:
            if isinstance(event, Extracted):
                return event.table
            emit(GoingThrough(done=event.done, total=event.total, name=event.name))
    raise UpstreamError("the files were gone through without a result; ask again")


def _scope(scope: Scope, wanted: Exhaustive) -> Scope:
    return scope.model_copy(update={"media": wanted.media}) if wanted.media else scope


def _evidence(run: Run, extractor: Extractor) -> tuple[Numbered, ...]:
    elements = extractor.elements([citation.element for citation in run.citations])
    return tuple(
        Numbered(
            number=citation.number,
            element=elements[citation.element],
            source_name=citation.source_name,
        )
        for citation in run.citations
        if citation.element in elements
    )


def _voice(run: Run, table: Extraction) -> Voice:
    """Of the model, where it chose any of the cells."""
    cells = (cell for row in table.rows for cell in row.cells)
    by_model = any(isinstance(cell, FoundCell) and cell.by == "model" for cell in cells)
    return run.chat.voice if by_model and run.chat else Voice.COMPUTED


def caution(state: State, run: Run) -> CheckedSentence | None:
    """What is said where all was asked for and only the best passages were read."""
    asks_for_all = looks_exhaustive(state["understood"]) or _is_exhaustive(state)
    if run.exhausted or not asks_for_all:
        return None
    return CheckedSentence(id=SentenceId(f"s{len(run.sentences) + 1}"), text=INCOMPLETE)
