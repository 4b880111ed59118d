"""A SQLite file that forgets what is deleted, is safe between threads and fails clearly."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from pincite.errors import DataFolderBusy, DiskFull, IncompatibleData, PinciteError, SetupError

_BUSY_S = 10.0
_NEARLY_NOTHING = 4 * 1024 * 1024
"""Bytes; an I/O error with less room than this on the disk is a full disk."""


def private_folder(folder: Path) -> None:
    """Make `folder` (and what is missing above it) so that only its owner may enter it."""
    with _one_sentence(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)


class Database:
    """One writer at a time, any number of readers (WAL); every connection is closed by `close`.

    Freed pages are overwritten at once (`secure_delete`); copies of them in the write-ahead log
    go with `purge`.

    Raises (all methods):
        DiskFull: nothing of the transaction was kept, nothing older is harmed.
        DataFolderBusy: another process holds the file for more than ten seconds.
        IncompatibleData: another version wrote the file, or it is no database.
    """

    def __init__(
        self, path: Path, *, schema: str, version: int, upgrades: Mapping[int, str] | None = None
    ) -> None:
        """`upgrades` holds the statements that lead from a version to the next one."""
        self._path = path
        self._write_lock = threading.RLock()
        self._idle_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        private_folder(path.parent)
        with _one_sentence(path):
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            path.chmod(0o600)
            self._writer = self._connect()
        try:
            self._prepare(schema, version, upgrades or {})
        except BaseException:
            self._writer.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, schema: str, version: int, upgrades: Mapping[int, str]) -> None:
        with self.write() as db:
            (found,) = db.execute("PRAGMA user_version").fetchone()
            while found in upgrades and found < version:
                _run(db, upgrades[found])
                found += 1
                db.execute(f"PRAGMA user_version = {found:d}")
            tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            if found == version:
                return
            if found or tables:
                raise IncompatibleData(
                    f"{self._path} has schema {found} but this version of Pincite uses schema "
                    f"{version}; use the version that wrote it, or move the file away and "
                    "ingest again"
                )
            _run(db, schema)
            db.execute(f"PRAGMA user_version = {version:d}")

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection, None, None]:
        """A transaction: kept whole when the block ends, undone whole when it raises."""
        with self._write_lock, _one_sentence(self._path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Generator[sqlite3.Connection, None, None]:
        """A connection that sees one state of the file for the whole block."""
        with _one_sentence(self._path):
            connection = self._take()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                connection.rollback()
                self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._idle_lock:
            if self._closed:
                raise sqlite3.ProgrammingError("the database was closed")
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._idle_lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def purge(self) -> None:
        """Return only when no byte of a deleted row is left in the file or its log.

        Rewrites the file: costs its size in time, and twice its size on the disk for a while.
        """
        with self._write_lock, _one_sentence(self._path):
            self._checkpoint()
            self._writer.execute("VACUUM")
            self._checkpoint()

    def _checkpoint(self) -> None:
        """Move the whole write-ahead log into the file and cut it to nothing."""
        give_up = time.monotonic() + _BUSY_S
        while True:
            busy, _, _ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            if time.monotonic() > give_up:
                raise DataFolderBusy(
                    f"{self._path} is being read by another process; stop it and try again"
                )
            time.sleep(0.01)

    def close(self) -> None:
        with self._write_lock, self._idle_lock:
            self._closed = True
            for connection in (*self._idle, self._writer):
                connection.close()
            self._idle.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _run(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        db.execute(statement)


@contextmanager
def _one_sentence(path: Path) -> Generator[None, None, None]:
    """Turn what SQLite and the file system say into an error of ours."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as exc:
        raise _named(exc, path) from exc
    except OSError as exc:
        raise full_or_forbidden(exc, path) from exc


def _named(exc: sqlite3.DatabaseError, path: Path) -> PinciteError:
    extended = getattr(exc, "sqlite_errorcode", 0)
    code = extended & 0xFF
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_room(path)):
        return _full(path)
    if extended == sqlite3.SQLITE_IOERR_WRITE:
        return DiskFull(f"{path} cannot be written: the disk is over its quota, or failing")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return DataFolderBusy(f"another process holds {path}; stop it and try again")
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return IncompatibleData(
            f"{path} is damaged or no database of Pincite; move it away and ingest again"
        )
    return SetupError(f"{path} cannot be used: {exc}")


def full_or_forbidden(exc: OSError, path: Path) -> PinciteError:
    """The error of ours for what the file system said about something under `path`."""
    if exc.errno in _FULL_ERRNOS:
        return _full(path)
    return SetupError(f"{exc.filename or path} cannot be used: {exc.strerror or exc}")


_FULL_ERRNOS = {28, 27, 122}
"""ENOSPC, EFBIG, EDQUOT."""


def _full(path: Path) -> DiskFull:
    return DiskFull(f"no space left for {path}; free some and run the same command again")


def _no_room(path: Path) -> bool:
    return shutil.disk_usage(path.parent).free < _NEARLY_NOTHING
