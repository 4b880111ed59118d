"""Statements about what was extracted from sources; each runs inside a transaction of the caller.

Rows go with their source, and are of use only while the source reads as it did.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection

from pincite.elements import Element, Kind, SourceId
from pincite.extractions import ROWS, Row
from pincite.texts.rows import element_from, row_number


def fingerprint(db: sqlite3.Connection, key: int) -> str:
    """SHA-256 of everything that was read from a content, and where; some ms for a long file."""
    digest = hashlib.sha256()
    span = (row_number(key, 0), row_number(key + 1, 0))
    for number, body in db.execute(
        "SELECT id - ?1, body FROM elements WHERE id >= ?1 AND id < ?2 ORDER BY id", span
    ):
        digest.update(f"{number} {body}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def of_kinds(
    db: sqlite3.Connection, source: SourceId, key: int, kinds: Collection[Kind]
) -> list[Element]:
    """In reading order, without words."""
    rows = db.execute(
        "SELECT id, body, NULL FROM elements WHERE id >= ? AND id < ? AND "
        "json_extract(body, '$.kind') IN (SELECT value FROM json_each(?)) ORDER BY id",
        (row_number(key, 0), row_number(key + 1, 0), json.dumps(sorted(kinds))),
    )
    return [element_from(source, *row) for row in rows]


def kept(db: sqlite3.Connection, source: SourceId, asked: str, read: str) -> tuple[Row, ...] | None:
    row = db.execute(
        "SELECT body FROM extracted WHERE asked = ? AND read = ? AND "
        "source = (SELECT number FROM sources WHERE id = ?)",
        (asked, read, source),
    ).fetchone()
    return ROWS.validate_json(row[0]) if row else None


def keep(
    db: sqlite3.Connection, source: SourceId, asked: str, read: str, rows: tuple[Row, ...]
) -> None:
    """In the place of what was extracted for the same before; nothing where the source is gone."""
    db.execute(
        "INSERT OR REPLACE INTO extracted (source, asked, read, body) "
        "SELECT number, ?, ?, ? FROM sources WHERE id = ?",
        (asked, read, ROWS.dump_json(rows).decode(), source),
    )
