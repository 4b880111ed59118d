"""Runs the work: tasks to parser children, units that were read to the stores, news to watchers.

Everything here runs in one event loop; what blocks runs in threads. Memory stays flat because the
parsers wait when more than a few units are not yet written.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from ingestion.committer import PASSAGES, Committer
from ingestion.ledger import Pending
from ingestion.library import Library
from ingestion.report import SourceStatus
from ingestion.schedule import Pass, Schedule, Task, task_for
from ingestion.slots import Slot, Slots
from ingestion.station import Again, Ended, Outcome, Poison, Slow, Station, ToDo, ToWrite
from ingestion.watching import Pace, Track, Watch
from pincite.elements import ContentId, Source, SourceId
from pincite.errors import DiskFull, UpstreamError

_log = logging.getLogger(__name__)

_UNWRITTEN = 12
"""Units that were read and wait to be written, at most."""
_RETRY_S = (0.5, 2.0, 8.0)
"""Pauses before an index that did not answer is tried again."""
_IDLE_S = 60.0
"""After so long without work the children go, and their models with them."""


class Engine:
    """Starts working when something is added and rests when nothing waits."""

    def __init__(self, library: Library, stations: Sequence[Station]) -> None:
        self._library = library
        self._committer = Committer(library)
        self._slots = Slots(stations)
        self._schedule = Schedule()
        self._tracks: dict[SourceId, Track] = {}
        self._watches: set[Watch] = set()
        self._pace = Pace.known_from(library.ledger)
        self._written: asyncio.Queue[ToWrite] = asyncio.Queue(maxsize=_UNWRITTEN)
        self._writer: asyncio.Task[None] | None = None
        self._resting: asyncio.Task[None] | None = None
        self._closing = False
        self.stalled = False
        """Reading stopped, for a full disk or the like; what waits has to be begun again."""

    # --- what callers ask -------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        return bool(self._tracks)

    def add(self, source: Source, waiting: Iterable[Pending], *, total: int, settled: int) -> bool:
        """Begin to work on a source; False where that is already so."""
        if source.id in self._tracks or self._closing:
            return False
        self._tracks[source.id] = Track(source, total=total, settled=settled)
        self._put(waiting, source)
        return True

    def prioritise(self, source: SourceId) -> None:
        """Somebody has it open: it comes before everything else."""
        self._schedule.prioritise(source)

    def withdraw(self, sources: Iterable[SourceId]) -> None:
        """Leave for another time what has not begun."""
        for source in sources:
            self._schedule.drop(source)
            self._tracks.pop(source, None)
        self._tell()

    async def conclude(self, source: Source) -> None:
        """No more of it for now; whoever watches is told."""
        self._schedule.drop(source.id)
        if self._tracks.pop(source.id, None) is None:
            return
        self._slots.interrupt(source.id)
        (status,) = await asyncio.to_thread(self._library.ledger.statuses, [source])
        self._report(status)

    @property
    def slots(self) -> Slots:
        """For questions to a parser that belong to no work."""
        return self._slots

    async def let_go(self, contents: set[ContentId]) -> None:
        """Return when no parser holds bytes of these contents any more."""
        await self._slots.let_go(contents)

    def watch(self, wants: Callable[[Source], bool]) -> Watch:
        """News of sources from now on; give it back to `unwatch`."""
        watch = Watch(wants, self._tracks, self._pace)
        self._watches.add(watch)
        return watch

    def unwatch(self, watch: Watch) -> None:
        self._watches.discard(watch)

    def eta_s(self, watch: Watch) -> float | None:
        return watch.eta_s(len(self._slots))

    def busy_with(self, watch: Watch) -> str:
        """What is being read for this watch, for a person."""
        for slot in self._slots:
            track = self._tracks.get(slot.task.source) if slot.task else None
            if slot.task and track and watch.wants(track.source):
                many = track.total > 1 and slot.task.unit > 0
                where = f", {slot.task.unit} of {track.total}" if many else ""
                return track.source.name + where
        return ""

    async def close(self) -> None:
        """Stop at once; what is not written waits for the next start. Whoever watches is told."""
        if self._closing:
            return
        self._closing = True
        self.withdraw(list(self._tracks))
        self._slots.interrupt()
        await self._slots.finish()
        for task in (self._writer, self._resting):
            if task:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self._slots.dismiss()
        self._slots.close()
        # A full disk may forbid it; then the next start does it.
        with contextlib.suppress(DiskFull):
            await asyncio.to_thread(self._library.ledger.release)

    # --- parsing ----------------------------------------------------------------------------------

    def _put(self, waiting: Iterable[Pending], source: Source) -> None:
        self._schedule.add(task_for(one, source.medium) for one in waiting)
        self._wake()

    def _wake(self) -> None:
        """Have as many hands at work as there is work for."""
        if self._closing:
            return
        if self._resting:
            self._resting.cancel()
            self._resting = None
        if self._writer is None or self._writer.done():
            self._writer = self._begun(self._write())
        for slot, _ in zip(self._slots.free(), range(len(self._schedule)), strict=False):
            slot.running = self._begun(self._run(slot))

    async def _run(self, slot: Slot) -> None:
        try:
            while not self._closing and (task := self._schedule.take()) is not None:
                await self._follow(task, await slot.work(task))
        finally:
            slot.task = None
        self._rest_soon()

    async def _follow(self, task: Task, outcome: Outcome) -> None:
        if isinstance(outcome, ToWrite):
            self._pace.read(task.kind, outcome.done.seconds)
            await self._written.put(outcome)
            return
        track = self._tracks.get(task.source)
        if track is None:
            return
        match outcome:
            case ToDo():
                track.total = outcome.total
                track.settled = outcome.total - len(outcome.waiting)
                self._put(outcome.waiting, track.source)
                self._take_up(outcome.copies)
                await self._settle(track, 0)
            case Slow():
                track.is_scan = True
                self._schedule.add([task._replace(kind=Pass.SLOW, tries=0)])
                self._wake()
            case Again():
                self._later(track, task._replace(tries=outcome.tries), outcome.after_s)
            case Poison():
                self._schedule.drop(task.source)
                track.settled = track.total
                await self._settle(track, 0)
            case Ended():
                await self._settle(track, 1 if task.unit else 0)

    def _take_up(self, copies: Iterable[tuple[Source, Pending]]) -> None:
        for source, waiting in copies:
            if not self.add(source, [waiting], total=0, settled=0):
                self._put([waiting], source)

    def _later(self, track: Track, task: Task, seconds: float) -> None:
        """Put it back, unless its source is withdrawn until then."""

        def put_back() -> None:
            if self._tracks.get(task.source) is track:
                self._schedule.add([task])
                self._wake()

        asyncio.get_running_loop().call_later(seconds, put_back)

    # --- writing ----------------------------------------------------------------------------------

    async def _write(self) -> None:
        """Runs until it is cancelled; a batch that was begun is finished first."""
        while True:
            units = [await self._written.get()]
            while not self._written.empty() and _passages(units) < PASSAGES:
                units.append(self._written.get_nowait())
            began = time.monotonic()
            batch = asyncio.ensure_future(self._commit(units))
            try:
                await asyncio.shield(batch)
            except asyncio.CancelledError:
                await batch
                raise
            self._pace.wrote(time.monotonic() - began, len(units))
            for unit in units:
                if track := self._tracks.get(unit.source):
                    await self._settle(track, 1)

    async def _commit(self, units: Sequence[ToWrite]) -> None:
        """Written twice is written once, so what did not answer is asked again."""
        for pause in _RETRY_S:
            try:
                return await asyncio.to_thread(self._committer.commit, units)
            except UpstreamError as exc:
                _log.warning("tried again in %g seconds: %s", pause, exc)
                await asyncio.sleep(pause)
        return await asyncio.to_thread(self._committer.commit, units)

    # --- news -------------------------------------------------------------------------------------

    async def _settle(self, track: Track, units: int) -> None:
        track.settled += units
        if track.settled >= track.total and not self._schedule.has(track.source.id):
            await self._finish(track.source)
        self._tell()

    async def _finish(self, source: Source) -> None:
        (status,) = await asyncio.to_thread(self._library.ledger.statuses, [source])
        if status.units_done:
            self.withdraw(await asyncio.to_thread(self._library.replace_older, source))
        if await asyncio.to_thread(self._library.ledger.has_leftovers, source.id):
            await asyncio.to_thread(self._library.drop_leftovers, source.id)
        if self._tracks.pop(source.id, None) is not None:
            self._report(status)

    def _report(self, status: SourceStatus) -> None:
        for watch in self._watches:
            if watch.wants(status.source):
                watch.ended(status)
        self._tell()

    def _tell(self) -> None:
        for watch in self._watches:
            watch.news.set()

    def _fail(self, error: BaseException) -> None:
        """Nothing can go on: a full disk, a broken installation, a mistake of ours."""
        if not self._closing:
            _log.error("reading stopped: %s", error)
        self.stalled = True
        self.withdraw(list(self._tracks))
        while not self._written.empty():
            self._written.get_nowait()
        for watch in self._watches:
            watch.failure = error
        self._tell()

    def _begun(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have it run; if it fails, all who watch hear of it."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)

    # --- rest -------------------------------------------------------------------------------------

    def _rest_soon(self) -> None:
        if not self._closing and not len(self._schedule) and self._resting is None:
            self._resting = self._begun(self._rest())

    async def _rest(self) -> None:
        await asyncio.sleep(_IDLE_S)
        await self._slots.dismiss()


def _passages(units: Sequence[ToWrite]) -> int:
    return sum(unit.passages for unit in units)
