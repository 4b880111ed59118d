"""Shows a piece of evidence from near: its picture to a model that sees, else its words in full."""

from __future__ import annotations

import asyncio
from typing import Final

from pydantic import Field

from agent.gathered import line
from agent.pictures import Wanted, most_pictures, wanted
from agent.readable import readable
from agent.selection import Piece
from agent.services import Places
from agent.tools.bench import AgentTool, Arguments, Bench, Nothing, Told
from agent.views import View, box_of
from agent.weaving import Shown
from pincite.events import Looked
from pincite.models.ports import Numbered

_MOST: Final = 4
"""Pictures of one look."""


class LookAt(Arguments):
    evidence: int = Field(ge=1, le=1_000_000, description="The n of [n] that is looked at.")


async def _look(bench: Bench, asked: LookAt) -> Told:
    piece = bench.gathered.piece(asked.evidence)
    if piece is None:
        raise Nothing(
            f"There is no evidence [{asked.evidence}]; look at a number that a tool showed.",
            f"asked to look at [{asked.evidence}], which there is not",
        )
    places, plan = bench.run.services.places, _plan(bench, piece)
    if places is not None and plan:
        return await _seen(bench, places, piece, plan)
    text = readable(piece.element)
    if not text:
        raise Nothing(f"No words stand in [{piece.number}].", f"looked closer at [{piece.number}]")
    sure = piece.element.confidence
    read = f"\n(read with {sure:.0%} confidence)" if sure is not None else ""
    whole = bench.gathered.show(piece.element, piece.source, text)
    return Told(f"{line(whole)}{read}", f"looked closer at [{piece.number}]")


def _plan(bench: Bench, piece: Piece) -> tuple[Wanted, ...]:
    """Nothing where the model does not see, or there is no picture of it."""
    chat = bench.run.chat
    vision = chat.vision if chat else None
    hidden = "hidden_text" in piece.element.flags
    if chat is None or vision is None or hidden or not box_of(piece.element):
        return ()
    item = Numbered(number=piece.number, element=piece.element, source_name=piece.source.name)
    most = min(_MOST, most_pictures(chat))
    place = Wanted(piece.number, piece.element, View("place", vision.side))
    return wanted([item], vision, most) or ((place,) if most else ())


async def _seen(bench: Bench, places: Places, piece: Piece, plan: tuple[Wanted, ...]) -> Told:
    seen = await asyncio.gather(
        *(places.seen(each.element, bench.scope, each.view) for each in plan)
    )
    shown = tuple(
        Shown(piece.number, each.view.look, parts) for each, parts in zip(plan, seen, strict=True)
    )
    for each in shown:
        bench.emit(Looked(number=each.number, look=each.look, parts=len(each.parts)))
    text = f"{line(piece)}\n(its pictures follow)"
    return Told(text, f"looked closer at [{piece.number}]", shown)


LOOK_CLOSER: Final = AgentTool(
    "look_closer",
    "Look at a piece of evidence from near: a table, chart, photo or scan as a picture where you "
    "can see, else all of its words.",
    LookAt,
    _look,
)
