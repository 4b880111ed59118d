"""Vectors by encoder and text, so that no text is embedded twice.

A vector tells much of its text: it is kept for as long as a file that holds the text, and goes
with the last of them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from pincite.database import Database
from pincite.elements import ContentId
from pincite.index.ports import Vector
from pincite.models.ports import TextEncoder, Vectors

VERSION = 1
_SCHEMA = """
CREATE TABLE encoders (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE vectors (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    text BLOB NOT NULL,
    encoder INTEGER NOT NULL REFERENCES encoders (number),
    vector BLOB NOT NULL,
    UNIQUE (text, encoder)
);
CREATE TABLE holders (
    content TEXT NOT NULL,
    text BLOB NOT NULL,
    PRIMARY KEY (content, text)
) WITHOUT ROWID;
CREATE INDEX holders_by_text ON holders (text)
"""
_AT_ONCE = 500
"""Values in one query."""
_LEFT = 0.9
"""Share of the room that is taken after the oldest were dropped."""


class VectorCache:
    """Thread-safe; errors are those of `Database`. A vector takes as many bytes as in the index."""

    def __init__(self, path: Path, *, most_bytes: int) -> None:
        """Beyond `most_bytes` of vectors those that were added first are dropped; 0 keeps none."""
        self._most = most_bytes
        self._db = Database(path, schema=_SCHEMA, version=VERSION)
        with self._db.read() as db:
            (self._bytes,) = db.execute(
                "SELECT coalesce(sum(length(vector)), 0) FROM vectors"
            ).fetchone()

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def embedded(self, encoder: TextEncoder, texts: Sequence[str]) -> Vectors:
        """One vector per text, in order; only what is not known is computed. Keeps nothing."""
        hashes = [_hashed(text) for text in texts]
        known = self._known(encoder.id, set(hashes))
        new = [text for text, name in zip(texts, hashes, strict=True) if name not in known]
        made = dict(zip(map(_hashed, new), encoder.embed_documents(new), strict=True))
        if not texts:
            return np.zeros((0, encoder.dimensions), dtype=np.float32)
        return np.stack([known[name] if name in known else made[name] for name in hashes])

    def keep(self, encoder: str, made: Iterable[tuple[ContentId, str, Vector]]) -> None:
        """Vectors of texts that stand in a content. It must not have been deleted meanwhile."""
        rows = [(content, _hashed(text), vector.tobytes()) for content, text, vector in made]
        if not self._most or not rows:
            return
        with self._db.write() as db:
            db.execute("INSERT INTO encoders (id) VALUES (?) ON CONFLICT DO NOTHING", (encoder,))
            (number,) = db.execute(
                "SELECT number FROM encoders WHERE id = ?", (encoder,)
            ).fetchone()
            db.executemany(
                "INSERT INTO holders (content, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [row[:2] for row in rows],
            )
            for _, name, data in rows:
                added = db.execute(
                    "INSERT INTO vectors (text, encoder, vector) VALUES (?, ?, ?) "
                    "ON CONFLICT DO NOTHING",
                    (name, number, data),
                )
                self._bytes += len(data) * max(added.rowcount, 0)
            if self._bytes > self._most:
                self._drop_oldest(db)

    def forget(self, content: ContentId) -> None:
        """Nothing stays of texts that stood in this content alone."""
        with self._db.write() as db:
            rows = db.execute(
                "DELETE FROM vectors WHERE text IN (SELECT text FROM holders AS own "
                "WHERE content = ?1 AND NOT EXISTS (SELECT 1 FROM holders AS other "
                "WHERE other.text = own.text AND other.content != ?1)) RETURNING length(vector)",
                (content,),
            )
            self._bytes -= sum(row[0] for row in rows)
            db.execute("DELETE FROM holders WHERE content = ?", (content,))

    def contents(self) -> set[ContentId]:
        """For repair."""
        with self._db.read() as db:
            return {ContentId(row[0]) for row in db.execute("SELECT DISTINCT content FROM holders")}

    def purge(self) -> None:
        """Return only when no byte of what was forgotten is left in the file."""
        self._db.purge()

    def _known(self, encoder: str, wanted: Collection[bytes]) -> dict[bytes, Vector]:
        found: dict[bytes, Vector] = {}
        names = list(wanted)
        with self._db.read() as db:
            for start in range(0, len(names), _AT_ONCE):
                some = names[start : start + _AT_ONCE]
                rows = db.execute(
                    "SELECT text, vector FROM vectors JOIN encoders "  # noqa: S608
                    "ON encoders.number = vectors.encoder WHERE encoders.id = ? "
                    f"AND text IN ({','.join('?' * len(some))})",
                    (encoder, *some),
                )
                for name, data in rows:
                    found[name] = np.frombuffer(data, dtype=np.float32)
        return found

    def _drop_oldest(self, db: sqlite3.Connection) -> None:
        too_many = self._bytes - int(self._most * _LEFT)
        for number, text, size in db.execute(
            "SELECT number, text, length(vector) FROM vectors ORDER BY number"
        ).fetchall():
            if too_many <= 0:
                return
            db.execute("DELETE FROM vectors WHERE number = ?", (number,))
            db.execute(
                "DELETE FROM holders WHERE text = ?1 "
                "AND NOT EXISTS (SELECT 1 FROM vectors WHERE vectors.text = ?1)",
                (text,),
            )
            too_many -= size
            self._bytes -= size


def _hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
