"""Looks at the places of the evidence, where the model that writes can see."""

from __future__ import annotations

import asyncio

from langgraph.runtime import Runtime

from agent.pictures import Wanted, most_pictures, wanted
from agent.run import Run, logger
from agent.services import Places
from agent.state import Change, State
from agent.weaving import Shown
from pincite.errors import PinciteError
from pincite.events import Looked


async def look(state: State, runtime: Runtime[Run]) -> Change:
    run = runtime.context
    chat, places = run.chat, run.services.places
    if run.ready is not None:  # no model writes
        return Change(numbered=state["numbered"])
    if chat is not None and chat.vision is not None and places is not None:
        plan = wanted(run.evidence, chat.vision, most_pictures(chat))
        seen = await asyncio.gather(*(_seen(run, places, each) for each in plan))
        run.shown = tuple(shown for shown in seen if shown is not None)
        for shown in run.shown:
            runtime.stream_writer(
                Looked(number=shown.number, look=shown.look, parts=len(shown.parts))
            )
    return Change(numbered=state["numbered"])


async def _seen(run: Run, places: Places, asked: Wanted) -> Shown | None:
    """None where there is no picture of it: its text is evidence all the same."""
    what = "the page of" if asked.view.look == "page" else "the place of"
    try:
        async with asyncio.timeout_at(run.deadline):
            parts = await places.seen(asked.element, run.scope, asked.view)
    except (PinciteError, TimeoutError) as exc:
        logger.warning("no picture of %s: %s", asked.element.id, exc or "it took too long")
        run.steps.append(f"could not make a picture of {what} [{asked.number}], so only read it")
        return None
    times = f" in {len(parts)} parts" if len(parts) > 1 else ""
    run.steps.append(f"showed {what} [{asked.number}]{times}")
    return Shown(asked.number, asked.view.look, parts)
