"""Looks for evidence with the newest query, and decides whether it is enough."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from langgraph.runtime import Runtime

from agent.run import Run
from agent.state import Change, Found, State
from agent.sufficiency import sufficiency
from agent.understanding import second_try
from pincite.events import Searched
from pincite.evidence import Evidence


async def retrieve(state: State, runtime: Runtime[Run]) -> Change:
    run = runtime.context
    services, query = run.services, state["queries"][-1]
    hits, run.coverage = await asyncio.gather(
        asyncio.to_thread(services.retriever.search, query, run.scope, keep=services.keep),
        asyncio.to_thread(services.coverage, run.scope),
    )
    run.known.update({hit.passage.id: hit for hit in hits})
    runtime.stream_writer(Searched(query=query, found=len(hits), coverage=run.coverage))
    found = merged(state["found"], hits)
    evidence = await run.evidence_for(found)
    return Change(found=found, enough=sufficiency(state["understood"], evidence).enough)


def merged(before: Sequence[Found], hits: Sequence[Evidence]) -> list[Found]:
    """Both lists by place, the newer one first of equals; scores of two searches do not compare."""
    new = [
        Found(
            passage=hit.passage.id,
            score=hit.score,
            similarity=hit.similarity,
            found_by=list(hit.found_by),
        )
        for hit in hits
    ]
    places: dict[str, tuple[int, Found]] = {}
    for ranked in (new, before):
        for place, found in enumerate(ranked):
            if found["passage"] not in places or place < places[found["passage"]][0]:
                places[found["passage"]] = (place, found)
    return [found for _, found in sorted(places.values(), key=lambda item: item[0])]


def enough(state: State, runtime: Runtime[Run]) -> Literal["quote", "refine", "refuse"]:
    """Where a search leads: on, once more with another query, or to a refusal."""
    if state["enough"]:
        return "quote"
    tries = len(state["queries"]) - 1
    left = tries < runtime.context.services.settings.refinements
    return "refine" if left and second_try(state["understood"], state["queries"]) else "refuse"
