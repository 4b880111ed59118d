from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingestion.intake import Offer
from pincite.config import Ingestion
from pincite.elements import Kind, Scope, SourceId
from pincite.errors import DiskFull, IndexUnavailable, SetupError, UnknownSource
from pincite.index.memory import MemoryIndex
from pincite.index.ports import Point
from tests.unit.ingestion.library import (
    EVERYTHING,
    LOCAL,
    QUICK,
    accepted,
    bytes_under,
    finished,
    found,
    ingested,
    opened,
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def test_files_are_read_and_found(files: Path, data: Path) -> None:
    write(files, "a.txt", "page The harbour opened.", "page It closed in autumn.")
    write(files, "b.txt", "scan The lighthouse burns.")
    async with opened(data) as ingestor:
        reports = await ingested(ingestor, files)
        assert [one.outcome for one in accepted(reports)] == ["added", "added"]
        assert {name: one.state for name, one in finished(reports).items()} == {
            "a.txt": "complete",
            "b.txt": "complete",
        }
        assert found(ingestor, "harbour") == ["The harbour opened."]
        assert found(ingestor, "lighthouse") == ["The lighthouse burns."]
        coverage = ingestor.coverage(EVERYTHING)
        assert (coverage.pages_read, coverage.pages_total, coverage.complete) == (3, 3, True)
    last = reports[-1]
    assert (last.done, last.units_done, last.units_total, last.eta_s) == (True, 3, 3, 0)


async def test_passages_can_be_filtered_by_kind_language_and_day(files: Path, data: Path) -> None:
    path = write(files, "a.txt", "page The harbour was opened in the spring of that year.")
    moment = datetime(2021, 3, 5, tzinfo=UTC)
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    index = MemoryIndex()
    async with opened(data, index=index) as ingestor:
        await ingested(ingestor, files)
        day = moment.date()
        for scope, count in (
            (Scope(kinds=frozenset({Kind.TEXT})), 1),
            (Scope(kinds=frozenset({Kind.TABLE})), 0),
            (Scope(languages=frozenset({"en"})), 1),
            (Scope(languages=frozenset({"de"})), 0),
            (Scope(dates=(day, day)), 1),
            (Scope(dates=(day + timedelta(1), date.max)), 0),
        ):
            assert index.count(scope) == count, scope


async def test_every_way_a_unit_can_end_is_in_the_ledger(files: Path, data: Path) -> None:
    path = write(
        files,
        "a.txt",
        "page One.",
        "blank",
        "blurred Two.",
        "torn",
        "crash",
        "modelless",
        "huge",
        "scan Three.",
    )
    async with opened(data) as ingestor:
        status = finished(await ingested(ingestor, path))["a.txt"]
        assert (status.state, status.units_total) == ("incomplete", 8)
        assert (status.units_done, status.units_failed) == (4, 4)
        units = (await ingestor.status(status.source.id, EVERYTHING)).units
        assert [(one.state, one.how) for one in units] == [
            ("done", "text_layer"),
            ("done", "empty"),
            ("low_confidence", "ocr"),
            ("failed", None),
            ("quarantined", None),
            ("skipped", None),
            ("failed", None),
            ("done", "ocr"),
        ]
        why = [one.why or "" for one in units]
        assert why[3] == "this page is torn"
        assert "SIGABRT" in why[4]
        assert f"tried 3 times; to try it again: pincite sources retry {status.source.id}" in why[4]
        assert "pincite models pull whisper-tiny.en" in why[5]
        assert found(ingestor, "three") == ["Three."]
        assert not ingestor.coverage(EVERYTHING).complete


async def test_one_bad_file_never_stops_the_rest(files: Path, data: Path) -> None:
    write(files, "a.txt", "unopenable")
    write(files, "b.txt", "crash")
    write(files, "c.txt", "page Still here.")
    (files / "d.txt").touch()
    async with opened(data) as ingestor:
        reports = await ingested(ingestor, files)
        states = {name: (one.state, one.why) for name, one in finished(reports).items()}
        assert states["a.txt"] == ("failed", "the file is torn")
        assert states["b.txt"][0] == "failed"
        assert states["c.txt"] == ("complete", None)
        refused = [one for one in accepted(reports) if one.outcome == "refused"]
        assert [(one.name, one.why) for one in refused] == [("d.txt", "d.txt is empty")]


async def test_the_same_file_twice_is_no_work(files: Path, data: Path) -> None:
    path = write(files, "a.txt", "page One.")
    async with opened(data) as ingestor:
        (first,) = accepted(await ingested(ingestor, path))
        reports = await ingested(ingestor, path, files)
        assert [one.outcome for one in accepted(reports)] == ["already_there"] * 2
        assert {one.source for one in accepted(reports)} == {first.source}
        assert not finished(reports)
        assert len(await ingestor.statuses(EVERYTHING)) == 1


async def test_offering_a_file_again_tries_again_what_failed(files: Path, data: Path) -> None:
    path = write(files, "a.txt", "page One.", "torn")
    async with opened(data) as ingestor:
        first = finished(await ingested(ingestor, path))["a.txt"]
        again = finished(await ingested(ingestor, path))["a.txt"]
        assert (first.state, again.state) == ("incomplete", "incomplete")
        assert first.source.id == again.source.id


async def test_the_same_bytes_are_parsed_once(files: Path, data: Path) -> None:
    path = write(files, "a.txt", "page One.", "slowly 0.4 Two.")
    async with opened(data) as ingestor:
        await ingested(ingestor, path)
        units_before = ingestor._engine._slots[0].station.parser.units
        await ingested(ingestor, path, collection="other")
        assert ingestor._engine._slots[0].station.parser.units == units_before
        only = Scope(collections=frozenset({"other"}))
        assert set(found(ingestor, "one two", only)) == {"0.4 Two.", "One."}
        (status,) = await ingestor.statuses(only)
        assert status.state == "complete"


async def test_other_bytes_from_the_same_place_replace_the_old_version(
    files: Path, data: Path
) -> None:
    path = write(files, "a.txt", "page The old harbour.")
    async with opened(data) as ingestor:
        (old,) = accepted(await ingested(ingestor, path))
        write(files, "a.txt", "page The new harbour.")
        (new,) = accepted(await ingested(ingestor, path))
        (status,) = await ingestor.statuses(EVERYTHING)
        assert (status.source.id, status.source.version) == (new.source, 2)
        assert found(ingestor, "harbour") == ["The new harbour."]
        assert old.source is not None
        assert ingestor._library.texts.source(old.source).version == 1
        assert new.source is not None
        await ingestor.delete(new.source, now=False)
        with pytest.raises(UnknownSource):
            ingestor._library.texts.source(old.source)


async def test_two_uploads_that_share_only_a_name_do_not_replace_each_other(
    files: Path, data: Path
) -> None:
    async with opened(data) as ingestor:
        for text in ("page The old harbour.", "page The new harbour."):
            offer = Offer(path=write(files, "upload", text), name="scan.txt", origin="scan.txt")
            await ingestor.add([offer], collection="default", readers=LOCAL)
        async for _ in ingestor.watch(EVERYTHING):
            pass
        assert len(found(ingestor, "harbour")) == 2
        assert [one.source.version for one in await ingestor.statuses(EVERYTHING)] == [1, 1]


async def test_a_new_version_that_cannot_be_read_replaces_nothing(files: Path, data: Path) -> None:
    path = write(files, "a.txt", "page The old harbour.")
    async with opened(data) as ingestor:
        await ingested(ingestor, path)
        write(files, "a.txt", "unopenable")
        await ingested(ingestor, path)
        assert found(ingestor, "harbour") == ["The old harbour."]
        assert len(await ingestor.statuses(EVERYTHING)) == 2


async def test_a_copy_survives_the_change_of_what_it_was_copied_from(
    files: Path, data: Path
) -> None:
    write(files, "a.txt", "page The old harbour.")
    write(files, "copy.txt", "page The old harbour.")
    async with opened(data) as ingestor:
        await ingested(ingestor, files)
        write(files, "a.txt", "page The new harbour.")
        await ingested(ingestor, files)
        assert sorted(found(ingestor, "harbour")) == ["The new harbour.", "The old harbour."]
        write(files, "copy.txt", "page The newest harbour.")
        await ingested(ingestor, files)
        assert sorted(found(ingestor, "harbour")) == ["The new harbour.", "The newest harbour."]


async def test_a_file_and_its_copy_may_both_change(files: Path, data: Path) -> None:
    for name in ("a.txt", "copy.txt"):
        write(files, name, "page The old harbour.")
    async with opened(data) as ingestor:
        await ingested(ingestor, files)
        write(files, "copy.txt", "page The newest harbour.")
        await ingested(ingestor, files / "copy.txt")
        write(files, "a.txt", "page The new harbour.")
        await ingested(ingestor, files / "a.txt")
        assert sorted(found(ingestor, "harbour")) == ["The new harbour.", "The newest harbour."]


async def test_closing_the_generator_interrupts_and_the_next_start_goes_on(
    files: Path, data: Path
) -> None:
    path = write(files, "a.txt", *(f"slowly 0.1 Page {n}." for n in range(30)))
    index = MemoryIndex()
    async with opened(data, index=index) as ingestor:
        reports = ingestor.ingest([path], collection="default", readers=LOCAL)
        async with aclosing(reports):
            async for report in reports:
                if report.units_done >= 3:
                    break
        (status,) = await ingestor.statuses(EVERYTHING)
        assert status.state == "reading"
    async with opened(data, index=index) as ingestor:
        (status,) = await ingestor.statuses(EVERYTHING)
        done_before = status.units_done
        assert 3 <= done_before < 30
        assert await ingestor.resume() == 30 - done_before
        last = [report async for report in ingestor.watch(EVERYTHING)][-1]
        assert (last.done, last.units_done, last.units_total) == (True, 30, 30)
        assert len(found(ingestor, "page")) == 20
        assert index.count(EVERYTHING) == 30


async def test_whoever_watches_is_not_left_waiting_when_all_is_closed(
    files: Path, data: Path
) -> None:
    path = write(files, "a.txt", *(f"slowly 0.1 Page {n}." for n in range(30)))
    async with opened(data) as ingestor:
        reading = asyncio.create_task(ingested(ingestor, path))
        await asyncio.sleep(1)
        await ingestor.aclose()
        await ingestor.aclose()
        reports = await reading
        assert not finished(reports)
        (status,) = await ingestor.statuses(EVERYTHING)
        assert status.state in {"reading", "pending"}
        assert all(
            one.state != "reading"
            for one in (await ingestor.status(status.source.id, EVERYTHING)).units
        )


async def test_an_index_that_was_lost_is_made_again_without_reading_again(
    files: Path, data: Path
) -> None:
    path = write(files, "a.txt", "page The harbour.")
    async with opened(data) as ingestor:
        await ingested(ingestor, path)
    async with opened(data) as ingestor:
        assert await ingestor.resume() == 1
        async for _ in ingestor.watch(EVERYTHING):
            pass
        assert found(ingestor, "harbour") == ["The harbour."]
        assert ingestor._engine._slots[0].station.parser.units == 0


async def test_what_somebody_has_open_is_read_first(files: Path, data: Path) -> None:
    write(files, "a.txt", *("slowly 0.05 Slow." for _ in range(20)))
    write(files, "b.txt", *("slowly 0.05 Quick." for _ in range(3)))
    async with opened(data) as ingestor:
        order: list[str] = []
        async for report in ingestor.ingest([files], collection="default", readers=LOCAL):
            for one in report.accepted:
                if one.name == "b.txt" and one.source:
                    ingestor.prioritise(one.source)
            order += [one.source.name for one in report.finished]
        assert order == ["b.txt", "a.txt"]


async def test_a_watcher_hears_only_of_what_the_scope_admits(files: Path, data: Path) -> None:
    write(files, "alices.txt", "slowly 0.3 Hers.", "page More.")
    write(files, "bobs.txt", "slowly 0.3 His.")
    async with opened(data) as ingestor:

        async def offer(name: str, reader: str) -> None:
            offer = Offer(path=files / name, name=name, origin=name)
            await ingestor.add([offer], collection="default", readers=frozenset({reader}))

        await offer("alices.txt", "alice")
        await offer("bobs.txt", "bob")
        bob = Scope(principals=frozenset({"bob"}))
        reports = [report async for report in ingestor.watch(bob)]
        assert set(finished(reports)) == {"bobs.txt"}
        assert {report.units_total for report in reports} <= {0, 1}
        assert all("alices" not in report.now for report in reports)


async def test_a_full_disk_ends_ingestion_in_one_sentence_and_harms_nothing(
    files: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(data) as ingestor:
        await ingested(ingestor, write(files, "a.txt", "page The harbour."))

        def full(*_: object) -> None:
            raise DiskFull("no space left for texts.sqlite; free some and run the command again")

        with monkeypatch.context() as patched:
            patched.setattr(ingestor._library.texts, "put_unit", full)
            path = write(files, "b.txt", "page The lighthouse.")
            with pytest.raises(DiskFull, match="no space left"):
                await ingested(ingestor, path)
        assert found(ingestor, "harbour") == ["The harbour."]
        await ingestor.resume()
        async for _ in ingestor.watch(EVERYTHING):
            pass
        assert found(ingestor, "lighthouse") == ["The lighthouse."]
        monkeypatch.setattr(ingestor._library.ledger, "release", full)


async def test_a_scratch_folder_that_is_gone_harms_nothing_and_what_waits_is_read_later(
    files: Path, data: Path
) -> None:
    scratch = data / "scratch"
    async with opened(data) as ingestor:
        scratch.rmdir()
        scratch.touch()
        first = write(files, "a.txt", "page The harbour.", "page The mole.")
        with pytest.raises(SetupError, match="no parser can be started"):
            await ingested(ingestor, first)
        scratch.unlink()
        await ingested(ingestor, write(files, "b.txt", "page The lighthouse."))
        async for _ in ingestor.watch(EVERYTHING):
            pass
        assert found(ingestor, "harbour") == ["The harbour."]
        assert {one.state for one in await ingestor.statuses(EVERYTHING)} == {"complete"}


async def test_an_index_that_does_not_answer_for_a_moment_costs_nothing(
    files: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = MemoryIndex()
    upsert, failures = index.upsert, [IndexUnavailable("away"), IndexUnavailable("away")]

    def sometimes(points: Sequence[Point]) -> None:
        if failures:
            raise failures.pop()
        upsert(points)

    monkeypatch.setattr(index, "upsert", sometimes)
    monkeypatch.setattr("ingestion.engine._RETRY_S", (0.01, 0.01))
    async with opened(data, index=index) as ingestor:
        await ingested(ingestor, write(files, "a.txt", "page The harbour."))
        assert found(ingestor, "harbour") == ["The harbour."]


async def test_an_installation_in_which_nothing_can_be_read_says_so(
    files: Path, data: Path
) -> None:
    async with opened(data) as ingestor:
        for slot in ingestor._engine._slots:
            slot.station.parser._registry = "no_such_module"
        with pytest.raises(SetupError, match="pincite doctor"):
            await ingested(ingestor, write(files, "a.txt", "page The harbour."))
        (status,) = await ingestor.statuses(EVERYTHING)
        assert status.state == "pending"


async def test_a_file_with_too_many_pages_is_refused_in_one_sentence(
    files: Path, data: Path
) -> None:
    path = write(files, "a.txt", *("page x" for _ in range(30)))
    settings = QUICK.model_copy(update={"max_pages": 20})
    async with opened(data, settings=settings) as ingestor:
        status = finished(await ingested(ingestor, path))["a.txt"]
        assert status.state == "failed"
        assert status.why == (
            "it has 30 pages, more than the limit of 20 (setting ingestion.max_pages)"
        )


async def test_several_workers_read_many_files_and_lose_nothing(files: Path, data: Path) -> None:
    for n in range(12):
        end = "crash" if n == 5 else "torn"
        write(files, f"{n}.txt", *(f"page File {n} page {m}." for m in range(8)), end)
    async with opened(data, settings=Ingestion(workers=3, unit_memory_mib=512)) as ingestor:
        reports = await ingested(ingestor, files)
        states = finished(reports).values()
        assert len(states) == 12
        assert {(one.units_done, one.units_failed) for one in states} == {(8, 1)}
        assert ingestor._library.index.count(EVERYTHING) == 96


async def test_a_source_outside_the_scope_has_no_status(files: Path, data: Path) -> None:
    async with opened(data) as ingestor:
        (one,) = accepted(await ingested(ingestor, write(files, "a.txt", "page x")))
        with pytest.raises(UnknownSource):
            await ingestor.status(one.source or SourceId(""), Scope(principals=frozenset({"bob"})))


async def test_deleting_while_it_is_read_works(files: Path, data: Path) -> None:
    path = write(files, "a.txt", *(f"slowly 0.1 zqxj {n}." for n in range(50)))
    async with opened(data) as ingestor:
        deleted = False
        async for report in ingestor.ingest([path], collection="default", readers=LOCAL):
            if report.units_done and not deleted:
                deleted = True
                (status,) = await ingestor.statuses(EVERYTHING)
                await ingestor.delete(status.source.id, now=True)
        assert deleted
        assert await ingestor.statuses(EVERYTHING) == []
        assert ingestor._library.index.count(EVERYTHING) == 0
        assert b"zqxj" not in bytes_under(data)
