"""Statements about contents and sources; each runs inside a transaction of the caller."""

from __future__ import annotations

import hashlib
import json
import sqlite3

from pincite.elements import ContentId, Scope, Source, SourceId
from pincite.texts import reading
from pincite.texts.rows import SOURCE_COLUMNS, microseconds, names_json, source_from

_FROM = f"SELECT {SOURCE_COLUMNS} FROM sources JOIN contents ON contents.key = sources.content"  # noqa: S608
_DAY = (
    "coalesce((SELECT own.dated FROM contents AS own WHERE own.key = sources.content), "
    "sources.dated)"
)


def key_of(db: sqlite3.Connection, content: ContentId) -> int | None:
    row = db.execute("SELECT key FROM contents WHERE id = ?", (content,)).fetchone()
    return row[0] if row else None


def key_of_source(db: sqlite3.Connection, source: SourceId) -> int | None:
    """The key of its content."""
    row = db.execute("SELECT content FROM sources WHERE id = ?", (source,)).fetchone()
    return row[0] if row else None


def insert(db: sqlite3.Connection, source: Source) -> None:
    key = key_of(db, source.content)
    if key is None:
        raise ValueError("add the content before its source")
    number = db.execute(
        "INSERT INTO sources (id, content, name, origin, medium, collection, readers, version, "
        "added_us, dated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            source.id,
            key,
            source.name,
            source.origin,
            source.medium,
            source.collection,
            names_json(source.readers),
            source.version,
            microseconds(source.added_at),
            source.dated.isoformat() if source.dated else None,
        ),
    ).lastrowid
    db.executemany(
        "INSERT INTO source_readers (principal, source) VALUES (?, ?)",
        ((principal, number) for principal in source.readers),
    )


def by_id(db: sqlite3.Connection, source: SourceId) -> Source | None:
    row = db.execute(f"{_FROM} WHERE sources.id = ?", (source,)).fetchone()
    return source_from(row) if row else None


def of_content(db: sqlite3.Connection, content: ContentId) -> list[Source]:
    rows = db.execute(f"{_FROM} WHERE contents.id = ? ORDER BY number", (content,))
    return [source_from(row) for row in rows]


def everything(db: sqlite3.Connection) -> list[Source]:
    return [source_from(row) for row in db.execute(f"{_FROM} ORDER BY number")]


def is_current(db: sqlite3.Connection, source: SourceId) -> bool:
    row = db.execute("SELECT superseded_by FROM sources WHERE id = ?", (source,)).fetchone()
    return row is not None and row[0] is None


def admitted(db: sqlite3.Connection, scope: Scope) -> list[Source]:
    """The scope as SQL, so that a large library of others costs nothing; newest first."""
    where, values = _admitting(scope)
    query = f"{_FROM} WHERE {where} ORDER BY added_us DESC, number DESC"
    return [source_from(row) for row in db.execute(query, values)]


def admitted_names(db: sqlite3.Connection, scope: Scope) -> list[tuple[SourceId, str]]:
    where, values = _admitting(scope)
    rows = db.execute(
        f"SELECT id, name FROM sources WHERE {where} ORDER BY added_us DESC, number DESC",  # noqa: S608
        values,
    )
    return [(SourceId(row[0]), row[1]) for row in rows]


def collections(db: sqlite3.Connection, scope: Scope) -> dict[str, int]:
    where, values = _admitting(scope)
    query = f"SELECT collection, count(*) FROM sources WHERE {where} GROUP BY 1 ORDER BY 1"  # noqa: S608
    return {row[0]: row[1] for row in db.execute(query, values)}


def state(db: sqlite3.Connection, scope: Scope) -> str:
    """SHA-256 over every source that is admitted: its version, its name, and what was read of it.

    Units are told apart by parser and number of elements.
    """
    where, values = _admitting(scope)
    rows = db.execute(
        "SELECT sources.id, version, name, readers, units.unit, parser, elements, passages "  # noqa: S608
        f"FROM sources LEFT JOIN units USING (content) WHERE {where} "
        "ORDER BY number, units.unit",
        values,
    )
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _admitting(scope: Scope) -> tuple[str, list[str]]:
    """A condition on `sources` and its values."""
    conditions = [
        "superseded_by IS NULL",
        "number IN (SELECT source FROM source_readers "
        "WHERE principal IN (SELECT value FROM json_each(?)))",
    ]
    values = [names_json(scope.principals)]
    for column, wanted in (
        ("collection", scope.collections),
        ("sources.id", scope.sources),
        ("sources.medium", scope.media),
    ):
        if wanted:
            conditions.append(f"{column} IN (SELECT value FROM json_each(?))")  # noqa: S608
            values.append(json.dumps(sorted(wanted), ensure_ascii=False))
    if scope.dates is not None:
        conditions.append(f"{_DAY} BETWEEN ? AND ?")
        values += [day.isoformat() for day in scope.dates]
    return " AND ".join(conditions), values


def versions(
    db: sqlite3.Connection, origin: str, collection: str, readers: frozenset[str]
) -> list[Source]:
    rows = db.execute(
        f"{_FROM} WHERE origin = ? AND collection = ? AND readers = ? ORDER BY version DESC",
        (origin, collection, names_json(readers)),
    )
    return [source_from(row) for row in rows]


def also_from(db: sqlite3.Connection, source: SourceId, origin: str) -> None:
    db.execute(
        "INSERT INTO other_origins (source, origin) "
        "SELECT number, ? FROM sources WHERE id = ? AND origin != ? ON CONFLICT DO NOTHING",
        (origin, source, origin),
    )


def move_origin(db: sqlite3.Connection, source: SourceId) -> bool:
    row = db.execute(
        "SELECT number, other_origins.origin FROM sources "
        "JOIN other_origins ON other_origins.source = number WHERE id = ? AND NOT EXISTS ("
        "SELECT 1 FROM sources AS there WHERE there.origin = other_origins.origin "
        "AND there.collection = sources.collection AND there.readers = sources.readers) LIMIT 1",
        (source,),
    ).fetchone()
    if row is None:
        return False
    db.execute("DELETE FROM other_origins WHERE source = ? AND origin = ?", row)
    db.execute("UPDATE sources SET origin = ?, version = 1 WHERE number = ?", (row[1], row[0]))
    return True


def drop_unused(db: sqlite3.Connection, content: ContentId) -> bool:
    """Remove a content with all that was read from it, unless a source has it."""
    key = key_of(db, content)
    if key is None or db.execute("SELECT 1 FROM sources WHERE content = ?", (key,)).fetchone():
        return False
    reading.remove_content(db, key)
    db.execute("DELETE FROM contents WHERE key = ?", (key,))
    return True
