"""What is read next: breadth first over everything that waits. Pure, for one thread."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from enum import IntEnum
from itertools import count
from typing import NamedTuple

from ingestion.ledger_rows import Pending
from pincite.elements import ContentId, Medium, SourceId


class Pass(IntEnum):
    """Kinds of work, cheapest first."""

    OPEN = 0
    QUICK = 1
    """A text layer, or finding that there is none."""
    SLOW = 2
    """OCR."""
    SOUND = 3


class Task(NamedTuple):
    source: SourceId
    content: ContentId
    unit: int
    """0 to open the file."""
    kind: Pass
    tries: int = 0
    """How often it was tried already."""


def task_for(waiting: Pending, medium: Medium) -> Task:
    source, content, unit, slow, tries = waiting
    if unit == 0:
        kind = Pass.OPEN
    elif medium in {Medium.AUDIO, Medium.VIDEO}:
        kind = Pass.SOUND
    else:
        kind = Pass.SLOW if slow else Pass.QUICK
    return Task(source, content, unit, kind, tries)


class Schedule:
    """Files are opened first, then first pages, text layers, OCR page by page over all, sound."""

    def __init__(self) -> None:
        self._heap: list[tuple[tuple[int, ...], int, Task]] = []
        self._waiting: defaultdict[SourceId, set[Task]] = defaultdict(set)
        self._arrival: dict[SourceId, int] = {}
        self._first: set[SourceId] = set()
        self._count = count()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def add(self, tasks: Iterable[Task]) -> None:
        """Tasks that wait already are not added again."""
        for task in tasks:
            if task not in self._waiting[task.source]:
                self._waiting[task.source].add(task)
                self._push(task)

    def has(self, source: SourceId) -> bool:
        return bool(self._waiting.get(source))

    def take(self) -> Task | None:
        """The next task, which waits no longer."""
        while self._heap:
            task = heapq.heappop(self._heap)[2]
            waiting = self._waiting.get(task.source)
            if waiting and task in waiting:
                waiting.remove(task)
                return task
        return None

    def prioritise(self, source: SourceId) -> None:
        """From now on it comes before all others, also what is added later."""
        self._first.add(source)
        for task in self._waiting.get(source, ()):
            self._push(task)

    def drop(self, source: SourceId) -> None:
        """Nothing of it waits any more."""
        self._waiting.pop(source, None)
        self._arrival.pop(source, None)
        self._first.discard(source)

    def _push(self, task: Task) -> None:
        heapq.heappush(self._heap, (self._rank(task), next(self._count), task))

    def _rank(self, task: Task) -> tuple[int, ...]:
        arrival = self._arrival.setdefault(task.source, len(self._arrival))
        hurry = 0 if task.source in self._first else 1
        match task.kind:
            case Pass.OPEN:
                return (hurry, 0, arrival, 0)
            case Pass.QUICK:
                return (hurry, 1 if task.unit == 1 else 2, arrival, task.unit)
            case Pass.SLOW:
                return (hurry, 3, task.unit, arrival)
            case Pass.SOUND:
                return (hurry, 4, task.unit, arrival)
