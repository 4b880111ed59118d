"""Statements about elements and passages; each runs inside a transaction of the caller."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from pincite.elements import (
    Element,
    ElementId,
    Kind,
    Passage,
    PassageId,
    SourceId,
    ordinal_of,
    passage_id,
)
from pincite.texts.rows import (
    UNIT_STRIDE,
    element_from,
    ordinal_in,
    passage_from,
    row_number,
)

_PASSAGE = "SELECT id, elements, text, headings, page FROM passages"


def elements_of_unit(
    db: sqlite3.Connection, source: SourceId, key: int, unit: int
) -> list[Element]:
    first, count, _ = _extent(db, key, unit)
    rows = db.execute(
        "SELECT id, body, words FROM elements WHERE id >= ? AND id < ? ORDER BY id",
        (first, first + count),
    )
    return [element_from(source, *row) for row in rows]


def passages_of_unit(
    db: sqlite3.Connection, source: SourceId, key: int, unit: int
) -> list[Passage]:
    first, _, count = _extent(db, key, unit)
    rows = db.execute(
        f"{_PASSAGE} WHERE id >= ? AND id < ? ORDER BY id",
        (first, first + count),
    )
    return [passage_from(source, row) for row in rows]


def elements(
    db: sqlite3.Connection,
    source: SourceId,
    key: int,
    ordinals: Sequence[int],
    *,
    with_words: bool = True,
) -> dict[ElementId, Element]:
    words = "words" if with_words else "NULL"
    rows = db.execute(
        f"SELECT id, body, {words} FROM elements WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
        (_numbers(key, ordinals),),
    )
    return {found.id: found for found in (element_from(source, *row) for row in rows)}


def passages(
    db: sqlite3.Connection, source: SourceId, key: int, ordinals: Sequence[int]
) -> dict[PassageId, tuple[Passage, tuple[Element, ...]]]:
    rows = db.execute(
        f"{_PASSAGE} WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
        (_numbers(key, ordinals),),
    )
    found = [passage_from(source, row) for row in rows]
    wanted = sorted({ordinal_of(element) for passage in found for element in passage.elements})
    parts = elements(db, source, key, wanted, with_words=False)
    return {
        passage.id: (passage, tuple(parts[element] for element in passage.elements))
        for passage in found
    }


def kinds(
    db: sqlite3.Connection, source: SourceId, key: int, ordinals: Sequence[int]
) -> dict[PassageId, frozenset[Kind]]:
    rows = db.execute(
        "SELECT passages.id, group_concat(DISTINCT json_extract(body, '$.kind')) FROM passages, "
        "json_each(passages.elements) AS part JOIN elements ON elements.id = "
        "(passages.id >> 32 << 32) + part.value WHERE passages.id IN "
        "(SELECT value FROM json_each(?)) GROUP BY passages.id",
        (_numbers(key, ordinals),),
    )
    return {
        passage_id(source, ordinal_in(number)): frozenset(map(Kind, found.split(",")))
        for number, found in rows
    }


def remove_unit(db: sqlite3.Connection, key: int, unit: int) -> None:
    first, elements_count, passages_count = _extent(db, key, unit)
    db.execute("DELETE FROM elements WHERE id >= ? AND id < ?", (first, first + elements_count))
    db.execute("DELETE FROM passages WHERE id >= ? AND id < ?", (first, first + passages_count))
    db.execute("DELETE FROM units WHERE content = ? AND unit = ?", (key, unit))


def remove_content(db: sqlite3.Connection, key: int) -> None:
    span = (row_number(key, 0), row_number(key + 1, 0))
    db.execute("DELETE FROM elements WHERE id >= ? AND id < ?", span)
    db.execute("DELETE FROM passages WHERE id >= ? AND id < ?", span)
    db.execute("DELETE FROM units WHERE content = ?", (key,))


def _extent(db: sqlite3.Connection, key: int, unit: int) -> tuple[int, int, int]:
    """Number of the unit's first row, then how many elements and passages it has."""
    row = db.execute(
        "SELECT elements, passages FROM units WHERE content = ? AND unit = ?", (key, unit)
    ).fetchone()
    first = row_number(key, unit * UNIT_STRIDE)
    return (first, row[0], row[1]) if row else (first, 0, 0)


def _numbers(key: int, ordinals: Sequence[int]) -> str:
    return json.dumps([row_number(key, ordinal) for ordinal in ordinals])
