from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from pincite.database import Database
from pincite.errors import DiskFull, IncompatibleData

SCHEMA = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"
MARKER = "zqxj-marker-" * 40


@pytest.fixture
def db(tmp_path: Path) -> Generator[Database, None, None]:
    with Database(tmp_path / "data" / "notes.sqlite", schema=SCHEMA, version=3) as database:
        yield database


def put(db: Database, *texts: str) -> None:
    with db.write() as connection:
        connection.executemany("INSERT INTO notes (text) VALUES (?)", [(text,) for text in texts])


def count(db: Database) -> int:
    with db.read() as connection:
        return connection.execute("SELECT count(*) FROM notes").fetchone()[0]


def bytes_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_files_are_for_their_owner_only(db: Database, tmp_path: Path) -> None:
    put(db, "x")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert modes == {0o600}


def test_a_file_of_another_version_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    Database(path, schema=SCHEMA, version=3).close()
    with pytest.raises(
        IncompatibleData, match="schema 3 but this version of Pincite uses schema 4"
    ):
        Database(path, schema=SCHEMA, version=4)


@pytest.mark.parametrize("body", [b"not a database at all, " * 50])
def test_a_file_that_is_no_database_is_refused_in_one_sentence(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_bytes(body)
    with pytest.raises(IncompatibleData, match="move it away"):
        Database(path, schema=SCHEMA, version=3)
    assert path.read_bytes() == body


def test_a_transaction_that_raises_leaves_nothing(db: Database) -> None:
    def half() -> None:
        with db.write() as connection:
            connection.execute("INSERT INTO notes (text) VALUES ('x')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert count(db) == 0


def test_a_reader_sees_one_state_while_others_write(db: Database) -> None:
    put(db, "x")
    with db.read() as connection:
        before = connection.execute("SELECT count(*) FROM notes").fetchone()
        put(db, "y")
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == before
    assert count(db) == 2


def test_many_threads_may_write_and_read_at_once(db: Database) -> None:
    def work() -> None:
        for _ in range(25):
            put(db, "x")
            count(db)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(db) == 200


def test_after_a_purge_no_byte_of_a_deleted_row_is_left(db: Database, tmp_path: Path) -> None:
    for round_ in range(20):
        put(db, *(f"{round_}-{n}-" + MARKER * (n % 7) for n in range(40)))
        put(db, *("kept " * 50 for _ in range(20)))
        with db.write() as connection:
            connection.execute("UPDATE notes SET text = text || 'longer' WHERE id % 3 = 0")
    assert MARKER.encode() in bytes_under(tmp_path)
    with db.write() as connection:
        connection.execute("DELETE FROM notes WHERE text LIKE '%zqxj%'")
    db.purge()
    assert b"zqxj" not in bytes_under(tmp_path)
    assert count(db) > 400


def test_a_full_database_is_said_to_be_full_and_keeps_what_it_had(db: Database) -> None:
    put(db, "x")
    with db.write() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull, match="no space left"):
        put(db, "y" * 100_000)
    assert count(db) == 1


FILL_UP = """
import resource, signal, sys
from pathlib import Path
from pincite.database import Database
from pincite.errors import DiskFull

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Database(Path(sys.argv[1]), schema="CREATE TABLE notes (text TEXT)", version=3) as db:
    with db.write() as connection:
        connection.execute("INSERT INTO notes VALUES ('x')")
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        with db.write() as connection:
            connection.execute("INSERT INTO notes VALUES (?)", ("y" * 1_000_000,))
    except DiskFull:
        sys.exit(7)
"""


def test_a_disk_that_takes_no_more_is_said_to_be_full_and_keeps_what_it_had(
    tmp_path: Path,
) -> None:
    """In a child, because the limit on file sizes is of a whole process."""
    path = tmp_path / "n.sqlite"
    child = subprocess.run([sys.executable, "-c", FILL_UP, str(path)], check=False)
    assert child.returncode == 7
    with Database(path, schema=SCHEMA, version=3) as db:
        assert count(db) == 1


def test_a_closed_database_says_so(tmp_path: Path) -> None:
    db = Database(tmp_path / "n.sqlite", schema=SCHEMA, version=3)
    db.close()
    with pytest.raises(Exception, match="closed"):
        count(db)
    with pytest.raises(sqlite3.ProgrammingError):
        db._writer.execute("SELECT 1")
