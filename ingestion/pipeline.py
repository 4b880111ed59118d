"""Ingestion for the rest of Pincite: offer files, watch them being read, delete them."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Self

from ingestion.audit import Accounted, accounted
from ingestion.duplicates import Alike, duplicates_in
from ingestion.engine import Engine
from ingestion.intake import Intake, Offer, walk
from ingestion.ledger import Pending
from ingestion.library import Library
from ingestion.messages import REGISTRY, ParserSettings
from ingestion.parser import ParserProcess
from ingestion.report import Accepted, IngestProgress, SourceStatus
from ingestion.station import Station
from ingestion.watching import Watch
from pincite.database import private_folder
from pincite.elements import Scope, Source, SourceId
from pincite.evidence import Coverage

__all__ = ["Ingestor", "Library", "Offer", "ParserSettings"]

_NEWS_S = 0.25
"""Between two progress reports, at least."""


class Ingestor:
    """One per data folder, used from one event loop; `async with` repairs and closes it.

    Sources that others added are read by the same parsers, but nobody hears of them.
    """

    def __init__(
        self,
        library: Library,
        settings: ParserSettings,
        data_dir: Path,
        *,
        registry: str = REGISTRY,
        readable: tuple[Path, ...] = (),
    ) -> None:
        self._library = library
        self._data_dir = data_dir
        self._scratch = data_dir / "scratch"
        self._versions: dict[str, str] = {}
        """Of readers, by media type, as far as they were asked for."""
        self._intake = Intake(library, settings.ingestion)
        workers = settings.ingestion.workers
        threads = max(1, len(os.sched_getaffinity(0)) // workers)
        self._engine = Engine(
            library,
            [
                Station(
                    library,
                    ParserProcess(
                        self._scratch,
                        settings,
                        threads=threads,
                        registry=registry,
                        readable=readable,
                    ),
                    settings.ingestion,
                )
                for _ in range(workers)
            ],
        )

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._start)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def _start(self) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)
        private_folder(self._scratch)
        self._library.repair()

    async def aclose(self) -> None:
        """Stop at once and leave everything so that the next start goes on; safe to repeat."""
        await self._engine.close()

    # --- adding -----------------------------------------------------------------------------------

    async def ingest(
        self, paths: Sequence[Path], *, collection: str, readers: frozenset[str]
    ) -> AsyncGenerator[IngestProgress, None]:
        """Add files and folders (walked), then read them; ends when all are read.

        Closing the generator leaves what has not begun for another time.

        Raises:
            SetupError: nothing can go on, e.g. DiskFull; what was done stays done.
        """
        mine: set[SourceId] = set()
        begun: set[SourceId] = set()
        watch = self._engine.watch(lambda source: source.id in mine)
        try:
            news: list[Accepted] = []
            told = asyncio.get_running_loop().time()
            offers = walk(paths, apart_from=self._data_dir)
            while (offer := await asyncio.to_thread(next, offers, None)) is not None:
                news.append(await self._offered(offer, mine, begun, collection, readers))
                now = asyncio.get_running_loop().time()
                if now - told > _NEWS_S:
                    yield self._progress(watch, tuple(news))
                    news, told = [], now
            yield self._progress(watch, tuple(news))
            async for progress in self._until_done(watch):
                yield progress
        finally:
            self._engine.unwatch(watch)
            self._engine.withdraw(begun)

    async def _offered(
        self,
        offer: Offer | Accepted,
        mine: set[SourceId],
        begun: set[SourceId],
        collection: str,
        readers: frozenset[str],
    ) -> Accepted:
        if isinstance(offer, Accepted):
            return offer
        if self._engine.stalled:
            await self.resume()
        accepted = await asyncio.to_thread(
            self._intake.take, offer, collection=collection, readers=readers
        )
        if accepted.source is not None:
            if accepted.outcome == "already_there":
                await self._refresh(accepted.source)
            mine.add(accepted.source)
            begun |= await self._begin(await asyncio.to_thread(self._waiting, [accepted.source]))
        return accepted

    async def add(
        self, offers: Sequence[Offer], *, collection: str, readers: frozenset[str]
    ) -> list[Accepted]:
        """Take files in, one outcome per offer, in order; reading goes on in the background."""
        done: list[Accepted] = []
        for offer in offers:
            done.append(await self._offered(offer, set(), set(), collection, readers))
        return done

    async def resume(self) -> int:
        """Begin to read what still waits, in the background; how many units that is."""
        if not self._engine.busy:
            await asyncio.to_thread(self._library.ledger.release)
        self._engine.stalled = False
        waiting = await asyncio.to_thread(self._waiting, None)
        await self._begin(waiting)
        return len(waiting)

    def _waiting(self, sources: Sequence[SourceId] | None) -> list[Pending]:
        return self._library.ledger.waiting(sources)

    async def _begin(self, waiting: Iterable[Pending]) -> set[SourceId]:
        """The sources that nobody was at work on before."""
        begun: set[SourceId] = set()
        for name, units in groupby(waiting, lambda one: one.source):
            tasks = list(units)
            source, status = await asyncio.to_thread(self._status, name)
            settled = status.units_total - sum(1 for one in tasks if one.unit)
            if self._engine.add(source, tasks, total=status.units_total, settled=settled):
                begun.add(name)
        return begun

    def _status(self, source: SourceId) -> tuple[Source, SourceStatus]:
        found = self._library.texts.source(source)
        (status,) = self._library.ledger.statuses([found])
        return found, status

    async def stop(self, source: Source) -> None:
        """Read no more of it until `retry`; what was read stays."""
        await asyncio.to_thread(self._library.ledger.stop, source.id)
        await self._engine.conclude(source)

    async def retry(self, source: SourceId) -> int:
        """Begin to read what was not read, poison too; how many units that is."""
        await asyncio.to_thread(self._library.ledger.let_out, source)
        waiting = await asyncio.to_thread(self._waiting, [source])
        await self._begin(waiting)
        return len(waiting)

    async def _refresh(self, source: SourceId) -> bool:
        """Have it read again where another version of its reader read it before."""
        opening = await asyncio.to_thread(self._library.ledger.opening, source)
        if opening is None:
            return False
        content = await asyncio.to_thread(self._library.texts.content, opening.content)
        if content is None:
            return False
        if content.media_type not in self._versions:
            self._versions[content.media_type] = await self._engine.slots.version_of(
                content.media_type
            )
        if self._versions[content.media_type] == opening.parser:
            return False
        await asyncio.to_thread(self._library.ledger.reopen, source)
        return True

    def prioritise(self, source: SourceId) -> None:
        """Somebody has it open: read it before everything else."""
        self._engine.prioritise(source)

    # --- watching ---------------------------------------------------------------------------------

    async def watch(self, scope: Scope) -> AsyncGenerator[IngestProgress, None]:
        """Progress, from now on, of what `scope` admits; the first at once; ends with the work."""
        watch = self._engine.watch(scope.admits)
        try:
            yield self._progress(watch)
            async for progress in self._until_done(watch):
                yield progress
        finally:
            self._engine.unwatch(watch)

    async def _until_done(self, watch: Watch) -> AsyncGenerator[IngestProgress, None]:
        loop = asyncio.get_running_loop()
        while watch.busy:
            told = loop.time()
            await watch.wait(1.0)
            if watch.failure:
                raise watch.failure
            if not watch.busy:
                break
            await asyncio.sleep(max(0.0, told + _NEWS_S - loop.time()))
            yield self._progress(watch)
        if watch.failure:
            raise watch.failure
        yield self._progress(watch, done=True)

    def _progress(
        self, watch: Watch, accepted: tuple[Accepted, ...] = (), *, done: bool = False
    ) -> IngestProgress:
        return IngestProgress(
            at=datetime.now(UTC),
            accepted=accepted,
            finished=watch.take_finished(),
            units_done=watch.units_done,
            units_total=watch.units_total,
            eta_s=0 if done else self._engine.eta_s(watch),
            now="" if done else self._engine.busy_with(watch),
            done=done,
        )

    async def statuses(self, scope: Scope) -> list[SourceStatus]:
        """Of the sources that `scope` admits, newest first, without units."""
        return await asyncio.to_thread(
            lambda: self._library.ledger.statuses(self._library.texts.sources(scope))
        )

    async def status(self, source: SourceId, scope: Scope) -> SourceStatus:
        """With its units. Raises UnknownSource."""
        return await asyncio.to_thread(
            lambda: self._library.ledger.status(self._library.texts.source(source, scope))
        )

    def coverage(self, scope: Scope) -> Coverage:
        """How much of what `scope` admits has been read; takes some milliseconds."""
        sources = self._library.texts.sources(scope)
        return self._library.ledger.coverage([source.id for source in sources])

    async def account(self, scope: Scope) -> Accounted:
        """Compare every file with the ledger, the texts and the index; opens each file once."""
        return await accounted(self._library, scope, self._engine.slots.units_of)

    def duplicates(self, scope: Scope) -> list[Alike]:
        """Sources that say almost the same; takes a second for some million words."""
        return duplicates_in(self._library.texts, scope)

    # --- deleting ---------------------------------------------------------------------------------

    async def delete(self, source: SourceId, *, now: bool) -> None:
        """Remove every trace, also while it is being read; no error where there is none.

        With `now` return only when no byte of it is left in any file of the data folder.
        """
        self._engine.withdraw([source])
        gone = await asyncio.to_thread(self._library.delete, source)
        self._engine.withdraw([source])
        await self._engine.let_go(gone)
        if now:
            await asyncio.to_thread(self._library.purge)
