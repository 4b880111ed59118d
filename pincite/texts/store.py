"""The text store: what a surface and the agent read, and what ingestion writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pincite.answers import Answer, AnswerId
from pincite.database import Database
from pincite.elements import (
    ContentId,
    Element,
    ElementId,
    Kind,
    ParsedElement,
    ParsedPassage,
    Passage,
    PassageId,
    Scope,
    SourceId,
    ordinal_of,
    passage_id,
    source_of,
)
from pincite.errors import TooLarge, UnknownSource
from pincite.extractions import Row
from pincite.feedback import Feedback, Objection, feedback_on
from pincite.texts import answering, extracting, objections, reading, sourcing
from pincite.texts.rows import (
    UNIT_STRIDE,
    element_body,
    passage_row,
    row_number,
)
from pincite.texts.schema import SCHEMA, UPGRADES, VERSION
from pincite.texts.sources import Sources
from pincite.texts.words import pack

__all__ = ["UNIT_STRIDE", "TextStore"]


class TextStore(Sources):
    """Sources, elements, passages and answers. Thread-safe; errors are those of `Database`.

    Elements and passages are stored once per content; the ids with a source in them are made on
    reading, so two sources of the same bytes never share one.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(Database(path, schema=SCHEMA, version=VERSION, upgrades=UPGRADES))

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def purge(self) -> None:
        """Return only when no byte of what was deleted is left; costs the size of the file."""
        self._db.purge()

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

    def passage_ids(self, source: SourceId, parser: str | None = None) -> list[PassageId]:
        """Of all units, or of those that this version of a reader read. Raises UnknownSource."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT unit, passages FROM units WHERE content = ? "
                "AND parser = coalesce(?, parser) ORDER BY unit",
                (_key(db, source), parser),
            ).fetchall()
        return [
            passage_id(source, unit * UNIT_STRIDE + position)
            for unit, count in rows
            for position in range(count)
        ]

    def drop_outdated(self, content: ContentId, parser: str) -> None:
        """Forget the units that another version of a reader read."""
        with self._db.write() as db:
            rows = db.execute(
                "SELECT key, unit FROM units JOIN contents ON contents.key = units.content "
                "WHERE contents.id = ? AND parser != ?",
                (content, parser),
            ).fetchall()
            for key, unit in rows:
                reading.remove_unit(db, key, unit)

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

    def kinds(self, ids: Sequence[PassageId]) -> dict[PassageId, frozenset[Kind]]:
        """Of the elements of each passage; missing ids are left out."""
        found: dict[PassageId, frozenset[Kind]] = {}
        with self._db.read() as db:
            for source, ordinals in _by_source(ids).items():
                key = sourcing.key_of_source(db, source)
                if key is not None:
                    found |= reading.kinds(db, source, key, ordinals)
        return found

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

    # --- tables over all files --------------------------------------------------------------------

    def elements_of(self, source: SourceId, kinds: Collection[Kind]) -> list[Element]:
        """All of some kinds, in reading order, without `words`. Raises UnknownSource."""
        with self._db.read() as db:
            return extracting.of_kinds(db, source, _key(db, source), kinds)

    def fingerprint(self, source: SourceId) -> str:
        """Of all that was read of it, and where. Raises UnknownSource."""
        with self._db.read() as db:
            return extracting.fingerprint(db, _key(db, source))

    def kept_rows(self, source: SourceId, asked: str, read: str) -> tuple[Row, ...] | None:
        """What was extracted for `asked` while its fingerprint was `read`."""
        with self._db.read() as db:
            return extracting.kept(db, source, asked, read)

    def keep_rows(self, source: SourceId, asked: str, read: str, rows: tuple[Row, ...]) -> None:
        """No error where the source is gone."""
        with self._db.write() as db:
            extracting.keep(db, source, asked, read, rows)

    # --- answers ----------------------------------------------------------------------------------

    def put_answer(self, answer: Answer, scope: Scope, recalled_by: str = "") -> None:
        """Keep an answer for those who see at least what its asker saw."""
        with self._db.write() as db:
            answering.put(db, answer, scope, recalled_by)

    def recall(self, recalled_by: str, scope: Scope) -> Answer | None:
        """The answer that was kept with this digest, for those who may see all it rests on."""
        with self._db.read() as db:
            return answering.recall(db, recalled_by, scope)

    def state(self, scope: Scope) -> str:
        """A digest that changes when anything is added, read, replaced or deleted in `scope`.

        About 10 ms for 1,000 files.
        """
        with self._db.read() as db:
            return sourcing.state(db, scope)

    def answer(self, answer: AnswerId, scope: Scope) -> Answer:
        """As it was given. Raises UnknownSource, also for another asker's answer."""
        with self._db.read() as db:
            found = answering.get(db, answer, scope)
        if found is None:
            raise UnknownSource(f"there is no answer {answer}, or what it rests on was deleted")
        return found

    def object_to(self, answer: AnswerId, objection: Objection, scope: Scope) -> Feedback:
        """Keep a reader's word, which goes with the answer.

        Raises:
            UnknownSource: as `answer` does.
            UserError: it has no such claim.
        """
        by, now = ", ".join(sorted(scope.principals)), datetime.now(UTC)
        with self._db.write() as db:
            found = answering.get(db, answer, scope)
            if found is not None:
                made = feedback_on(found, objection, by, now)
                objections.put(db, made)
                return made
        raise UnknownSource(f"there is no answer {answer}, or what it rests on was deleted")

    def feedback(self, scope: Scope) -> list[Feedback]:
        """On answers that `scope` may read, the earliest first."""
        with self._db.read() as db:
            return objections.seen_by(db, scope)


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
