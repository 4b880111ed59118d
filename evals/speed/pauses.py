"""How long the event loop stands still, beside how long a process that does nothing else does."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import numpy as np

TICK_S = 0.005
_BARE = f"""
import select, sys, time
longest = 0.0
while not select.select([sys.stdin], [], [], 0)[0]:
    started = time.perf_counter()
    time.sleep({TICK_S})
    longest = max(longest, time.perf_counter() - started - {TICK_S})
print(longest)
"""


class Pauses:
    """Filled while it is watched; seconds."""

    def __init__(self) -> None:
        self.all: list[float] = []
        self.own: list[float] = []
        """Of each pause the part in which this process computed, in whichever thread."""
        self.longest_elsewhere = 0.0
        """In a bare process at the same time: what the machine's other work alone causes."""

    @property
    def longest_own(self) -> float:
        """What cannot be the machine's other work: the loop stood still and we computed."""
        return max(self.own, default=0.0)

    @property
    def longest(self) -> float:
        return max(self.all, default=0.0)

    def percentile(self, percent: float) -> float:
        return float(np.percentile(self.all, percent)) if self.all else 0.0


@asynccontextmanager
async def watch_pauses() -> AsyncGenerator[Pauses]:
    """Note by how much each short sleep of this loop is longer than asked for."""
    pauses = Pauses()
    with subprocess.Popen(  # noqa: ASYNC220 - starting it takes milliseconds
        [sys.executable, "-c", _BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as bare:
        ticking = asyncio.create_task(_tick(pauses))
        try:
            yield pauses
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            said, _ = await asyncio.to_thread(bare.communicate)
            pauses.longest_elsewhere = float(said or 0)


async def _tick(pauses: Pauses) -> None:
    while True:
        started, computed = time.perf_counter(), time.process_time()
        await asyncio.sleep(TICK_S)
        pause = time.perf_counter() - started - TICK_S
        pauses.all.append(pause)
        pauses.own.append(min(pause, time.process_time() - computed))
