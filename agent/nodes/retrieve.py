"""Looks for evidence with the queries that are new, and decides whether it is enough."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from langgraph.runtime import Runtime

from agent.making_ready import made_ready
from agent.naming import narrowed
from agent.pictures import worth_looking
from agent.run import Run
from agent.state import Change, Found, State
from agent.structured.searching import enough_beside, search_beside
from agent.sufficiency import sufficiency
from agent.understanding import parts, second_try
from pincite.elements import Scope
from pincite.events import Searched
from pincite.evidence import Evidence


async def retrieve(state: State, runtime: Runtime[Run]) -> Change:
    run = runtime.context
    services = run.services
    queries = state["queries"][state["searched"] :]
    lists, run.coverage = await asyncio.gather(
        _searched(run, queries), asyncio.to_thread(services.coverage, run.scope)
    )
    if not state["searched"]:
        beside = await search_beside(run, state["understood"], lists[0])
        queries, lists = (
            [*queries, *(query for query, _ in beside)],
            [*lists, *(hits for _, hits in beside)],
        )
    for query, hits in zip(queries, lists, strict=True):
        run.known.update({hit.passage.id: hit for hit in hits})
        run.steps.append(f"searched for “{query}”, which put {len(hits)} passages forward")
        runtime.stream_writer(Searched(query=query, found=len(hits), coverage=run.coverage))
    found = merged([state["found"], *(noted(hits) for hits in lists)])
    evidence = await run.evidence_for(found)
    told = await asyncio.to_thread(
        sufficiency, state["understood"], evidence, run.encoder, services.reader
    )
    run.missing = told.missing
    run.steps.append(f"found it {told.probability:.0%} likely that the answer is in them")
    run.ready = await made_ready(run, state["understood"], evidence)
    look = services.places is not None and worth_looking(evidence, run.chat)
    is_there = told.enough or look or run.ready is not None
    is_there = is_there or await enough_beside(run, state["understood"], evidence)
    return Change(found=found, searched=len(state["queries"]), enough=is_there)


async def _searched(run: Run, queries: Sequence[str]) -> list[list[Evidence]]:
    """A list for each query; of the files alone that the question names, where it names some."""
    lists = await _in_scope(run, queries, run.scope)
    scope = narrowed(run.scope, (hit for hits in lists for hit in hits))
    if scope == run.scope:
        return lists
    run.steps.append(_kept(len(scope.sources)))
    return await _in_scope(run, queries, scope)


def _kept(files: int) -> str:
    return f"kept to the file{'s' if files > 1 else ''} that the question names"


async def _in_scope(run: Run, queries: Sequence[str], scope: Scope) -> list[list[Evidence]]:
    services = run.services
    searches = [
        asyncio.to_thread(services.retriever.search, query, scope, keep=services.keep)
        for query in queries
    ]
    return await asyncio.gather(*searches)


def noted(hits: Sequence[Evidence]) -> list[Found]:
    """As the state has them."""
    return [
        Found(
            passage=hit.passage.id,
            score=hit.score,
            similarity=hit.similarity,
            found_by=list(hit.found_by),
        )
        for hit in hits
    ]


def merged(lists: Sequence[Sequence[Found]]) -> list[Found]:
    """All lists by place, later lists first of equals; scores of two searches do not compare."""
    places: dict[str, tuple[int, Found]] = {}
    for ranked in reversed(lists):
        for place, found in enumerate(ranked):
            if found["passage"] not in places or place < places[found["passage"]][0]:
                places[found["passage"]] = (place, found)
    return [found for _, found in sorted(places.values(), key=lambda item: item[0])]


def enough(state: State, runtime: Runtime[Run]) -> Literal["quote", "refine", "refuse"]:
    """Where a search leads: on, once more with another query, or to a refusal."""
    if state["enough"]:
        return "quote"
    tries = len(state["queries"]) - len(parts(state["understood"]))
    left = tries < runtime.context.services.settings.refinements
    return "refine" if left and second_try(state["understood"], state["queries"]) else "refuse"
