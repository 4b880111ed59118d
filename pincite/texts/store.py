"""The text store: what a surface and the agent read, and what ingestion writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter

from pincite.answers import Answer, AnswerId
from pincite.database import Database
from pincite.elements import (
    Content,
    ContentId,
    Element,
    ElementId,
    Medium,
    ParsedElement,
    ParsedPassage,
    Passage,
    PassageId,
    Scope,
    Source,
    SourceId,
    ordinal_of,
    source_of,
)
from pincite.errors import TooLarge, UnknownSource
from pincite.texts import reading, sourcing
from pincite.texts.rows import (
    UNIT_STRIDE,
    element_body,
    passage_row,
    row_number,
    sources_behind,
)
from pincite.texts.schema import SCHEMA, VERSION
from pincite.texts.words import pack

__all__ = ["UNIT_STRIDE", "TextStore"]

_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


class TextStore:
    """Sources, elements, passages and answers. Thread-safe; errors are those of `Database`.

    Elements and passages are stored once per content; the ids with a source in them are made on
    reading, so two sources of the same bytes never share one.
    """

    def __init__(self, path: Path) -> None:
        self._db = Database(path, schema=SCHEMA, version=VERSION)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def purge(self) -> None:
        """Return only when no byte of what was deleted is left; costs the size of the file."""
        self._db.purge()

    # --- contents and sources ---------------------------------------------------------------------

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

    def contents(self) -> set[ContentId]:
        """For repair."""
        with self._db.read() as db:
            return {ContentId(row[0]) for row in db.execute("SELECT id FROM contents")}

    def drop_unused_content(self, content: ContentId) -> None:
        """Forget a content that no source has; for repair after a kill."""
        with self._db.write() as db:
            sourcing.drop_unused(db, content)

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

    def all_sources(self) -> list[Source]:
        """Whatever their readers, oldest first, replaced versions too; for ingestion's own use."""
        with self._db.read() as db:
            return sourcing.everything(db)

    def current_sources(self) -> set[SourceId]:
        """Whatever their readers, without replaced versions; for ingestion's own use."""
        with self._db.read() as db:
            rows = db.execute("SELECT id FROM sources WHERE superseded_by IS NULL")
            return {SourceId(row[0]) for row in rows}

    def sources_of(self, content: ContentId) -> list[Source]:
        """Whatever their readers; for ingestion's own use, never for an answer."""
        with self._db.read() as db:
            return sourcing.of_content(db, content)

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

    # --- units ------------------------------------------------------------------------------------

    def put_unit(
        self,
        content: ContentId,
        parser: str,
        unit: int,
        elements: Sequence[ParsedElement],
        passages: Sequence[ParsedPassage],
    ) -> None:
        """Replace one unit, whole or not at all; `passages` name elements by position.

        An element's ordinal is `unit * UNIT_STRIDE + position`. A unit may be longer than the
        stride where no later unit is in its way (an office file is one unit).

        Raises:
            TooLarge: the unit reaches into the ordinals of another one.
        """
        base = unit * UNIT_STRIDE
        with self._db.write() as db:
            key = sourcing.key_of(db, content)
            if key is None:
                raise UnknownSource("the source was deleted while it was being read")
            first = row_number(key, base)
            reading.remove_unit(db, key, unit)
            try:
                db.executemany(
                    "INSERT INTO elements (id, body, words) VALUES (?, ?, ?)",
                    (
                        (first + position, element_body(element), pack(element.words))
                        for position, element in enumerate(elements)
                    ),
                )
                db.executemany(
                    "INSERT INTO passages (id, elements, text, headings, page) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (
                        passage_row(first + position, base, passage)
                        for position, passage in enumerate(passages)
                    ),
                )
            except sqlite3.IntegrityError as exc:
                raise TooLarge(
                    f"unit {unit} has more than {UNIT_STRIDE:,} elements beside other units; "
                    "split the file"
                ) from exc
            db.execute(
                "INSERT INTO units (content, unit, parser, elements, passages) "
                "VALUES (?, ?, ?, ?, ?)",
                (key, unit, parser, len(elements), len(passages)),
            )

    def has_unit(self, content: ContentId, parser: str, unit: int) -> bool:
        with self._db.read() as db:
            row = db.execute(
                "SELECT 1 FROM units JOIN contents ON contents.key = units.content "
                "WHERE contents.id = ? AND unit = ? AND parser = ?",
                (content, unit, parser),
            ).fetchone()
        return row is not None

    # --- elements and passages --------------------------------------------------------------------

    def passages_of(self, source: SourceId, unit: int) -> list[Passage]:
        """In reading order. Raises UnknownSource."""
        with self._db.read() as db:
            return reading.passages_of_unit(db, source, _key(db, source), unit)

    def passages(
        self, ids: Sequence[PassageId]
    ) -> dict[PassageId, tuple[Passage, tuple[Element, ...]]]:
        """Passages with their elements; missing ids are left out.

        The elements come without `words`, which a search has no time for: ask `elements`.
        """
        found: dict[PassageId, tuple[Passage, tuple[Element, ...]]] = {}
        with self._db.read() as db:
            for source, ordinals in _by_source(ids).items():
                key = sourcing.key_of_source(db, source)
                if key is not None:
                    found |= reading.passages(db, source, key, ordinals)
        return {item: found[item] for item in ids if item in found}

    def elements_on(self, source: SourceId, unit: int) -> list[Element]:
        """In reading order. Raises UnknownSource."""
        with self._db.read() as db:
            return reading.elements_of_unit(db, source, _key(db, source), unit)

    def element(self, element: ElementId) -> Element:
        """Raises UnknownSource."""
        found = self.elements([element]).get(element)
        if found is None:
            raise UnknownSource(f"there is no element {element}")
        return found

    def elements(self, ids: Sequence[ElementId]) -> dict[ElementId, Element]:
        """In the order of `ids`; missing ones are left out."""
        found: dict[ElementId, Element] = {}
        with self._db.read() as db:
            for source, ordinals in _by_source(ids).items():
                key = sourcing.key_of_source(db, source)
                if key is not None:
                    found |= reading.elements(db, source, key, ordinals)
        return {item: found[item] for item in ids if item in found}

    # --- answers ----------------------------------------------------------------------------------

    def put_answer(self, answer: Answer, scope: Scope) -> None:
        """Keep an answer for those who see at least what its asker saw."""
        with self._db.write() as db:
            db.execute("DELETE FROM answers WHERE id = ?", (answer.id,))
            db.execute(
                "INSERT INTO answers (id, body) VALUES (?, ?)",
                (answer.id, _ANSWER.dump_json(answer).decode()),
            )
            db.executemany(
                "INSERT INTO answer_principals (answer, principal) VALUES (?, ?)",
                ((answer.id, principal) for principal in scope.principals),
            )
            db.executemany(
                "INSERT INTO answer_sources (source, answer) VALUES (?, ?)",
                ((source, answer.id) for source in sources_behind(answer)),
            )

    def answer(self, answer: AnswerId, scope: Scope) -> Answer:
        """As it was given. Raises UnknownSource, also for another asker's answer."""
        with self._db.read() as db:
            row = db.execute("SELECT body FROM answers WHERE id = ?", (answer,)).fetchone()
            principals = {
                name
                for (name,) in db.execute(
                    "SELECT principal FROM answer_principals WHERE answer = ?", (answer,)
                )
            }
            behind = db.execute(
                "SELECT source FROM answer_sources WHERE answer = ?", (answer,)
            ).fetchall()
            sources = [sourcing.by_id(db, SourceId(source)) for (source,) in behind]
        may_see = principals <= scope.principals and all(
            source is not None and source.readers & scope.principals for source in sources
        )
        if row is None or not may_see:
            raise UnknownSource(f"there is no answer {answer}, or what it rests on was deleted")
        return _ANSWER.validate_json(row[0])


def _key(db: sqlite3.Connection, source: SourceId) -> int:
    key = sourcing.key_of_source(db, source)
    if key is None:
        raise UnknownSource(f"there is no source {source}; see: pincite sources list")
    return key


def _by_source(ids: Sequence[ElementId] | Sequence[PassageId]) -> dict[SourceId, list[int]]:
    grouped: dict[SourceId, list[int]] = {}
    for item in ids:
        grouped.setdefault(source_of(item), []).append(ordinal_of(item))
    return grouped
