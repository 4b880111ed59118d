"""What is said where there is no answer, and the nearest thing that was found."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from agent.recording import record
from agent.run import Run
from agent.selection import best_quotes, candidates, quotes, where
from agent.state import State
from pincite.answers import Citation, RefusalReason, Refused

NEAREST = 3


async def refused(state: State, run: Run) -> Refused:
    nearest = await _nearest(state, run)
    return Refused(
        id=run.answer_id,
        question=run.asked or state["question"],
        coverage=run.coverage,
        quotes=run.quotes,
        citations=nearest,
        seconds=round(time.monotonic() - run.began, 3),
        model=run.used,
        record=record(run),
        notice=run.notice,
        pictures=run.pictures,
        reason=run.reason,
        message=message(run, nearest),
        looked_for=tuple(state["queries"]),
    )


def message(run: Run, nearest: Sequence[Citation]) -> str:
    """Up to three sentences; never more about what exists than the asker may see."""
    if run.refused_because:
        return run.refused_because
    if run.reason is RefusalReason.BUDGET:
        limit = run.services.settings.seconds
        return f"No answer was complete within {limit:g} seconds; {_searched(run)}."
    if run.sentences and not run.said_not_found:
        why = "A draft was written, but the sources bear out none of it"
    else:
        why = "The sources that may be searched do not answer this"
    return f"{why}; {_searched(run)}.{_told(nearest)}"


def _searched(run: Run) -> str:
    """How much of what had been read; that pages are left to read is a reason to ask again."""
    names = sorted(run.scope.collections)
    within = f" in {', '.join(names)}" if names else ""
    later = "" if run.coverage.complete else "; what is not read yet may answer it"
    return f"{run.coverage}{within}{later}"


def _told(nearest: Sequence[Citation]) -> str:
    if not nearest:
        return ""
    return (
        f" The nearest thing found is in {nearest[0].source_name}{where(nearest[0].locators[0])}."
    )


async def _nearest(state: State, run: Run) -> tuple[Citation, ...]:
    if not run.scored:
        evidence = await run.evidence_for(state["found"])
        question = state["understood"]
        run.scored = await asyncio.to_thread(candidates, question, evidence, run.encoder)
    nearest = quotes(best_quotes(run.scored, keep=NEAREST))
    return tuple({quote.citation.number: quote.citation for quote in nearest}.values())
