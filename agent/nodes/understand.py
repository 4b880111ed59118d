"""What is asked: the question, with the earlier one that it follows, and its parts."""

from __future__ import annotations

from langgraph.runtime import Runtime

from agent.languages import beyond, question_language
from agent.picture_requests import picture_asked
from agent.run import Run
from agent.state import Change, State
from agent.understanding import parts, understood


async def understand(state: State, runtime: Runtime[Run]) -> Change:
    run = runtime.context
    asked = picture_asked(state["question"])
    earlier = [turn["understood"] for turn in state.get("turns", [])]
    question = understood(asked.rest if asked else state["question"], earlier)
    run.language = question_language(question)
    if told := beyond(run.language, run.services.languages):
        run.tell(told)
    return Change(understood=question, queries=list(parts(question)) if question else [])
