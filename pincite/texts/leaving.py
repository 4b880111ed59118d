"""The rule of each collection on what may leave this machine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection


def rules(db: sqlite3.Connection) -> dict[str, frozenset[str]]:
    rows = db.execute("SELECT collection, hosts FROM egress ORDER BY collection")
    return {row[0]: frozenset(json.loads(row[1])) for row in rows}


def put_rule(db: sqlite3.Connection, collection: str, hosts: Collection[str] | None) -> None:
    if hosts is None:
        db.execute("DELETE FROM egress WHERE collection = ?", (collection,))
        return
    db.execute(
        "INSERT INTO egress (collection, hosts) VALUES (?, ?) "
        "ON CONFLICT (collection) DO UPDATE SET hosts = excluded.hosts",
        (collection, json.dumps(sorted(set(hosts)))),
    )
