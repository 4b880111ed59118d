"""The half of the text store that knows contents and sources."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pincite.database import Database
from pincite.elements import Content, ContentId, Medium, Scope, Source, SourceId
from pincite.errors import UnknownSource
from pincite.texts import leaving, placing, sourcing
from pincite.texts.placing import Placed


class Sources:
    """Thread-safe; errors are those of `Database`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add_content(self, content: Content) -> None:
        """No error, and no change, where it is already there."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO contents (id, size, media_type, medium) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO NOTHING",
                (content.id, content.size, content.media_type, content.medium),
            )

    def content(self, content: ContentId) -> Content | None:
        with self._db.read() as db:
            row = db.execute(
                "SELECT id, size, media_type, medium FROM contents WHERE id = ?", (content,)
            ).fetchone()
        if row is None:
            return None
        return Content(id=row[0], size=row[1], media_type=row[2], medium=Medium(row[3]))

    def date_content(self, content: ContentId, day: date) -> None:
        """Note the day it is of by its own account, which goes before what its sources say."""
        with self._db.write() as db:
            db.execute("UPDATE contents SET dated = ? WHERE id = ?", (day.isoformat(), content))

    def contents(self) -> set[ContentId]:
        """For repair."""
        with self._db.read() as db:
            return {ContentId(row[0]) for row in db.execute("SELECT id FROM contents")}

    def drop_unused_content(self, content: ContentId) -> None:
        """Forget a content that no source has; for repair after a kill."""
        with self._db.write() as db:
            sourcing.drop_unused(db, content)

    def kept_units(self, content: ContentId) -> dict[int, tuple[int, int]]:
        """Units that were read, with how many elements and passages each has."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT unit, elements, passages FROM units "
                "JOIN contents ON contents.key = units.content WHERE contents.id = ?",
                (content,),
            )
            return {row[0]: (row[1], row[2]) for row in rows}

    def texts_of(self, content: ContentId) -> list[str]:
        """Of all its passages, in reading order."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT text FROM contents JOIN passages ON passages.id >= contents.key << 32 "
                "AND passages.id < (contents.key + 1) << 32 WHERE contents.id = ? "
                "ORDER BY passages.id",
                (content,),
            )
            return [row[0] for row in rows]

    def add_source(self, source: Source) -> None:
        """Its content must be there."""
        with self._db.write() as db:
            sourcing.insert(db, source)

    def source(self, source: SourceId, scope: Scope | None = None) -> Source:
        """Raises UnknownSource, also when it is outside `scope`; the two are never told apart."""
        with self._db.read() as db:
            found = sourcing.by_id(db, source)
        if found is None or (scope is not None and not scope.admits(found)):
            raise UnknownSource(f"there is no source {source}; see: pincite sources list")
        return found

    def sources(self, scope: Scope) -> list[Source]:
        """Those that `scope` admits, newest first; without versions that a newer one replaced."""
        with self._db.read() as db:
            return sourcing.admitted(db, scope)

    def names(self, scope: Scope) -> list[tuple[SourceId, str]]:
        """Ids and file names of what `sources` gives; 1 ms for 1,000 files."""
        with self._db.read() as db:
            return sourcing.admitted_names(db, scope)

    def all_sources(self) -> list[Source]:
        """Whatever their readers, oldest first, replaced versions too; for ingestion's own use."""
        with self._db.read() as db:
            return sourcing.everything(db)

    def current_sources(self) -> set[SourceId]:
        """Whatever their readers, without replaced versions; for ingestion's own use."""
        with self._db.read() as db:
            rows = db.execute("SELECT id FROM sources WHERE superseded_by IS NULL")
            return {SourceId(row[0]) for row in rows}

    def is_current(self, source: SourceId) -> bool:
        """False where there is none, and for a version that a newer one replaced."""
        with self._db.read() as db:
            return sourcing.is_current(db, source)

    def sources_of(self, content: ContentId) -> list[Source]:
        """Whatever their readers; for ingestion's own use, never for an answer."""
        with self._db.read() as db:
            return sourcing.of_content(db, content)

    def collections(self, scope: Scope) -> dict[str, int]:
        """How many sources of each collection `scope` admits, by name; 1 ms for 1,000 files."""
        with self._db.read() as db:
            return sourcing.collections(db, scope)

    def collections_of(self, content: ContentId) -> frozenset[str]:
        """Whatever their readers; for ingestion's own use, never for an answer."""
        return frozenset(source.collection for source in self.sources_of(content))

    def egress(self) -> dict[str, frozenset[str]]:
        """Hosts that each collection may be sent to; those without a rule are not among them."""
        with self._db.read() as db:
            return leaving.rules(db)

    def set_egress(self, collection: str, hosts: Collection[str] | None) -> None:
        """None takes the rule back."""
        with self._db.write() as db:
            leaving.put_rule(db, collection, hosts)

    def same_upload(
        self, content: ContentId, collection: str, readers: frozenset[str]
    ) -> Source | None:
        """The current source of these bytes in this collection with exactly these readers."""
        with self._db.read() as db:
            return next(
                (
                    source
                    for source in sourcing.of_content(db, content)
                    if source.collection == collection
                    and source.readers == readers
                    and sourcing.is_current(db, source.id)
                ),
                None,
            )

    def versions(self, origin: str, collection: str, readers: frozenset[str]) -> list[Source]:
        """All versions of one document, newest first."""
        with self._db.read() as db:
            return sourcing.versions(db, origin, collection, readers)

    def supersede(self, old: SourceId, new: SourceId) -> None:
        """From now on `old` is not listed; by its id it can still be had, for old citations."""
        with self._db.write() as db:
            db.execute("UPDATE sources SET superseded_by = ? WHERE id = ?", (new, old))

    def also_from(self, source: SourceId, origin: str) -> None:
        """Note that the same bytes were offered from another place too."""
        with self._db.write() as db:
            sourcing.also_from(db, source, origin)

    def placed(self, prefix: str, collection: str) -> list[Placed]:
        """Places of current sources that begin with `prefix`; for synchronising, never shown."""
        with self._db.read() as db:
            return placing.under(db, prefix, collection)

    def place(self, source: SourceId, origin: str, stamp: str) -> None:
        """Note that a source lies there now, and what its file looks like there."""
        with self._db.write() as db:
            placing.place(db, source, origin, stamp)

    def displace(self, source: SourceId, origin: str) -> bool:
        """It lies there no more; True, and nothing changed, where that was its only place."""
        with self._db.write() as db:
            return placing.displace(db, source, origin)

    def move_origin(self, source: SourceId) -> bool:
        """Let it come from another place it was offered from; False where there is none.

        A place from which something else was offered since does not count.
        """
        with self._db.write() as db:
            return sourcing.move_origin(db, source)

    def delete_source(self, source: SourceId) -> ContentId | None:
        """Remove a source and the answers that show anything of it.

        Returns its content when no source shares it any more: then its elements and passages are
        gone too, and its blobs must go. No error where there is no such source.
        """
        with self._db.write() as db:
            db.execute(
                "DELETE FROM answers WHERE id IN "
                "(SELECT answer FROM answer_sources WHERE source = ?)",
                (source,),
            )
            found = sourcing.by_id(db, source)
            if found is None:
                return None
            db.execute("DELETE FROM sources WHERE id = ?", (source,))
            return found.content if sourcing.drop_unused(db, found.content) else None
