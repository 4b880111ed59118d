"""Statements about the places that sources lie at; each runs inside a transaction of the caller.

A place is an origin. The first one is the source's own, further ones are copies of the same bytes.
"""

from __future__ import annotations

import json
import sqlite3

from pincite.elements import ContentId, SourceId
from pincite.texts import sourcing
from pincite.values import Value


class Placed(Value):
    """A source at one of its places."""

    source: SourceId
    content: ContentId
    size: int
    """Bytes."""
    origin: str
    readers: frozenset[str]
    version: int
    stamp: str | None = None
    """What `place` noted; None where nobody did."""


def under(db: sqlite3.Connection, prefix: str, collection: str) -> list[Placed]:
    """Places of current sources that begin with `prefix`, whatever their readers."""
    rows = db.execute(
        "SELECT sources.id, contents.id, size, at.origin, readers, version, stamp FROM ("
        "SELECT number AS source, origin FROM sources "
        "UNION SELECT source, origin FROM other_origins) AS at "
        "JOIN sources ON sources.number = at.source "
        "JOIN contents ON contents.key = sources.content "
        "LEFT JOIN places ON places.source = at.source AND places.origin = at.origin "
        "WHERE substr(at.origin, 1, length(?)) = ? AND collection = ? "
        "AND superseded_by IS NULL ORDER BY at.origin, version",
        (prefix, prefix, collection),
    )
    return [
        Placed(
            source=SourceId(row[0]),
            content=ContentId(row[1]),
            size=row[2],
            origin=row[3],
            readers=frozenset(json.loads(row[4])),
            version=row[5],
            stamp=row[6],
        )
        for row in rows
    ]


def place(db: sqlite3.Connection, source: SourceId, origin: str, stamp: str) -> None:
    """Note that it lies there; no error where there is no such source."""
    sourcing.also_from(db, source, origin)
    db.execute(
        "INSERT INTO places (source, origin, stamp) SELECT number, ?, ? FROM sources WHERE id = ? "
        "ON CONFLICT (source, origin) DO UPDATE SET stamp = excluded.stamp",
        (origin, stamp, source),
    )


def displace(db: sqlite3.Connection, source: SourceId, origin: str) -> bool:
    """It lies there no more; True, and nothing changed, where that was its only place.

    Where another place becomes its own, it is called by the last part of that.
    """
    row = db.execute("SELECT number, origin FROM sources WHERE id = ?", (source,)).fetchone()
    if row is None:
        return False
    number, own = row
    other = db.execute(
        "SELECT origin FROM other_origins WHERE source = ? AND origin != ? ORDER BY origin LIMIT 1",
        (number, origin),
    ).fetchone()
    if own == origin and other is None:
        return True
    if own == origin:
        name = other[0].rpartition("/")[2]
        db.execute(
            "UPDATE sources SET origin = ?, name = ? WHERE number = ?", (other[0], name, number)
        )
        db.execute("DELETE FROM other_origins WHERE source = ? AND origin = ?", (number, other[0]))
    db.execute("DELETE FROM other_origins WHERE source = ? AND origin = ?", (number, origin))
    db.execute("DELETE FROM places WHERE source = ? AND origin = ?", (number, origin))
    return False
