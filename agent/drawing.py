"""One picture for a question whose own words ask for it: steps told, refusals told, kept apart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import NamedTuple

from agent.run import Run, logger
from pincite.answers import DrawnPicture, RefusalReason
from pincite.errors import PinciteError, UnsafePicture
from pincite.events import AskEvent, Drawing, Drawn
from pincite.generated import DrawingStep, GeneratedPicture, PictureWish

Emit = Callable[[AskEvent], None]

NOTHING_SAID = "Say in words what the picture is to show, and it is drawn."
NO_STUDIO = "This assistant was built without what draws pictures."


class NotDrawn(NamedTuple):
    reason: RefusalReason
    said: str
    """A sentence for the asker."""


async def draw_picture(run: Run, prompt: str, emit: Emit) -> NotDrawn | None:
    """None where it is drawn. Closing the question ends the work before the next step."""
    try:
        async with asyncio.timeout_at(run.deadline):
            picture = await _drawn(run, prompt, emit)
    except TimeoutError:
        limit = run.services.settings.seconds
        return _not(run, RefusalReason.BUDGET, f"The picture was not done in {limit:g} seconds.")
    except UnsafePicture as exc:
        return _not(run, RefusalReason.UNSAFE, _sentence(exc))
    except PinciteError as exc:
        logger.warning("no picture was drawn: %s", exc)
        return _not(run, RefusalReason.UNABLE, _sentence(exc))
    if isinstance(picture, str):
        return _not(run, RefusalReason.UNABLE, picture)
    run.pictures = (picture,)
    run.steps.append(f"had {picture.model} draw a picture of “{prompt}”, which is no evidence")
    emit(Drawn(picture=picture))
    return None


async def _drawn(run: Run, prompt: str, emit: Emit) -> DrawnPicture | str:
    studio = run.services.studio
    if not prompt or studio is None:
        return NO_STUDIO if prompt else NOTHING_SAID
    picture: GeneratedPicture | None = None
    async with aclosing(studio.draw(PictureWish(prompt=prompt), run.scope)) as events:
        async for event in events:
            if isinstance(event, DrawingStep):
                emit(Drawing(step=event.step, steps=event.steps))
            else:
                picture = event.picture
    return _noted(picture) if picture else "The drawing ended without a picture; ask again."


def _noted(picture: GeneratedPicture) -> DrawnPicture:
    made = picture.provenance
    return DrawnPicture(
        id=picture.id,
        prompt=made.prompt,
        model=made.model,
        endpoint=made.endpoint,
        seed=made.seed,
        width=picture.width,
        height=picture.height,
    )


def _not(run: Run, reason: RefusalReason, said: str) -> NotDrawn:
    run.steps.append("drew no picture")
    return NotDrawn(reason, said)


def _sentence(exc: PinciteError) -> str:
    said = str(exc)
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."
