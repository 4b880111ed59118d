"""The hands of the engine: stations with their parser children, each with a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.schedule import Task
from ingestion.station import Outcome, Station
from pincite.elements import ContentId, SourceId


@dataclass
class Slot:
    """A station and the one thread that uses it."""

    station: Station
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "parser"))
    task: Task | None = None
    running: asyncio.Task[None] | None = None

    @property
    def is_free(self) -> bool:
        return self.running is None or self.running.done()

    async def work(self, task: Task) -> Outcome:
        self.task = task
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, self.station.work, task)

    async def stop_parser(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self.thread, self.station.parser.stop)


class Slots:
    """For use from one event loop."""

    def __init__(self, stations: Sequence[Station]) -> None:
        self._slots = [Slot(station) for station in stations]

    def __len__(self) -> int:
        return len(self._slots)

    def __iter__(self) -> Iterator[Slot]:
        return iter(self._slots)

    def __getitem__(self, at: int) -> Slot:
        return self._slots[at]

    def free(self) -> list[Slot]:
        return [slot for slot in self._slots if slot.is_free]

    def interrupt(self, source: SourceId | None = None) -> None:
        """End the parsers that have this source in hand, or all."""
        for slot in self._slots:
            if source is None or (slot.task and slot.task.source == source):
                slot.station.parser.interrupt()

    async def let_go(self, contents: set[ContentId]) -> None:
        """Return when no parser holds bytes of these contents any more."""
        for slot in self._slots:
            if slot.task and slot.task.content in contents:
                slot.station.parser.interrupt()
        for slot in self._slots:
            if slot.station.parser.seen & contents:
                await slot.stop_parser()

    async def version_of(self, media_type: str) -> str:
        """Of the reader that a file of this type would meet now; asks a parser that is free."""
        slot = next(iter(self.free()), self._slots[0])
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(slot.thread, slot.station.parser.version_of, media_type)

    async def units_of(self, content: ContentId, original: Path, media_type: str) -> int:
        """How many units a file has, by opening it; raises like a reader."""
        slot = next(iter(self.free()), self._slots[0])
        loop = asyncio.get_running_loop()
        opened = await loop.run_in_executor(
            slot.thread, slot.station.parser.open, content, original, media_type
        )
        return opened.outline.units

    async def finish(self) -> None:
        """Wait for the work in hand to end."""
        running = [slot.running for slot in self._slots if slot.running]
        await asyncio.gather(*running, return_exceptions=True)

    async def dismiss(self) -> None:
        """Let the children go that have nothing to do."""
        for slot in self._slots:
            if slot.task is None:
                await slot.stop_parser()

    def close(self) -> None:
        for slot in self._slots:
            slot.thread.shutdown()
