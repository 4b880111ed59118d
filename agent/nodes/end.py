"""The answer, or the refusal, is put together, kept, and given out."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

from langgraph.runtime import Runtime

from agent.nodes.exhaust import caution
from agent.recording import record
from agent.refusals import refused
from agent.run import Run
from agent.state import Change, State, with_turn
from pincite.answer_form import Form
from pincite.answers import Answer, Answered, RefusalReason
from pincite.events import Checked, Finished


def check(state: State) -> Literal["end", "refuse"]:
    """Whether enough of what was written stands."""
    return "refuse" if state["refusal"] else "end"


async def end(state: State, runtime: Runtime[Run]) -> Change:
    run = runtime.context
    if (warning := caution(state, run)) is not None and run.form is Form.JSON:
        run.tell(warning.text)
    elif warning is not None:
        run.sentences.append(warning)
        runtime.stream_writer(Checked(sentence=warning))
    cited = {n for s in run.sentences for c in s.claims for n in c.claim.cites}
    answer = Answered(
        id=run.answer_id,
        question=run.asked or state["question"],
        coverage=run.coverage,
        quotes=run.quotes,
        citations=tuple(c for c in run.citations if c.number in cited),
        seconds=round(time.monotonic() - run.began, 3),
        model=run.used,
        record=record(run),
        sentences=tuple(run.sentences),
        voice=run.voice,
        missing=run.missing,
        data=run.data,
        conflicts=run.conflicts,
        notice=run.notice,
        pictures=run.pictures,
    )
    return await _given(state, runtime, answer)


async def refuse(state: State, runtime: Runtime[Run]) -> Change:
    return await _given(state, runtime, await refused(state, runtime.context))


async def _given(state: State, runtime: Runtime[Run], answer: Answer) -> Change:
    run = runtime.context
    as_ever = not run.degraded and run.reason is not RefusalReason.BUDGET
    recalled_by = run.recalled_by if as_ever else ""
    await asyncio.to_thread(run.services.library.put_answer, answer, run.scope, recalled_by)
    runtime.stream_writer(Finished(answer=answer))
    return with_turn(state, answer.id, run.allowed.collections)
