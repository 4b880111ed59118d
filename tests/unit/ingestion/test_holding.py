"""What is held back: poison, what a person stopped, and what another reader read before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest

from ingestion.ledger import Ledger
from ingestion.parser import ParserProcess, ReadResult
from ingestion.pipeline import Ingestor
from ingestion.readers.ports import Outline
from pincite.elements import (
    ContentId,
    ParsedPassage,
    Scope,
    Source,
    SourceId,
    passage_id,
)
from pincite.errors import ParserFailed
from pincite.index.memory import MemoryIndex
from tests.unit.ingestion import fake_readers
from tests.unit.ingestion.library import (
    EVERYTHING,
    LOCAL,
    accepted,
    finished,
    found,
    ingested,
    opened,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def rest(ingestor: Ingestor) -> None:
    async for _ in ingestor.watch(EVERYTHING):
        pass


def parsers_units(ingestor: Ingestor) -> int:
    return ingestor._engine._slots[0].station.parser.units


async def test_a_page_that_fails_under_load_is_read_at_another_try(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a.txt", "page The harbour.", "page The mole.")
    async with opened(data) as ingestor:
        parser = ingestor._engine._slots[0].station.parser
        failures = [ParserFailed("it took longer than 30 seconds"), ParserFailed("and again")]

        def sometimes(
            content: ContentId, original: Path, media_type: str, unit: int, *, slow: bool
        ) -> ReadResult:
            if unit == 1 and failures:
                raise failures.pop()
            return ParserProcess.read(parser, content, original, media_type, unit, slow=slow)

        monkeypatch.setattr(parser, "read", sometimes)
        assert finished(await ingested(ingestor, path))["a.txt"].state == "complete"
        assert failures == []


async def test_offering_poison_again_does_not_try_it_but_letting_it_out_does(
    tmp_path: Path, data: Path
) -> None:
    path = write(tmp_path, "a.txt", "page The harbour.", "crash")
    async with opened(data) as ingestor:
        first = finished(await ingested(ingestor, path))["a.txt"]
        assert (first.state, first.units_failed) == ("incomplete", 1)
        assert not finished(await ingested(ingestor, path))
        assert await ingestor.retry(first.source.id) == 1
        await rest(ingestor)
        units = (await ingestor.status(first.source.id, EVERYTHING)).units
        assert units[1].state == "quarantined"


async def test_a_poisonous_file_costs_a_few_pages_of_time_and_nothing_of_the_others(
    tmp_path: Path, data: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    write(folder, "a.txt", *("crash" for _ in range(60)))
    write(folder, "b.txt", "page The harbour.")
    async with opened(data) as ingestor:
        states = finished(await ingested(ingestor, folder))
        assert (states["a.txt"].state, states["a.txt"].units_failed) == ("failed", 60)
        assert "pincite sources retry" in (states["a.txt"].why or "")
        assert states["b.txt"].state == "complete"


async def test_what_a_person_stops_stays_stopped_until_there_is_another_word(
    tmp_path: Path, data: Path
) -> None:
    path = write(tmp_path, "a.txt", *(f"slowly 0.1 Page {n}." for n in range(30)))
    async with opened(data) as ingestor:
        stopped, last = False, ""
        async for report in ingestor.ingest([path], collection="default", readers=LOCAL):
            if report.units_done >= 3 and not stopped:
                stopped = True
                (status,) = await ingestor.statuses(EVERYTHING)
                await ingestor.stop(status.source)
            last = last or " ".join(one.state for one in report.finished)
        (status,) = await ingestor.statuses(EVERYTHING)
        assert (status.state, 3 <= status.units_done < 30) == ("stopped", True)
        assert status.why == f"stopped; to go on: pincite sources retry {status.source.id}"
        assert last == "stopped"
        assert len(found(ingestor, "page")) >= 3
    async with opened(data) as ingestor:
        assert await ingestor.resume() < 30
        await rest(ingestor)
        (status,) = await ingestor.statuses(EVERYTHING)
        assert status.state == "stopped"
        assert await ingestor.retry(status.source.id) > 0
        await rest(ingestor)
        (status,) = await ingestor.statuses(EVERYTHING)
        assert (status.state, status.units_done) == ("complete", 30)


async def test_offering_what_was_stopped_goes_on_with_it(tmp_path: Path, data: Path) -> None:
    path = write(tmp_path, "a.txt", "page The harbour.")
    async with opened(data) as ingestor:
        (one,) = accepted(await ingested(ingestor, path))
        assert one.source is not None
        ingestor._library.ledger.reopen(one.source)
        ingestor._library.ledger.stop(one.source)
        (status,) = await ingestor.statuses(EVERYTHING)
        assert status.state == "stopped"
        assert finished(await ingested(ingestor, path))["a.txt"].state == "complete"


def as_if_read_earlier(data: Path, *sources: SourceId) -> None:
    """By another version of the reader: all units, and these sources."""
    for name in ("ledger", "texts"):
        with closing(sqlite3.connect(data / f"{name}.sqlite")) as db, db:
            db.execute("UPDATE units SET parser = 'lines-0'")
    with closing(sqlite3.connect(data / "ledger.sqlite")) as db, db:
        for source in sources:
            db.execute("UPDATE sources SET parser = 'lines-0' WHERE id = ?", (source,))


async def test_only_what_another_version_of_the_reader_read_is_read_again(
    tmp_path: Path, data: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    write(folder, "a.txt", "page The harbour.", "page The mole.")
    write(folder, "b.txt", "page The lighthouse.")
    async with opened(data) as ingestor:
        await ingested(ingestor, folder)
        assert parsers_units(ingestor) == 3
        (first,) = [
            one.source for one in await ingestor.statuses(EVERYTHING) if one.source.name == "a.txt"
        ]
        as_if_read_earlier(data, first.id)
        reports = await ingested(ingestor, folder)
        assert set(finished(reports)) == {"a.txt"}
        assert parsers_units(ingestor) == 5
        assert found(ingestor, "harbour") == ["The harbour."]
        await ingested(ingestor, folder)
        assert parsers_units(ingestor) == 5


async def read_with_more(ingestor: Ingestor, data: Path, path: Path) -> Source:
    """A source of three pages of which an earlier version found a page and a passage more."""
    (one,) = accepted(await ingested(ingestor, path))
    source = ingestor._library.texts.source(SourceId(str(one.source)))
    shown = fake_readers.element("The harbour of old.", 1)
    library = ingestor._library
    passage = ParsedPassage(elements=(0,), text=shown.text)
    with library.lock:
        for unit, count in ((2, 2), (4, 1)):
            library.texts.put_unit(
                source.content, "lines-0", unit, [shown] * count, [passage] * count
            )
            stale = library.texts.passages_of(source.id, unit)
            library.index.upsert(library.points([(source, each) for each in stale]))
    as_if_read_earlier(data, source.id)
    return source


@pytest.mark.parametrize("killed", [False, True])
async def test_what_only_an_earlier_version_found_is_found_no_more(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, *, killed: bool
) -> None:
    path = write(tmp_path, "a.txt", *(f"page The harbour {n}." for n in range(3)))
    index = MemoryIndex()
    async with opened(data, index=index) as ingestor:
        source = await read_with_more(ingestor, data, path)
        assert index.count(EVERYTHING) == 3 + 2
        if killed:
            monkeypatch.setattr(Ledger, "cleaned", Mock())  # the end was not reached
        (status,) = finished(await ingested(ingestor, path)).values()
        assert (status.state, status.units_total) == ("complete", 3)
        if killed:
            (passage,) = ingestor._library.texts.passages_of(source.id, 1)
            stale = passage.model_copy(update={"id": passage_id(source.id, 9_999)})
            index.upsert(ingestor._library.points([(source, stale)]))
    monkeypatch.undo()
    async with opened(data, index=index) as ingestor:
        assert index.count(EVERYTHING) == 3
        assert set(ingestor._library.texts.kept_units(source.content)) == {1, 2, 3}
        assert not ingestor._library.ledger.with_leftovers()
        assert not (await ingestor.account(EVERYTHING)).losses
        assert sorted(found(ingestor, "harbour")) == [f"The harbour {n}." for n in range(3)]


async def test_copies_of_a_file_that_is_read_anew_are_indexed_anew(
    tmp_path: Path, data: Path
) -> None:
    path = write(tmp_path, "a.txt", "page The harbour.", "page The mole.")
    async with opened(data) as ingestor:
        bobs = await ingested(ingestor, path, readers=frozenset({"bob"}))
        (copy,) = accepted(bobs)
        mine = await read_with_more(ingestor, data, path)
        as_if_read_earlier(data, SourceId(str(copy.source)), mine.id)
        reports = await ingested(ingestor, path)
        assert {one.source.id for one in finished(reports).values()} == {mine.id}
        await rest(ingestor)
        bob = Scope(principals=frozenset({"bob"}), collections=frozenset())
        assert (await ingestor.statuses(bob))[0].state == "complete"
        assert found(ingestor, "harbour", bob) == ["The harbour."]
        for scope in (bob, EVERYTHING):
            assert ingestor._library.index.count(scope) == 2
            assert not (await ingestor.account(scope)).losses


def test_a_ledger_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(
            """
            CREATE TABLE sources (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
                content TEXT NOT NULL, parser TEXT, units INTEGER, unit_name TEXT, failed TEXT,
                may_heal INTEGER NOT NULL DEFAULT 0, doomed INTEGER NOT NULL DEFAULT 0);
            CREATE TABLE units (source INTEGER NOT NULL, unit INTEGER NOT NULL,
                parser TEXT NOT NULL,
                state TEXT NOT NULL DEFAULT 'pending', slow INTEGER NOT NULL DEFAULT 0, how TEXT,
                confidence REAL, low INTEGER NOT NULL DEFAULT 0, why TEXT, seconds REAL,
                elements INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (source, unit)) WITHOUT ROWID;
            INSERT INTO sources (id, content) VALUES ('a', 'c');
            PRAGMA user_version = 1;
            """
        )
    db.close()
    with Ledger(path) as ledger:
        assert [one.unit for one in ledger.waiting()] == [0]
        ledger.opened(SourceId("a"), "v1", Outline(units=2, unit_name="page"))
        ledger.again(SourceId("a"), 2, 1, "it died")
        assert [one.tries for one in ledger.waiting()] == [0, 1]
        ledger.add(SourceId("b"), ContentId("d"))
        assert ledger.known() == {"a", "b"}
