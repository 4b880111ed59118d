"""What was read and what was not, per source and unit. The truth about completeness.

Whether a source is complete is worked out from its units whenever somebody asks, never stored.
Names and texts of documents do not enter this file; reasons of failures may quote a file's own
words, and go with the source.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Literal, Self

from ingestion.ledger_held import Held
from ingestion.ledger_rows import Opened, Pending, UnitDone
from ingestion.ledger_schema import SCHEMA, UPGRADES, VERSION
from ingestion.ledger_told import among
from ingestion.readers.ports import Outline
from pincite.database import Database
from pincite.elements import ContentId, SourceId

__all__ = ["Ledger", "Opened", "Pending", "UnitDone"]


class Ledger(Held):
    """Thread-safe; what a method wrote survives kill −9. Errors are those of `Database`."""

    def __init__(self, path: Path) -> None:
        super().__init__(Database(path, schema=SCHEMA, version=VERSION, upgrades=UPGRADES))

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def purge(self) -> None:
        """Return only when no byte of a forgotten source is left."""
        self._db.purge()

    # --- sources ----------------------------------------------------------------------------------

    def add(self, source: SourceId, content: ContentId) -> None:
        """No change where it is already known."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO sources (id, content) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
                (source, content),
            )

    def known(self) -> set[SourceId]:
        """All sources but the condemned."""
        with self._db.read() as db:
            return {
                SourceId(row[0]) for row in db.execute("SELECT id FROM sources WHERE doomed = 0")
            }

    def opened(self, source: SourceId, parser: str, outline: Outline) -> list[SourceId]:
        """Write down the units of a source; those read by another parser version start anew.

        So do its copies, the sources of the same bytes, for they share what is read; which.
        """
        with self._db.write() as db:
            row = db.execute(
                "UPDATE sources SET leftovers = leftovers OR coalesce(parser != ?1, 0), "
                "parser = ?1, units = ?2, unit_name = ?3, failed = NULL, tries = 0 "
                "WHERE id = ?4 RETURNING number, content",
                (parser, outline.units, outline.unit_name, source),
            ).fetchone()
            if row is None:
                return []
            copies = db.execute(
                "UPDATE sources SET units = NULL WHERE content = ? AND parser != ? AND doomed = 0 "
                "RETURNING number, id",
                (row[1], parser),
            ).fetchall()
            db.executemany("DELETE FROM units WHERE source = ?", ((copy[0],) for copy in copies))
            db.execute(
                "DELETE FROM units WHERE source = ? AND (parser != ? OR unit > ?)",
                (row[0], parser, outline.units),
            )
            db.executemany(
                "INSERT INTO units (source, unit, parser) VALUES (?, ?, ?) "
                "ON CONFLICT (source, unit) DO NOTHING",
                ((row[0], unit, parser) for unit in range(1, outline.units + 1)),
            )
        return [SourceId(copy[1]) for copy in copies]

    def open_failed(self, source: SourceId, why: str, *, may_heal: bool) -> None:
        """Nothing of the file can be read; with `may_heal` it is tried again at the next start."""
        with self._db.write() as db:
            db.execute(
                "UPDATE sources SET failed = ?, may_heal = ? WHERE id = ?", (why, may_heal, source)
            )

    def opening(self, source: SourceId) -> Opened | None:
        """None before it was opened."""
        with self._db.read() as db:
            row = db.execute(
                "SELECT content, parser, units, unit_name FROM sources "
                "WHERE id = ? AND units IS NOT NULL",
                (source,),
            ).fetchone()
        if row is None:
            return None
        return Opened(content=ContentId(row[0]), parser=row[1], units=row[2], unit_name=row[3])

    def condemn(self, source: SourceId) -> None:
        """Note that it is to be deleted, so that a kill in the middle cannot stop that."""
        with self._db.write() as db:
            db.execute("UPDATE sources SET doomed = 1 WHERE id = ?", (source,))

    def condemned(self) -> list[tuple[SourceId, ContentId]]:
        with self._db.read() as db:
            rows = db.execute("SELECT id, content FROM sources WHERE doomed = 1")
            return [(SourceId(row[0]), ContentId(row[1])) for row in rows]

    def forget(self, source: SourceId) -> None:
        """Remove every row about it."""
        with self._db.write() as db:
            db.execute("DELETE FROM sources WHERE id = ?", (source,))

    # --- units ------------------------------------------------------------------------------------

    def reading(self, source: SourceId, unit: int) -> None:
        self._set(source, unit, "state = 'reading'")

    def pending(self, source: SourceId, unit: int) -> None:
        """Back to where it was before `reading`."""
        self._set(source, unit, "state = 'pending', why = NULL, how = NULL")

    def was_read(self, source: SourceId, unit: int, found: UnitDone) -> None:
        """The texts have it; it is done once the index has it too."""
        self._set(
            source,
            unit,
            "low = ?, how = ?, confidence = ?, why = ?, seconds = ?, elements = ?",
            (
                found.low,
                found.how,
                found.confidence,
                found.note,
                found.seconds,
                found.elements,
            ),
        )

    def later(self, source: SourceId, unit: int) -> None:
        """It needs the slow pass."""
        self._set(source, unit, "state = 'pending', slow = 1, why = NULL")

    def done(self, units: Iterable[tuple[SourceId, int, UnitDone]]) -> None:
        """Many at once, in one transaction."""
        with self._db.write() as db:
            db.executemany(
                "UPDATE units SET state = ?, low = ?, how = ?, confidence = ?, why = ?, "
                "seconds = ?, elements = ? WHERE unit = ? "
                "AND source = (SELECT number FROM sources WHERE id = ?)",
                (
                    (
                        "low_confidence" if unit_done.low else "done",
                        unit_done.low,
                        unit_done.how,
                        unit_done.confidence,
                        unit_done.note,
                        unit_done.seconds,
                        unit_done.elements,
                        unit,
                        source,
                    )
                    for source, unit, unit_done in units
                ),
            )

    def not_read(
        self,
        source: SourceId,
        unit: int,
        state: Literal["failed", "skipped"],
        why: str,
        seconds: float = 0,
    ) -> None:
        """`failed`: it cannot be read. `skipped`: it could, if the operator mended something."""
        self._set(
            source, unit, "state = ?, why = ?, seconds = ?, how = NULL", (state, why, seconds)
        )

    # --- what is to be done -----------------------------------------------------------------------

    def recover(self) -> None:
        """After a start: nothing is being read, and what may have healed is tried again."""
        with self._db.write() as db:
            db.execute(
                "UPDATE units SET state = 'pending', why = CASE WHEN how IS NULL THEN NULL "
                "ELSE why END WHERE state IN ('reading', 'skipped')"
            )
            db.execute("UPDATE sources SET failed = NULL WHERE may_heal = 1")

    def release(self) -> None:
        """Before a stop: nothing is being read any more."""
        with self._db.write() as db:
            db.execute("UPDATE units SET state = 'pending' WHERE state = 'reading'")

    def reindex(self, source: SourceId) -> None:
        """Its vectors are gone: index its units again, from the texts where these are there."""
        with self._db.write() as db:
            db.execute(
                "UPDATE units SET state = 'pending' WHERE state IN ('done', 'low_confidence') "
                "AND source = (SELECT number FROM sources WHERE id = ?)",
                (source,),
            )

    def with_elements(self) -> set[SourceId]:
        """Sources of which something was read."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT DISTINCT id FROM sources JOIN units ON units.source = sources.number "
                "WHERE elements > 0 AND state IN ('done', 'low_confidence') AND doomed = 0"
            )
            return {SourceId(row[0]) for row in rows}

    def retry(self, source: SourceId) -> None:
        """Try again what failed, because a person offered the file again; not what is poison."""
        with self._db.write() as db:
            db.execute(
                "UPDATE sources SET failed = NULL, held = NULL "
                "WHERE id = ? AND held IS NOT 'quarantined'",
                (source,),
            )
            db.execute(
                "UPDATE units SET state = 'pending', why = NULL "
                "WHERE state IN ('failed', 'skipped') "
                "AND source = (SELECT number FROM sources WHERE id = ?)",
                (source,),
            )

    def waiting(self, sources: Collection[SourceId] | None = None) -> list[Pending]:
        """What waits, of these sources or of all, in the order in which they were added."""
        only, values = among(sources)
        with self._db.read() as db:
            rows = db.execute(
                f"SELECT id, content, 0, 0, tries, number FROM sources "  # noqa: S608
                f"WHERE units IS NULL AND failed IS NULL AND held IS NULL AND doomed = 0 {only} "
                "UNION ALL SELECT id, content, unit, slow, units.tries, number FROM units "
                "JOIN sources ON sources.number = units.source WHERE state = 'pending' "
                f"AND failed IS NULL AND held IS NULL AND doomed = 0 {only} "
                "ORDER BY number, unit",
                values * 2,
            ).fetchall()
        return [
            Pending(SourceId(row[0]), ContentId(row[1]), row[2], bool(row[3]), row[4])
            for row in rows
        ]
