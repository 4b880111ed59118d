"""Ingestion through a running service: files are walked here, sent one by one, and followed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.intake import walk
from pincite.elements import Scope, SourceId
from serving.following import follow
from serving.service import Accepted, IngestProgress, Upload

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
    async with aclosing(follow(service, mine, scope)) as reports:
        async for report in reports:
            yield report
