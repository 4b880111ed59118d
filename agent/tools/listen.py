"""The words that are spoken around a second of a recording."""

from __future__ import annotations

import asyncio
from typing import Final

from pydantic import Field

from agent.tools.bench import AgentTool, Arguments, Bench, Nothing, Told, clause
from pincite.elements import Element, Kind


class SpokenAt(Arguments):
    file: str = Field(
        min_length=1, max_length=300, description="Its name, or [n] of evidence from it."
    )
    second: float = Field(
        ge=0, le=1_000_000, allow_inf_nan=False, description="From the beginning of the recording."
    )
    around: float = Field(
        default=20, gt=0, le=300, allow_inf_nan=False, description="Seconds before and after it."
    )


async def _listen(bench: Bench, asked: SpokenAt) -> Told:
    source = await bench.source(asked.file)
    files = bench.run.services.files
    speech = (
        await asyncio.to_thread(files.elements_of, source.id, frozenset({Kind.SPEECH}))
        if files
        else []
    )
    first, last = asked.second - asked.around, asked.second + asked.around
    heard = [element for element in speech if _is_between(element, first, last)]
    at = f"{int(asked.second) // 60}:{int(asked.second) % 60:02d} of {clause(source.name)}"
    shown = bench.show(((each, source) for each in heard), alone=True)
    if not shown:
        raise Nothing(
            f"Nothing is said around {at}.", f"listened around {at}, where nothing is said"
        )
    return Told(shown, f"listened around {at}")


def _is_between(element: Element, first: float, last: float) -> bool:
    spans = [at for at in element.locators if at.kind == "time"]
    return any(at.start_s <= last and at.end_s >= first for at in spans)


LISTEN: Final = AgentTool(
    "listen",
    "Get what is said in a recording or video around a second.",
    SpokenAt,
    _listen,
)
