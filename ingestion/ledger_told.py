"""The half of the ledger that answers questions."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from ingestion.ledger_rows import COUNTS, NOTHING, Counts, UnitDone, state_of, status_of
from ingestion.report import SourceStatus, UnitStatus
from pincite.database import Database
from pincite.elements import ContentId, Source, SourceId
from pincite.evidence import Coverage


class Told:
    """Thread-safe; errors are those of `Database`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def status(self, source: Source) -> SourceStatus:
        """With its units."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT unit, state, how, confidence, why, seconds, elements FROM units "
                "WHERE source = (SELECT number FROM sources WHERE id = ?) ORDER BY unit",
                (source.id,),
            ).fetchall()
        units = tuple(
            UnitStatus(
                unit=row[0],
                state=row[1],
                how=row[2],
                confidence=row[3],
                why=row[4],
                seconds=row[5],
                elements=row[6],
            )
            for row in rows
        )
        (status,) = self.statuses([source])
        return status.model_copy(update={"units": units})

    def statuses(self, sources: Sequence[Source]) -> list[SourceStatus]:
        """In the order given, without units."""
        counted = self._counts([source.id for source in sources])
        return [status_of(source, counted.get(source.id, NOTHING)) for source in sources]

    def coverage(self, sources: Collection[SourceId]) -> Coverage:
        """How much of these sources has been read."""
        counts = self._counts(sources)
        return Coverage(
            sources_read=sum(state_of(count) == "complete" for count in counts.values()),
            sources_total=len(sources),
            pages_read=sum(count.done for count in counts.values()),
            pages_total=sum(count.total for count in counts.values()),
            pages_failed=sum(count.failed for count in counts.values()),
        )

    def seconds_per_unit(self) -> dict[str, float]:
        """By how units were read, a mean over those of some hundred sources read last."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT how, avg(seconds) FROM units WHERE how IS NOT NULL AND seconds > 0 AND "
                "source IN (SELECT number FROM sources ORDER BY number DESC LIMIT 300) GROUP BY how"
            )
            return dict(rows.fetchall())

    def units_per_source(self) -> dict[str, float]:
        """Mean, by the name of the unit."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT unit_name, avg(units) FROM sources WHERE units IS NOT NULL "
                "GROUP BY unit_name"
            )
            return dict(rows.fetchall())

    def _counts(self, sources: Collection[SourceId]) -> dict[SourceId, Counts]:
        only, values = among(sources)
        with self._db.read() as db:
            rows = db.execute(COUNTS.format(only=only), values).fetchall()
        return {SourceId(row[0]): Counts(*row[1:]) for row in rows}

    def record(self, content: ContentId, unit: int, parser: str) -> UnitDone | None:
        """How a unit of these bytes was read, for whichever source that was."""
        with self._db.read() as db:
            row = db.execute(
                "SELECT how, confidence, low, elements, seconds, why FROM units "
                "JOIN sources ON sources.number = units.source "
                "WHERE sources.content = ? AND unit = ? AND units.parser = ? "
                "AND how IS NOT NULL LIMIT 1",
                (content, unit, parser),
            ).fetchone()
        if row is None:
            return None
        return UnitDone(
            how=row[0],
            confidence=row[1],
            low=row[2],
            elements=row[3],
            seconds=row[4],
            note=row[5],
        )


def among(sources: Collection[SourceId] | None) -> tuple[str, tuple[str, ...]]:
    """A condition and its values; none at all for None."""
    if sources is None:
        return "", ()
    condition = "AND sources.id IN (SELECT value FROM json_each(?))"
    return condition, (json.dumps(list(sources)),)
