"""Progress of a pull on standard error: a bar per model, or a line where it is no terminal."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class ModelBars:
    """Implements `pincite.models.fetching.Progress`."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._lock = Lock()
        self._tasks: dict[str, TaskID] = {}
        self._totals: dict[str, int] = {}

    def expect(self, model: str, size: int) -> None:
        with self._lock:
            self._totals[model] = self._totals.get(model, 0) + size
            if model not in self._tasks:
                self._tasks[model] = self._bars.add_task(model, total=None)
                if self._bars.disable:
                    self._bars.console.print(f"Fetching {model} …", soft_wrap=True)
            self._bars.update(self._tasks[model], total=self._totals[model])

    def advance(self, model: str, size: int) -> None:
        self._bars.advance(self._tasks[model], size)


@contextmanager
def model_bars() -> Generator[ModelBars]:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        yield ModelBars(bars)
