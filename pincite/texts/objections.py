"""Statements about feedback; each runs inside a transaction of the caller."""

from __future__ import annotations

import sqlite3

from pincite.answers import AnswerId
from pincite.elements import Scope
from pincite.feedback import Feedback
from pincite.texts import answering


def put(db: sqlite3.Connection, feedback: Feedback) -> None:
    """One for each person and claim: a later word replaces an earlier one."""
    about = feedback.objection
    db.execute(
        "INSERT OR REPLACE INTO feedback (answer, sentence, claim, person, body) "
        "VALUES (?, ?, ?, ?, ?)",
        (
            feedback.answer,
            about.sentence,
            about.claim,
            feedback.by,
            feedback.model_dump_json(),
        ),
    )


def seen_by(db: sqlite3.Connection, scope: Scope) -> list[Feedback]:
    """On answers that `scope` may read, the earliest first."""
    rows = db.execute("SELECT answer, body FROM feedback").fetchall()
    answers = {answer for answer, _ in rows}
    readable = {a for a in answers if answering.get(db, AnswerId(a), scope) is not None}
    found = [Feedback.model_validate_json(body) for answer, body in rows if answer in readable]
    return sorted(found, key=lambda each: each.at)
