"""The same question gets the same answer, as long as nothing that it depends on has changed."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

from langgraph.runtime import Runtime

from agent.recalling import recalled_by
from agent.run import Run
from agent.state import Change, State, with_turn
from pincite.answers import Answer, Answered
from pincite.events import Checked, Finished, Quotes, Reading


async def recall(state: State, runtime: Runtime[Run]) -> Change:
    run, library = runtime.context, runtime.context.services.library
    if not run.services.settings.recall:
        return Change()
    now = await asyncio.to_thread(library.state, run.scope)
    run.recalled_by = recalled_by(run, state["understood"], now)
    found = await asyncio.to_thread(library.recall, run.recalled_by, run.scope)
    if found is None or run.wishes.fresh:
        return Change()
    spent = round(time.monotonic() - run.began, 3)
    answer = found.model_copy(update={"recalled": True, "seconds": spent})
    _give(answer, runtime)
    return with_turn(state, answer.id, run.allowed.collections)


def recalled(state: State) -> Literal["retrieve", "__end__"]:
    return "__end__" if state["answer"] else "retrieve"


def _give(answer: Answer, runtime: Runtime[Run]) -> None:
    """The events of an answer, for clients that show it as it comes."""
    emit = runtime.stream_writer
    emit(Quotes(quotes=answer.quotes))
    if isinstance(answer, Answered):
        emit(Reading(citations=answer.citations))
        for sentence in answer.sentences:
            emit(Checked(sentence=sentence))
    emit(Finished(answer=answer))
