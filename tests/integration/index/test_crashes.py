"""What the Edge index survives: kill −9 of the owner, of its processes, a second owner."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from evals.speed.pauses import watch_pauses
from pincite import config
from pincite.elements import Scope, SourceId
from pincite.errors import DataFolderBusy, DiskFull, IncompatibleData, IndexUnavailable
from pincite.index import edge
from pincite.index.edge import EdgeIndex
from pincite.index.factory import open_index
from pincite.index.folder import IndexFolder
from pincite.index.frames import Frame
from pincite.index.journal import Journal
from pincite.index.ports import TEXT, Space
from tests.integration.index.writer import BATCH, DIMENSIONS, SPACES, points

WRITER = Path(__file__).with_name("writer.py")
QUERY = np.eye(1, DIMENSIONS, dtype=np.float32)[0]


def open_at(folder: Path) -> EdgeIndex:
    return EdgeIndex(IndexFolder(folder), SPACES, optimize_above=10**9)


def run_until(folder: Path, task: str, stop: str, *, linger_s: float) -> tuple[set[str], set[str]]:
    """Kill a writer −9 after it says `stop`; the sources that must, and that must not, be there."""
    command = [sys.executable, str(WRITER), str(folder), *filter(None, [task])]
    env = {"PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as writer:
        assert writer.stdout is not None
        lines: list[str] = []
        for line in writer.stdout:
            lines.append(line.strip())
            if lines[-1] == stop:
                break
        time.sleep(linger_s)
        family = psutil.Process(writer.pid).children(recursive=True)
        writer.kill()
        lines += [line.strip() for line in writer.stdout]
    gone, alive = psutil.wait_procs(family, timeout=5)
    assert not alive, "an index process outlived its owner"
    assert gone
    return outcome(lines)


def outcome(lines: list[str]) -> tuple[set[str], set[str]]:
    last: dict[str, str] = {}
    for line in lines:
        word, _, source = line.partition(" ")
        if word in {"wrote", "deleted"}:
            last[source] = word
    present = {source for source, word in last.items() if word == "wrote"}
    deleted = {source for source, word in last.items() if word == "deleted"}
    # A delete whose return was not reported may have happened; so may one more write.
    newest = max((int(s[1:]) for s in last if s[1:].isdecimal()), default=0)
    undecided = {f"s{newest}", f"s{newest + 1}"}
    return present - undecided, deleted - undecided


@pytest.mark.parametrize(
    ("task", "stop", "linger_s"),
    [
        ("", "wrote s5", 0.0),
        ("", "deleted s30", 0.004),
        ("optimize", "step copy", 0.02),
        ("optimize", "step optimize", 0.05),
        ("optimize", "step catch_up", 0.0),
        ("optimize", "step swap", 0.0),
        ("optimize", "step swap", 0.002),
        ("optimize", "step swapped", 0.0),
        ("optimize", "step swapped", 0.3),
        ("purge", "step swap", 0.001),
    ],
)
def test_kill_9_loses_nothing_that_had_returned(
    tmp_path: Path, task: str, stop: str, linger_s: float
) -> None:
    present, deleted = run_until(tmp_path, task, stop, linger_s=linger_s)
    with open_at(tmp_path) as index:
        found = index.sources()
        assert present <= found
        assert not deleted & found
        assert index.count(Scope(sources=frozenset(map(SourceId, present)))) == BATCH * len(present)
        assert len(index.search_dense(QUERY, Scope(), keep=5)) == 5
        assert len(list(tmp_path.glob("shard-*"))) == 1


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EdgeIndex]:
    with open_at(tmp_path) as opened:
        yield opened


def processes() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def test_an_index_process_that_is_killed_is_started_again(index: EdgeIndex) -> None:
    index.upsert(points("s1"))
    for process in processes():
        process.kill()
    assert index.sources() == {"s1"}
    for process in processes():
        process.kill()
    index.upsert(points("s2"))
    assert index.sources() == {"s1", "s2"}


async def test_a_rebuild_that_is_killed_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    def kill_the_newest(step: edge.Step) -> None:
        if step == "optimize" and not killed:
            newest = max(processes(), key=lambda process: process.create_time())
            killed.append(newest.pid)
            newest.kill()

    killed: list[int] = []
    with EdgeIndex(
        IndexFolder(tmp_path), SPACES, optimize_above=10**9, watch=kill_the_newest
    ) as index:
        index.upsert(points("s1"))
        with pytest.raises(IndexUnavailable):
            await index.optimize()
        assert index.sources() == {"s1"}
        index.upsert(points("s2"))
        await index.optimize()
        assert index.sources() == {"s1", "s2"}


async def test_searches_and_writes_go_on_while_the_index_is_optimised(tmp_path: Path) -> None:
    """A bound that holds on a busy machine; `evals.speed.index` measures the real figure."""
    with open_at(tmp_path) as index:
        for number in range(400):
            index.upsert(points(f"s{number}"))
        searches = written = 0
        async with watch_pauses() as pauses:
            optimizing = asyncio.create_task(index.optimize())
            while not optimizing.done():
                found = await asyncio.to_thread(index.search_dense, QUERY, Scope(), keep=5)
                assert len(found) == 5
                await asyncio.to_thread(index.upsert, points(f"late{written}"))
                searches, written = searches + 1, written + 1
                await asyncio.sleep(0.01)
            await optimizing
        assert searches > 1
        assert pauses.longest < 0.25 + 2 * pauses.longest_elsewhere
        assert index.count(Scope()) == BATCH * (400 + written)


def test_enough_new_points_start_an_optimisation_by_themselves(tmp_path: Path) -> None:
    steps: list[str] = []
    with EdgeIndex(IndexFolder(tmp_path), SPACES, optimize_above=100, watch=steps.append) as index:
        for number in range(5):
            index.upsert(points(f"s{number}"))
        until = time.monotonic() + 30
        while "swapped" not in steps and time.monotonic() < until:
            time.sleep(0.02)
        assert "swapped" in steps
        assert index.count(Scope()) == 5 * BATCH


def test_closing_does_not_wait_for_a_rebuild(tmp_path: Path) -> None:
    index = EdgeIndex(IndexFolder(tmp_path), SPACES, optimize_above=100)
    for number in range(100):
        index.upsert(points(f"s{number}"))
    index.close()
    index.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        index.count(Scope())
    with open_at(tmp_path) as again:
        assert again.count(Scope()) == 100 * BATCH


def test_a_second_owner_is_told_in_one_sentence(index: EdgeIndex, tmp_path: Path) -> None:
    with pytest.raises(DataFolderBusy, match=r"^process \d+ has the index in .* open; .*$"):
        open_at(tmp_path)
    assert index.sources() == set()


@pytest.mark.parametrize("kind", ["edge", "qdrant"])
def test_another_encoder_is_refused_and_nothing_is_harmed(tmp_path: Path, kind: str) -> None:
    chosen = (
        config.Index(kind="edge")
        if kind == "edge"
        else config.Index(kind="qdrant", url=str(tmp_path / "qdrant"))
    )
    with open_index(chosen, tmp_path, SPACES) as index:
        index.upsert(points("s1"))
    for dimensions, encoder in ((DIMENSIONS, "other"), (DIMENSIONS * 2, "one")):
        with pytest.raises(IncompatibleData, match="embedded anew"):
            open_index(chosen, tmp_path, {TEXT: Space(encoder=encoder, dimensions=dimensions)})
    with open_index(chosen, tmp_path, SPACES) as index:
        assert index.sources() == {"s1"}


def test_a_full_disk_is_noticed_before_a_write(
    index: EdgeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.upsert(points("s1"))
    monkeypatch.setattr("pincite.index.folder.ROOM", 1 << 62)
    with pytest.raises(DiskFull, match="MiB free"):
        index.upsert(points("s2"))
    assert index.sources() == {"s1"}


def test_a_damaged_shard_is_named_with_the_way_out(tmp_path: Path) -> None:
    with open_at(tmp_path) as index:
        index.upsert(points("s1"))
    for path in tmp_path.glob("shard-*/segments/*/segment.json"):
        path.write_text("{", encoding="utf-8")
    with pytest.raises(IncompatibleData, match=r"rm -r .*embedded anew"):
        open_at(tmp_path)


@pytest.mark.parametrize("note", ["made.json", "live.json"])
@pytest.mark.parametrize("text", ["", '{"spaces": {"te', "[1]x"])
def test_a_half_written_note_is_named_with_the_way_out_and_nothing_is_harmed(
    tmp_path: Path, note: str, text: str
) -> None:
    with open_index(config.Index(), tmp_path, SPACES) as index:
        index.upsert(points("s1"))
    whole = (tmp_path / note).read_text(encoding="utf-8")
    (tmp_path / note).write_text(text, encoding="utf-8")
    with pytest.raises(IncompatibleData, match=rf"{note} is damaged; .*embedded anew"):
        open_index(config.Index(), tmp_path, SPACES)
    (tmp_path / note).write_text(whole, encoding="utf-8")
    with open_index(config.Index(), tmp_path, SPACES) as index:
        assert index.sources() == {"s1"}


def test_an_index_of_an_older_version_is_told_apart_and_left_alone(tmp_path: Path) -> None:
    with open_index(config.Index(), tmp_path, SPACES) as index:
        index.upsert(points("s1"))
    note = tmp_path / "made.json"
    now = note.read_text(encoding="utf-8")
    note.write_text(now.replace('"schema_version":2', '"schema_version":1'), encoding="utf-8")
    with pytest.raises(IncompatibleData, match=r"another version of Pincite \(schema 1, not 2\)"):
        open_index(config.Index(), tmp_path, SPACES)
    note.write_text(now, encoding="utf-8")
    with open_index(config.Index(), tmp_path, SPACES) as index:
        assert index.sources() == {"s1"}


async def test_a_rebuild_needs_room_for_a_second_copy(
    index: EdgeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.upsert(points("s1"))
    monkeypatch.setattr("pincite.index.folder.ROOM", shutil.disk_usage("/").total)
    with pytest.raises(DiskFull, match="to rebuild and has"):
        await index.optimize()
    assert index.sources() == {"s1"}


def test_a_journal_without_room_gives_up_the_rebuild_and_not_the_write(tmp_path: Path) -> None:
    def write_into_the_rebuild(step: edge.Step) -> None:
        if step == "optimize":
            index.upsert(points("s2"))

    def no_room(journal: Journal, frame: Frame) -> None:
        raise OSError(28, "No space left on device")

    with (
        pytest.MonkeyPatch.context() as patch,
        EdgeIndex(
            IndexFolder(tmp_path), SPACES, optimize_above=10**9, watch=write_into_the_rebuild
        ) as index,
    ):
        index.upsert(points("s1"))
        patch.setattr(Journal, "append", no_room)
        with pytest.raises(IndexUnavailable, match="ended"):
            asyncio.run(index.optimize())
        assert index.sources() == {"s1", "s2"}
