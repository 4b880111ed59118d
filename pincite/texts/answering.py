"""Statements about answers; each runs inside a transaction of the caller."""

from __future__ import annotations

import sqlite3

from pydantic import TypeAdapter

from pincite.answers import Answer, AnswerId
from pincite.elements import Scope, SourceId
from pincite.texts import sourcing
from pincite.texts.rows import sources_behind

_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


def put(db: sqlite3.Connection, answer: Answer, scope: Scope, recalled_by: str = "") -> None:
    db.execute("DELETE FROM answers WHERE id = ?", (answer.id,))
    db.execute(
        "INSERT INTO answers (id, body, recalled_by) VALUES (?, ?, ?)",
        (answer.id, _ANSWER.dump_json(answer).decode(), recalled_by or None),
    )
    db.executemany(
        "INSERT INTO answer_principals (answer, principal) VALUES (?, ?)",
        ((answer.id, principal) for principal in scope.principals),
    )
    db.executemany(
        "INSERT INTO answer_sources (source, answer) VALUES (?, ?)",
        ((source, answer.id) for source in sources_behind(answer)),
    )


def get(db: sqlite3.Connection, answer: AnswerId, scope: Scope) -> Answer | None:
    """None where there is none, or `scope` sees less than the asker saw."""
    row = db.execute("SELECT body FROM answers WHERE id = ?", (answer,)).fetchone()
    if row is None:
        return None
    principals = db.execute("SELECT principal FROM answer_principals WHERE answer = ?", (answer,))
    if not {name for (name,) in principals} <= scope.principals:
        return None
    behind = db.execute("SELECT source FROM answer_sources WHERE answer = ?", (answer,)).fetchall()
    sources = [sourcing.by_id(db, SourceId(source)) for (source,) in behind]
    if not all(source is not None and source.readers & scope.principals for source in sources):
        return None
    return _ANSWER.validate_json(row[0])


def recall(db: sqlite3.Connection, recalled_by: str, scope: Scope) -> Answer | None:
    """An answer that depended on the same things; None where there is none for `scope`."""
    rows = db.execute("SELECT id FROM answers WHERE recalled_by = ?", (recalled_by,)).fetchall()
    found = (get(db, AnswerId(id_), scope) for (id_,) in rows)
    return next((answer for answer in found if answer is not None), None)
