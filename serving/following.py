"""Waiting until certain sources are read, whatever else a service reads meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime

from pincite.elements import Scope, SourceId
from pincite.errors import UnknownSource
from serving.service import IngestProgress, Service, SourceStatus


async def follow(
    service: Service, mine: set[SourceId], scope: Scope
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
    service: Service, sources: Sequence[SourceId], scope: Scope
) -> AsyncGenerator[SourceStatus, None]:
    for source in sources:
        with contextlib.suppress(UnknownSource):  # somebody deleted it meanwhile
            yield await service.source(source, scope)


def _ended(status: SourceStatus) -> bool:
    return status.state in {"complete", "incomplete", "failed", "stopped"}


def _last(ended: Sequence[SourceStatus]) -> IngestProgress:
    units = sum(status.units_total for status in ended)
    return IngestProgress(
        at=datetime.now(UTC), finished=tuple(ended), units_done=units, units_total=units, done=True
    )
