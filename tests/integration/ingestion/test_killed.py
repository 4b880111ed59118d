"""kill −9 at any moment: nothing that the ledger calls done is lost, and the next start goes on."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from ingestion.pipeline import Ingestor
from tests.integration.ingestion.ingesting import edge
from tests.unit.ingestion.library import EVERYTHING, QUICK, found, opened

ROOT = Path(__file__).resolve().parents[3]
PAGES = 400


def start(data: Path, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.ingestion.ingesting", str(data), str(file)],
        cwd=ROOT,
    )


def done_in(data: Path) -> int:
    """Read beside the process that is writing, as nobody else may."""
    return counted(data, "state = 'done'")


def read_in(data: Path) -> int:
    """Units that a parser need not read again, whether the index has them or not."""
    return counted(data, "how IS NOT NULL")


def counted(data: Path, condition: str) -> int:
    if not (data / "ledger.sqlite").exists():
        return 0
    ledger = sqlite3.connect(data / "ledger.sqlite", timeout=10)
    try:
        query = f"SELECT count(*) FROM units WHERE {condition}"  # noqa: S608
        return ledger.execute(query).fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        ledger.close()


def wait_for(data: Path, units: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 60
    while done_in(data) < units:
        assert process.poll() is None
        assert time.monotonic() < give_up
        time.sleep(0.02)


def kill_after(units: int, data: Path, file: Path) -> None:
    """Start ingesting, kill it when so much is done, and see its children die with it."""
    process = start(data, file)
    wait_for(data, units, process)
    children = children_of(process.pid)
    assert children
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    give_up = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < give_up
        time.sleep(0.02)


def children_of(pid: int) -> set[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for task in tasks for child in task.read_text(encoding="ascii").split()}


def missing_from_index(ingestor: Ingestor) -> int:
    """Units that the ledger calls done and the index does not find."""
    library = ingestor._library
    (source,) = library.texts.sources(EVERYTHING)
    done = [one.unit for one in library.ledger.status(source).units if one.state == "done"]
    return sum(not found(ingestor, f"pagenumber{unit}") for unit in done)


async def test_a_killed_ingestion_loses_nothing_and_repeats_the_page_in_hand_at_most(
    tmp_path: Path,
) -> None:
    file, data = tmp_path / "a.txt", tmp_path / "data"
    lines = (f"slowly 0.01 Text of pagenumber{n}." for n in range(1, PAGES + 1))
    file.write_text("\n".join(lines), encoding="utf-8")
    for units in (4, 120, 250):
        kill_after(units, data, file)
    before, read_before = done_in(data), read_in(data)
    assert 250 <= before <= read_before < PAGES
    async with opened(data, index=edge(data)) as ingestor:
        assert missing_from_index(ingestor) == 0
        assert await ingestor.resume() == PAGES - before
        async for _ in ingestor.watch(EVERYTHING):
            pass
        (status,) = await ingestor.statuses(EVERYTHING)
        assert (status.state, status.units_done) == ("complete", PAGES)
        assert missing_from_index(ingestor) == 0
        assert ingestor._library.index.count(EVERYTHING) == PAGES
        # Not one page that was read before the kill is read again, also where it was not indexed.
        assert ingestor._engine._slots[0].station.parser.units == PAGES - read_before
        assert not list((data / "blobs" / "incoming").iterdir())


async def test_a_parser_that_is_killed_costs_no_unit(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    lines = (f"slowly 0.05 Text of pagenumber{n}." for n in range(1, 21))
    file.write_text("\n".join(lines), encoding="utf-8")
    async with opened(tmp_path / "data", settings=QUICK) as ingestor:
        killed: set[int] = set()
        done = 0
        async for report in ingestor.ingest(
            [file], collection="default", readers=frozenset({"local"})
        ):
            pid = ingestor._engine._slots[0].station.parser.pid
            # Not twice on the same unit: a unit that costs two parsers is given up.
            if report.units_done > done and pid and len(killed) < 2 and pid not in killed:
                done = report.units_done
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)
        assert len(killed) == 2
        (status,) = await ingestor.statuses(EVERYTHING)
        assert (status.state, status.units_done) == ("complete", 20)


async def test_a_delete_that_was_killed_is_finished_at_the_next_start(tmp_path: Path) -> None:
    file, data = tmp_path / "a.txt", tmp_path / "data"
    file.write_text("page Text of pagenumber1.", encoding="utf-8")
    async with opened(data, index=edge(data)) as ingestor:
        async for _ in ingestor.ingest([file], collection="default", readers=frozenset({"local"})):
            pass
        (status,) = await ingestor.statuses(EVERYTHING)
        ingestor._library.ledger.condemn(status.source.id)
    async with opened(data, index=edge(data)) as ingestor:
        assert await ingestor.statuses(EVERYTHING) == []
        assert ingestor._library.index.sources() == set()
        assert not list(ingestor._library.blobs.contents())


async def test_an_upload_that_was_killed_halfway_leaves_no_orphan(tmp_path: Path) -> None:
    """Bytes without a source, and a source that the ledger never heard of."""
    data, file = tmp_path / "data", tmp_path / "a.txt"
    file.write_text("page Text of pagenumber1.", encoding="utf-8")
    async with opened(data) as ingestor:
        async for _ in ingestor.ingest([file], collection="default", readers=frozenset({"local"})):
            pass
        (status,) = await ingestor.statuses(EVERYTHING)
        ingestor._library.ledger.forget(status.source.id)
        file.write_text("orphan", encoding="utf-8")
        orphan, _ = ingestor._library.blobs.put_file(file)
    async with opened(data) as ingestor:
        assert set(ingestor._library.blobs.contents()) == {status.source.content}
        assert not ingestor._library.blobs.path(orphan).exists()
        assert await ingestor.resume() == 1
        async for _ in ingestor.watch(EVERYTHING):
            pass
        assert found(ingestor, "pagenumber1")
