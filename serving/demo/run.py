"""Read a folder into a library of its own, ask, grade, and write the report."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from pincite.answers import Answer, Answered, Citation
from pincite.asking import Wishes
from pincite.config import Settings
from pincite.elements import Scope
from pincite.errors import PinciteError, SetupError
from pincite.events import Failed, Finished
from serving.demo import grading
from serving.demo.questions import Question
from serving.exhibits import Exhibit, exhibits
from serving.outgoing import checked_only
from serving.service import IngestProgress, Service, SourceStatus
from serving.session import session

EVERYTHING = Scope(collections=frozenset())
_MARKER = ".pincite-demo"
"""Stands in a folder that the demo made and may remove."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what came of it."""

    question: Question
    answer: Answer | None
    """None where asking failed; then the failure is among the problems."""
    problems: tuple[str, ...]
    seconds: float
    exhibits: dict[int, Exhibit] = field(default_factory=dict[int, Exhibit])
    """What the citations look or sound like, by number."""


@dataclass(frozen=True, slots=True)
class Run:
    folder: Path
    sources: tuple[SourceStatus, ...]
    ingest_s: float
    asked: tuple[Asked, ...]

    @property
    def is_as_expected(self) -> bool:
        return not any(asked.problems for asked in self.asked)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Told what happens, while it happens."""

    ingesting: Callable[[IngestProgress], None]
    ingested: Callable[[float], None]
    asked: Callable[[Asked], None]


async def run(
    settings: Settings, folder: Path, questions: Sequence[Question], watcher: Watcher
) -> Run:
    """`settings.data_dir` is emptied first, so that nothing comes from an earlier run.

    Raises:
        SetupError: the data folder is there and is not one that the demo made.
    """
    empty_library(settings.data_dir)
    async with session(settings, "pincite demo") as service:
        return await examine(service, folder, questions, watcher)


async def examine(
    service: Service, folder: Path, questions: Sequence[Question], watcher: Watcher
) -> Run:
    begun = time.monotonic()
    await _ingest(service, folder, watcher)
    ingest_s = time.monotonic() - begun
    watcher.ingested(ingest_s)
    asked: list[Asked] = []
    for question in questions:
        asked.append(await _ask(service, question))
        watcher.asked(asked[-1])
    sources = tuple(await service.sources(EVERYTHING))
    return Run(folder=folder, sources=sources, ingest_s=ingest_s, asked=tuple(asked))


def empty_library(folder: Path) -> None:
    if folder.exists():
        if not (folder / _MARKER).is_file():
            raise SetupError(f"{folder} was not made by the demo; name another place with --out")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)
    (folder / _MARKER).touch()


async def _ingest(service: Service, folder: Path, watcher: Watcher) -> None:
    progress = service.ingest([folder], collection="default", readers=frozenset({"local"}))
    async with aclosing(progress) as reports:
        async for report in reports:
            watcher.ingesting(report)


async def _ask(service: Service, question: Question) -> Asked:
    begun = time.monotonic()
    try:
        answer = await _answer(service, question.ask)
    except PinciteError as exc:
        return Asked(question, None, (str(exc),), time.monotonic() - begun)
    seconds = time.monotonic() - begun
    return Asked(
        question,
        answer,
        tuple(grading.problems(question, answer)),
        seconds,
        await exhibits(service, _cited(answer), EVERYTHING),
    )


def _cited(answer: Answer) -> list[Citation]:
    return grading.cited_by_sentences(answer) if isinstance(answer, Answered) else []


async def _answer(service: Service, question: str) -> Answer:
    from serving.http_errors import from_wire

    async with aclosing(
        checked_only(service.ask(question, EVERYTHING, wishes=Wishes(fresh=True)))
    ) as events:
        async for event in events:
            if isinstance(event, Failed):
                raise from_wire(event.error, event.message)
            if isinstance(event, Finished):
                return event.answer
    raise PinciteError("the answer broke off")
