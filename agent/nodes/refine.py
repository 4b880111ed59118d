"""Another query for the same question."""

from __future__ import annotations

from langgraph.runtime import Runtime

from agent.run import Run
from agent.state import Change, State
from agent.understanding import second_try


async def refine(state: State, runtime: Runtime[Run]) -> Change:
    del runtime
    query = second_try(state["understood"], state["queries"])
    return Change(queries=[*state["queries"], query])
