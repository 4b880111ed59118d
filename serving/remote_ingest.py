"""Ingestion through a running service: files are walked here, sent one by one, and followed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.intake import walk
from pincite.elements import Scope, SourceId
from pincite.errors import UnknownSource
from serving.service import Accepted, IngestProgress, SourceStatus, Upload

if TYPE_CHECKING:
    from serving.remote import RemoteService


async def ingest(
    service: RemoteService, paths: Sequence[Path], *, collection: str, readers: frozenset[str]
) -> AsyncGenerator[IngestProgress, None]:
    """Ends when the files named here are read, whatever else the service is reading."""
    mine: set[SourceId] = set()
    offered = await asyncio.to_thread(lambda: list(walk(paths)))
    for number, found in enumerate(offered, 1):
        if isinstance(found, Accepted):
            accepted = found
        else:
            upload = Upload(path=found.path, name=found.name, origin=found.origin)
            accepted = (await service.add([upload], collection=collection, readers=readers))[0]
        if accepted.source is not None:
            mine.add(accepted.source)
        yield IngestProgress(
            at=datetime.now(UTC),
            accepted=(accepted,),
            units_done=0,
            units_total=0,
            now=f"Sent {number} of {len(offered)} files",
        )
    scope = Scope(principals=readers, collections=frozenset({collection}))
    async with aclosing(_follow(service, mine, scope)) as reports:
        async for report in reports:
            yield report


async def _follow(
    service: RemoteService, mine: set[SourceId], scope: Scope
) -> AsyncGenerator[IngestProgress, None]:
    """Progress until each of `mine` has ended; these, and only these, are reported as finished."""
    left = set(mine)
    async with aclosing(service.watch(scope)) as reports:
        async for report in reports:
            if left == mine:  # once: what ended before the watch began
                left -= {each.source.id for each in await service.sources(scope) if _ended(each)}
            left -= {each.source.id for each in report.finished}
            if not left:
                break
            yield report.model_copy(update={"finished": (), "accepted": (), "done": False})
    yield _last([status async for status in _statuses(service, sorted(mine), scope)])


async def _statuses(
    service: RemoteService, sources: Sequence[SourceId], scope: Scope
) -> AsyncGenerator[SourceStatus, None]:
    for source in sources:
        with contextlib.suppress(UnknownSource):  # somebody deleted it meanwhile
            yield await service.source(source, scope)


def _ended(status: SourceStatus) -> bool:
    return status.state in {"complete", "incomplete", "failed"}


def _last(ended: Sequence[SourceStatus]) -> IngestProgress:
    units = sum(status.units_total for status in ended)
    return IngestProgress(
        at=datetime.now(UTC), finished=tuple(ended), units_done=units, units_total=units, done=True
    )
