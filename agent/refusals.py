"""What is said where there is no answer, and the nearest thing that was found."""

from __future__ import annotations

import asyncio
import time

from agent.recording import record
from agent.run import Run
from agent.selection import best_quotes, candidates, quotes
from agent.state import State
from pincite.answers import Citation, RefusalReason, Refused

NEAREST = 3


async def refused(state: State, run: Run) -> Refused:
    nearest = await _nearest(state, run)
    return Refused(
        id=run.answer_id,
        question=state["question"],
        coverage=run.coverage,
        quotes=run.quotes,
        citations=nearest,
        seconds=round(time.monotonic() - run.began, 3),
        model=run.use,
        record=record(run),
        reason=run.reason,
        message=message(run, found=bool(nearest)),
        looked_for=tuple(state["queries"]),
    )


def message(run: Run, *, found: bool) -> str:
    """One or two sentences; never more about what exists than the asker may see."""
    if run.reason is RefusalReason.BUDGET:
        limit = run.services.settings.seconds
        return f"No answer was complete within {limit:g} seconds; {run.coverage}."
    if run.sentences and not run.said_not_found:
        why = "A draft was written, but the sources bear out none of it"
    else:
        why = "The sources that may be searched do not answer this"
    nearest = " The nearest passages are listed." if found else ""
    return f"{why}; {run.coverage}.{nearest}"


async def _nearest(state: State, run: Run) -> tuple[Citation, ...]:
    if not run.scored:
        evidence = await run.evidence_for(state["found"])
        question = state["understood"]
        run.scored = await asyncio.to_thread(candidates, question, evidence, run.encoder)
    nearest = quotes(best_quotes(run.scored, keep=NEAREST))
    return tuple({quote.citation.number: quote.citation for quote in nearest}.values())
