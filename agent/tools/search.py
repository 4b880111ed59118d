"""Finds passages by words and meaning, as the graph does."""

from __future__ import annotations

import asyncio
from typing import Final

from pydantic import Field

from agent.tools.bench import AgentTool, Arguments, Bench, Nothing, Told, clause
from pincite.events import Searched


class SearchFor(Arguments):
    query: str = Field(min_length=1, max_length=400, description="What is looked for, in words.")
    file: str = Field(
        default="",
        max_length=300,
        description="Name of the only file to search in, or [n] of evidence from it; empty: all.",
    )


async def _search(bench: Bench, asked: SearchFor) -> Told:
    run, scope = bench.run, bench.scope
    inside = ""
    if asked.file.strip():
        source = await bench.source(asked.file)
        scope = scope.model_copy(update={"sources": frozenset({source.id})})
        inside = f" in {clause(source.name)}"
    hits, run.coverage = await asyncio.gather(
        asyncio.to_thread(
            run.services.retriever.search, asked.query, scope, keep=run.services.keep
        ),
        asyncio.to_thread(run.services.coverage, run.scope),
    )
    said = f"searched{inside} for {clause(asked.query)}, which put {len(hits)} passages forward"
    bench.emit(Searched(query=asked.query, found=len(hits), coverage=run.coverage))
    bench.queries.append(asked.query)
    known = {item.passage.id for item in bench.found}
    bench.found += [hit for hit in hits if hit.passage.id not in known]
    shown = bench.show((each, hit.source) for hit in hits for each in hit.elements)
    if not shown:
        raise Nothing(f"Nothing was found{inside} for {clause(asked.query)}.", said)
    return Told(shown, said)


SEARCH: Final = AgentTool(
    "search",
    "Find passages in the files by words and meaning. Gives numbered evidence with file and page.",
    SearchFor,
    _search,
)
