"""What the ledger tells about a source, and how its state follows from its units."""

from __future__ import annotations

from typing import NamedTuple

from ingestion.report import ReadHow, SourceState, SourceStatus
from pincite.elements import ContentId, Source, SourceId
from pincite.values import Value


class Pending(NamedTuple):
    """A unit that waits to be read; `unit` 0 means that the file was never opened.

    Slim, because a large library has hundreds of thousands of them.
    """

    source: SourceId
    content: ContentId
    unit: int
    slow: bool
    """The quick pass found no sound text in it."""
    tries: int = 0
    """How often the parser died on it, or was ended for its limits."""


class Opened(Value):
    """What opening a source told."""

    content: ContentId
    parser: str
    units: int
    unit_name: str


class UnitDone(Value):
    """How a unit was read, and how well."""

    how: ReadHow
    confidence: float | None = None
    low: bool = False
    """Read, but so badly that a person should look."""
    elements: int = 0
    seconds: float = 0
    note: str | None = None
    """What the reader warned of."""


class Counts(NamedTuple):
    unit_name: str | None
    failed_why: str | None
    total: int
    done: int
    failed: int
    reading: int
    pending: int
    unit_why: str | None
    """Of one unit that failed."""
    held: str | None = None


NOTHING = Counts(None, None, 0, 0, 0, 0, 0, None)
STOPPED = "stopped"
"""Held by a person."""
QUARANTINED = "quarantined"
"""Held because opening it ended the parser."""
NOT_READ = "state IN ('failed', 'skipped', 'quarantined')"

COUNTS = f"""
SELECT sources.id, sources.unit_name, sources.failed, coalesce(sources.units, 0),
    coalesce(sum(state IN ('done', 'low_confidence')), 0),
    coalesce(sum({NOT_READ}), 0),
    coalesce(sum(state = 'reading'), 0),
    coalesce(sum(state = 'pending'), 0),
    (SELECT why FROM units WHERE units.source = sources.number
        AND {NOT_READ} ORDER BY unit LIMIT 1),
    sources.held
FROM sources LEFT JOIN units ON units.source = sources.number
WHERE doomed = 0 {{only}} GROUP BY sources.number
"""  # noqa: S608


def state_of(counts: Counts) -> SourceState:
    if counts.failed_why is not None:
        return "failed"
    if counts.held == STOPPED and (counts.total == 0 or counts.pending or counts.reading):
        return "stopped"
    if counts.total == 0:
        return "pending"
    if counts.done == counts.total:
        return "complete"
    if counts.pending or counts.reading:
        return "reading" if counts.done or counts.reading else "pending"
    return "incomplete" if counts.done else "failed"


def status_of(source: Source, counts: Counts) -> SourceStatus:
    state = state_of(counts)
    whys = {
        "failed": counts.failed_why or counts.unit_why,
        "stopped": f"stopped; to go on: pincite sources retry {source.id}",
    }
    return SourceStatus(
        source=source,
        state=state,
        why=whys.get(state),
        units_total=counts.total,
        units_done=counts.done,
        units_failed=counts.failed,
        unit_name=counts.unit_name or "page",
    )
