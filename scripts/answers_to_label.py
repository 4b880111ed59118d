"""Answers of what ships, with the evidence that each was given, for people or models to label.

    python -m scripts.answers_to_label QUESTIONS.toml FOLDER --library DIR --out answers.jsonl

Reads FOLDER into the library DIR, asks every question with the configured chat model (`--quotes`:
without one) and writes a line for each answer: what was drafted, before any repair, and all
evidence. What is in OUT already is not asked again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from contextlib import aclosing
from pathlib import Path

from evals.labelled_claims import Evidence, Told, told_in
from evals.page_library import fill
from pincite.config import NoChat, Settings
from pincite.elements import Scope
from pincite.events import Draft, Reading
from serving.demo.questions import Question, load
from serving.service import Service
from serving.session import session

EVERYTHING = Scope(collections=frozenset())


async def answers(service: Service, question: Question, *, quotes: bool) -> list[Told]:
    """What the model drafted; where quotes were put in its place, these as a second answer."""
    readings: list[Reading] = []
    drafts: list[list[str]] = []
    async with aclosing(service.ask(question.ask, EVERYTHING)) as events:
        async for event in events:
            if isinstance(event, Reading):
                readings.append(event)
                drafts.append([])
            elif isinstance(event, Draft):
                drafts[-1].append(event.sentence.text)
    return [
        Told(
            id=f"{question.id}/{'quotes' if quotes or at else 'model'}",
            question=question.ask,
            sentences=tuple(drafts[at]),
            evidence=tuple([await _evidence(service, c.number, c.element) for c in one.citations]),
        )
        for at, one in enumerate(readings)
        if drafts[at]
    ]


async def _evidence(service: Service, number: int, element: str) -> Evidence:
    from pincite.elements import ElementId

    found = await service.element(ElementId(element), EVERYTHING)
    return Evidence.of(number, found)


async def collect(arguments: argparse.Namespace) -> None:
    out: Path = arguments.out
    known = {told.id.rpartition("/")[0] for told in told_in(out)}
    settings = Settings.load(data_dir=arguments.library)
    if arguments.quotes:
        settings = Settings.load(data_dir=arguments.library, chat=NoChat())
    async with session(settings, "labelling") as service:
        failed = await fill(service, {"default": [arguments.folder]}, lambda: True)
        sys.stderr.writelines(f"{line}\n" for line in failed)
        with out.open("a", encoding="utf-8") as written:
            for question in load(arguments.questions):
                if question.id in known:
                    continue
                for told in await answers(service, question, quotes=arguments.quotes):
                    line = told.model_dump(mode="json", exclude_defaults=True)
                    written.write(json.dumps(line, ensure_ascii=False) + "\n")
                    written.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quotes", action="store_true")
    arguments = parser.parse_args()
    arguments.out.touch()
    asyncio.run(collect(arguments))


if __name__ == "__main__":
    main()
