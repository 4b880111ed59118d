"""What became of each unit of a file that was ingested as a user would."""

from __future__ import annotations

from contextlib import aclosing
from time import perf_counter
from typing import Literal

from evals.datasets.everything import DataFile
from evals.recount import Recount, letters_in, recount
from pincite.elements import Scope, SourceId
from pincite.values import Value
from serving.service import Accepted, Service, UnitStatus

Fate = Literal["done", "low_confidence", "skipped", "failed", "lost"]
READERS = frozenset({"local"})
LEAST_LETTERS = 20
"""Letters in a page's text layer from which an empty reading of it is a loss."""


class UnitSeen(Value):
    unit: int
    fate: Fate
    how: str = ""
    confidence: float | None = None
    why: str = ""
    raw: int = 0
    """Letters in the text layer, by bare PDFium."""
    kept: int = 0
    """Letters in the elements that the library has."""


class FileSeen(Value):
    """A file with every unit that it has by our count or by another's."""

    id: str
    units: tuple[UnitSeen, ...]
    counted_by: str
    seconds: float = 0


async def ingested(service: Service, item: DataFile) -> FileSeen:
    """Add one file, wait until it is read, and compare what is known of it with a recount."""
    accepted, seconds = await _added(service, item)
    found = recount(item.file, item.medium)
    if accepted.source is None:
        units = _unopened(found, accepted.why or "it was refused")
    else:
        units = await _compared(service, accepted.source, found)
    return FileSeen(id=item.id, units=tuple(units), counted_by=found.by, seconds=seconds)


async def _added(service: Service, item: DataFile) -> tuple[Accepted, float]:
    accepted: list[Accepted] = []
    began = perf_counter()
    reports = service.ingest([item.file], collection="default", readers=READERS)
    async with aclosing(reports):
        async for report in reports:
            accepted += report.accepted
    return accepted[0], round(perf_counter() - began, 2)


def _unopened(found: Recount, why: str) -> list[UnitSeen]:
    """Every unit of a file that says itself why nothing of it was read."""
    numbers = range(1, max(1, found.units) + 1)
    return [UnitSeen(unit=one, fate="failed", why=why, raw=found.raw(one)) for one in numbers]


async def _compared(service: Service, source: SourceId, found: Recount) -> list[UnitSeen]:
    only = Scope(principals=READERS, collections=frozenset(), sources=frozenset({source}))
    status = await service.source(source, only)
    if not status.units:
        return _unopened(found, status.why or "")
    lost = {loss.unit: loss.why for loss in (await service.account(only)).losses}
    known = {unit.unit: unit for unit in status.units}
    seen = [UnitSeen(unit=0, fate="lost", why=lost[0])] if 0 in lost else []
    for number in range(1, max(found.units, *known) + 1):
        raw = found.raw(number)
        if number not in known or number in lost:
            why = lost.get(number, "no page of this number was read")
            seen.append(UnitSeen(unit=number, fate="lost", why=why, raw=raw))
            continue
        elements = await service.elements(source, number, only)
        seen.append(judged(known[number], raw, sum(letters_in(one.text) for one in elements)))
    return seen


def judged(unit: UnitStatus, raw: int, kept: int) -> UnitSeen:
    """What the ledger says of a unit, or that it says nothing of what is missing."""
    fate: Fate
    why = unit.why or ""
    match unit.state:
        case "done" | "low_confidence" if raw >= LEAST_LETTERS and kept == 0:
            fate, why = "lost", f"{raw} letters in the text layer, none in the library"
        case "done" | "low_confidence" | "skipped" | "failed":
            fate = unit.state
        case "quarantined":
            fate = "failed"
        case "pending" | "reading":
            fate, why = "lost", "it was never read"
    return UnitSeen(
        unit=unit.unit,
        fate=fate,
        how=unit.how or "",
        confidence=unit.confidence,
        why=why,
        raw=raw,
        kept=kept,
    )
