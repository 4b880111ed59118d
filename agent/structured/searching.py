"""What is searched for beside the question, where its answer has places for several things."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from agent.comparisons import asked, compared, of_first
from agent.run import Run
from agent.structured.reading import asked_of
from agent.structured.sides import Comparison
from agent.sufficiency import sufficiency
from pincite.answer_form import Form
from pincite.evidence import Evidence
from retrievers.asking import Named

_OPEN: Final = 3
"""Sources that are compared where the question does not say how many."""
_LONGEST_QUERY: Final = 400
Hits = tuple[str, list[Evidence]]


async def search_beside(run: Run, question: str, found: Sequence[Evidence]) -> list[Hits]:
    """Queries with what they found; `found` is what the question itself found.

    Of what is compared, each source by itself: so each has evidence.
    """
    if run.wishes.form in (Form.SHORT, Form.TABLE, Form.COMPARISON):
        run.comparison = await asyncio.to_thread(_comparison, run, question, found)
    if run.comparison is not None:
        return await _of_sides(run, run.comparison)
    if run.wishes.shape is None:
        return []
    _, *wanted = asked_of(run, question)
    query = f"{question} {', '.join(wanted)}"[:_LONGEST_QUERY]
    search, keep = run.services.retriever.search, run.services.keep
    return [(query, await asyncio.to_thread(search, query, run.scope, keep=keep))]


def _comparison(run: Run, question: str, found: Sequence[Evidence]) -> Comparison | None:
    names = [Named(*each) for each in run.services.library.names(run.scope)]
    if told := compared(question, names):
        return told
    open_ = asked(question)
    count = open_.many if open_ else 0
    if not count and run.wishes.form is not Form.COMPARISON:
        return None
    return of_first(question, (each.source for each in found), count or _OPEN)


async def _of_sides(run: Run, comparison: Comparison) -> list[Hits]:
    def search(side: int) -> list[Evidence]:
        only = run.scope.model_copy(update={"sources": frozenset({comparison.sides[side].source})})
        return run.services.retriever.search(comparison.query, only, keep=run.services.keep)

    sides = range(len(comparison.sides))
    lists = await asyncio.gather(*(asyncio.to_thread(search, side) for side in sides))
    return [
        (f"{comparison.query} (in {side.name})", hits)
        for side, hits in zip(comparison.sides, lists, strict=True)
    ]


async def enough_beside(run: Run, question: str, evidence: Sequence[Evidence]) -> bool:
    """Whether any of what is wanted is likely there, where the question alone does not say it."""
    if run.wishes.shape is None and run.comparison is None:
        return False
    wanted = ", ".join(asked_of(run, question))[:_LONGEST_QUERY]
    reader = run.services.reader
    told = await asyncio.to_thread(sufficiency, wanted, evidence, run.encoder, reader)
    return told.enough
