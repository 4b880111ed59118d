"""Whether every page is accounted for: the file, the ledger, the texts and the index compared."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from ingestion.library import Library
from pincite.elements import ContentId, Scope, Source
from pincite.errors import CorruptSource, UserError
from pincite.values import Value


class Loss(Value):
    """Something of a source that is missing, and that nobody was told of."""

    source: Source
    unit: int
    """0 where it concerns the whole file."""
    why: str


class Accounted(Value):
    """What a comparison found."""

    sources: int = 0
    units: int = 0
    losses: tuple[Loss, ...] = ()
    unopened: tuple[str, ...] = ()
    """Names of sources that wait, or that could not be opened; their state says so."""


UnitsOf = Callable[[ContentId, Path, str], Awaitable[int]]
"""Opens a file of a media type and counts its units; raises like a reader."""


async def accounted(library: Library, scope: Scope, units_of: UnitsOf) -> Accounted:
    """Of all sources that `scope` admits."""
    losses: list[Loss] = []
    unopened: list[str] = []
    sources = await asyncio.to_thread(library.texts.sources, scope)
    units = 0
    for source in sources:
        opening = await asyncio.to_thread(library.ledger.opening, source.id)
        content = await asyncio.to_thread(library.texts.content, source.content)
        if opening is None or content is None:
            unopened.append(source.name)
            continue
        try:
            now = await units_of(content.id, library.blobs.path(content.id), content.media_type)
        except (CorruptSource, UserError) as exc:
            losses.append(Loss(source=source, unit=0, why=f"it opens no longer: {exc}"))
            continue
        units += now
        losses += await asyncio.to_thread(_losses, library, source, now)
    return Accounted(
        sources=len(sources), units=units, losses=tuple(losses), unopened=tuple(unopened)
    )


def _losses(library: Library, source: Source, units_now: int) -> list[Loss]:
    return list(_compared(library, source, units_now))


def _compared(library: Library, source: Source, units_now: int) -> Iterator[Loss]:
    """Of a source that was opened; `units_now` is what opening its file tells today."""
    status = library.ledger.status(source)
    known = {unit.unit: unit for unit in status.units}
    if status.units_total != units_now:
        why = f"the file has {units_now} {status.unit_name}(s), the ledger {status.units_total}"
        yield Loss(source=source, unit=0, why=why)
    for number in range(1, max(units_now, status.units_total) + 1):
        if number not in known:
            yield Loss(source=source, unit=number, why="the ledger does not know it")
    kept = library.texts.kept_units(source.content)
    passages = 0
    for number, unit in known.items():
        if unit.state not in {"done", "low_confidence"}:
            continue
        elements, found = kept.get(number, (0, 0))
        passages += found
        if elements != unit.elements or (number not in kept and unit.elements):
            why = f"{unit.elements} elements were read, {elements} are kept"
            yield Loss(source=source, unit=number, why=why)
    only = Scope(principals=source.readers, collections=frozenset(), sources=frozenset({source.id}))
    indexed = library.index.count(only)
    if indexed < passages:
        why = f"{passages} passages are kept, {indexed} can be found"
        yield Loss(source=source, unit=0, why=why)
