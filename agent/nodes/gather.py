"""A model that calls tools looks for the evidence itself, in the place of the graph's search."""

from __future__ import annotations

import asyncio
from typing import Literal

from langgraph.runtime import Runtime

from agent.drawing import draw_picture
from agent.gathering import gather_evidence
from agent.nodes.exhaust import exhausted, way
from agent.nodes.retrieve import merged, noted
from agent.run import Run
from agent.state import Change, State
from agent.sufficiency import sufficiency
from agent.tools.bench import Bench


def where_to(state: State, runtime: Runtime[Run]) -> Literal["gather", "retrieve"]:
    """Who looks for the evidence."""
    del state
    return "gather" if runtime.context.gathers else "retrieve"


def way_on(
    state: State, runtime: Runtime[Run]
) -> Literal["exhaust", "gather", "retrieve", "__end__"]:
    """From what was recalled on."""
    onwards = way(state)
    return where_to(state, runtime) if onwards == "retrieve" else onwards


def way_out(state: State, runtime: Runtime[Run]) -> Literal["end", "gather", "retrieve"]:
    """From the files on."""
    onwards = exhausted(state)
    return where_to(state, runtime) if onwards == "retrieve" else onwards


async def gather(state: State, runtime: Runtime[Run]) -> Change:
    run, chat = runtime.context, runtime.context.chat
    if chat is None:
        return Change()
    bench = Bench(run, runtime.stream_writer, run.gathered)
    gathered = await gather_evidence(bench, chat, state["understood"])
    await _drawn(run, runtime)
    run.known.update({hit.passage.id: hit for hit in bench.found})
    found = merged([state["found"], noted(bench.found)])
    if not gathered or not run.gathered:
        return Change(found=found, enough=False)
    evidence = [*bench.found, *run.gathered.lone()]
    told = await asyncio.to_thread(
        sufficiency, state["understood"], evidence, run.encoder, run.services.reader
    )
    run.missing = told.missing
    if not run.gathered.named and not told.enough:
        return Change(found=found, enough=False)
    queries = list(dict.fromkeys(bench.queries)) or state["queries"]
    return Change(found=found, queries=queries, searched=len(queries), enough=True)


def gathered(state: State) -> Literal["quote", "retrieve"]:
    """To the answer; or to the graph's own search, which decides whether there is one."""
    return "quote" if state["enough"] else "retrieve"


async def _drawn(run: Run, runtime: Runtime[Run]) -> None:
    """What the asker asked for is drawn, also where the model did not care to."""
    if run.to_draw is None or run.pictures:
        return
    failed = await draw_picture(run, run.to_draw, runtime.stream_writer)
    if failed is not None:
        run.tell(failed.said)
