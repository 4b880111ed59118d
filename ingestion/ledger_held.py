"""What the ledger holds back: what died on the parser, and what a person stopped."""

from __future__ import annotations

from typing import Any

from ingestion.ledger_rows import QUARANTINED, STOPPED
from ingestion.ledger_told import Told
from pincite.elements import SourceId

POISON = 4
"""Units in quarantine from which a file counts as poison, if fewer than these were read."""


class Held(Told):
    """Thread-safe; errors are those of `Database`."""

    def again(self, source: SourceId, unit: int, tries: int, why: str) -> None:
        """It waits for its next try; `unit` 0 is opening the file."""
        if unit:
            self._set(source, unit, "state = 'pending', tries = ?, why = ?", (tries, why))
            return
        with self._db.write() as db:
            db.execute("UPDATE sources SET tries = ? WHERE id = ?", (tries, source))

    def quarantine(self, source: SourceId, unit: int, why: str) -> bool:
        """Leave it alone until `let_out`; whether the whole source is given up with it.

        That is so for `unit` 0, the file, and where more units ended the parser than were read:
        the ones that still wait then go into quarantine too.
        """
        if unit == 0:
            with self._db.write() as db:
                db.execute(
                    "UPDATE sources SET failed = ?, may_heal = 0, held = ? WHERE id = ?",
                    (why, QUARANTINED, source),
                )
            return True
        self._set(source, unit, "state = 'quarantined', why = ?, how = NULL", (why,))
        with self._db.write() as db:
            number, poison, read = db.execute(
                "SELECT number, coalesce(sum(state = 'quarantined'), 0), "
                "coalesce(sum(state IN ('done', 'low_confidence')), 0) "
                "FROM sources JOIN units ON units.source = sources.number WHERE id = ?",
                (source,),
            ).fetchone()
            if poison < POISON or poison <= read:
                return False
            db.execute(
                "UPDATE units SET state = 'quarantined', why = ? "
                "WHERE source = ? AND state = 'pending'",
                (f"not tried, because {poison} others ended the parser ({why})", number),
            )
        return True

    def stop(self, source: SourceId) -> None:
        """A person wants no more of it to be read for now."""
        with self._db.write() as db:
            db.execute(
                "UPDATE sources SET held = ? WHERE id = ? AND held IS NULL", (STOPPED, source)
            )

    def let_out(self, source: SourceId) -> None:
        """Try everything again that was not read, poison too, as if for the first time."""
        with self._db.write() as db:
            db.execute(
                "UPDATE sources SET failed = NULL, held = NULL, tries = 0 WHERE id = ?", (source,)
            )
            db.execute(
                "UPDATE units SET state = 'pending', why = NULL, tries = 0 "
                "WHERE state IN ('failed', 'skipped', 'quarantined') "
                "AND source = (SELECT number FROM sources WHERE id = ?)",
                (source,),
            )

    def reopen(self, source: SourceId) -> None:
        """Open it again: its units are read anew where the parser is another one now."""
        with self._db.write() as db:
            db.execute("UPDATE sources SET units = NULL WHERE id = ?", (source,))

    # --- what an earlier version of a reader left -------------------------------------------------

    def with_leftovers(self) -> list[SourceId]:
        """Sources that were read anew to the end, and may still have points of the time before."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT id FROM sources WHERE leftovers AND units IS NOT NULL AND doomed = 0 "
                "AND NOT EXISTS (SELECT 1 FROM units WHERE source = sources.number "
                "AND state IN ('pending', 'reading'))"
            )
            return [SourceId(row[0]) for row in rows]

    def has_leftovers(self, source: SourceId) -> bool:
        with self._db.read() as db:
            row = db.execute("SELECT leftovers FROM sources WHERE id = ?", (source,)).fetchone()
        return bool(row and row[0])

    def cleaned(self, source: SourceId) -> None:
        with self._db.write() as db:
            db.execute("UPDATE sources SET leftovers = 0 WHERE id = ?", (source,))

    def _set(
        self, source: SourceId, unit: int, assignments: str, values: tuple[Any, ...] = ()
    ) -> None:
        with self._db.write() as db:
            db.execute(
                f"UPDATE units SET {assignments} "  # noqa: S608
                "WHERE unit = ? AND source = (SELECT number FROM sources WHERE id = ?)",
                (*values, unit, source),
            )
