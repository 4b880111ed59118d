"""How long a person waits: to the first quote, the first word and the whole answer."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from pincite.config import Settings
from pincite.elements import Scope
from pincite.events import Delta, Failed, Finished, Quotes
from pincite.values import Value
from serving.bootstrap import services
from serving.service import Service


class Wait(Value):
    """Seconds from the question to each event; None where the event did not come."""

    question: str
    outcome: str
    first_quote_s: float | None
    first_token_s: float | None
    answer_s: float
    prompt_tokens: int
    output_tokens: int


async def measure_asking(settings: Settings, files: Path, questions: Sequence[str]) -> list[Wait]:
    """Read `files` into an empty library, warm up, and ask one question after another.

    The first question is asked twice and its first run left out.
    """
    async with services(settings) as opened:
        reading = opened.service.ingest([files], collection="default", readers=frozenset({"local"}))
        async for _ in reading:
            pass
        await opened.warm_up()
        await _ask(opened.service, questions[0])
        return [await _ask(opened.service, question) for question in questions]


async def _ask(service: Service, question: str) -> Wait:
    began = perf_counter()
    seen: dict[str, float] = {}
    outcome, prompt, output = "failed", 0, 0
    async for event in service.ask(question, Scope()):
        at = perf_counter() - began
        match event:
            case Quotes():
                seen.setdefault("quote", at)
            case Delta():
                seen.setdefault("token", at)
            case Finished(answer=answer):
                outcome = answer.kind
                prompt, output = answer.model.prompt_tokens, answer.model.output_tokens
            case Failed(message=message):
                outcome = message
            case _:
                pass
    return Wait(
        question=question,
        outcome=outcome,
        first_quote_s=seen.get("quote"),
        first_token_s=seen.get("token"),
        answer_s=perf_counter() - began,
        prompt_tokens=prompt,
        output_tokens=output,
    )


def median(values: Sequence[float | None]) -> float | None:
    """Of those that are there."""
    there = [value for value in values if value is not None]
    return statistics.median(there) if there else None
