"""Pages that were lost without a word are found, and nothing else is called lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.unit.ingestion.library import EVERYTHING, ingested, opened


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def test_whatever_the_ledger_says_of_a_page_it_is_accounted_for(
    tmp_path: Path, data: Path
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    write(files, "a.txt", "page One.", "blank", "torn", "crash", "modelless", "scan Two.")
    write(files, "b.txt", "unopenable")
    async with opened(data) as ingestor:
        await ingested(ingestor, files)
        found = await ingestor.account(EVERYTHING)
        assert (found.sources, found.units, found.losses) == (2, 6, ())
        assert found.unopened == ("b.txt",)


async def test_each_kind_of_silent_loss_is_named(tmp_path: Path, data: Path) -> None:
    lines = [f"page Text of page {number}." for number in range(1, 7)]
    async with opened(data) as ingestor:
        await ingested(ingestor, write(tmp_path, "a.txt", *lines))
        with sqlite3.connect(data / "ledger.sqlite") as ledger:
            ledger.execute("DELETE FROM units WHERE unit = 2")
            ledger.execute("UPDATE units SET elements = 9 WHERE unit = 3")
        ledger.close()
        with sqlite3.connect(data / "texts.sqlite") as texts:
            texts.execute("DELETE FROM units WHERE unit = 4")
        texts.close()
        (status,) = await ingestor.statuses(EVERYTHING)
        ingestor._library.index.delete(status.source.id)
        found = await ingestor.account(EVERYTHING)
        assert [(loss.unit, loss.why) for loss in found.losses] == [
            (2, "the ledger does not know it"),
            (3, "9 elements were read, 1 are kept"),
            (4, "1 elements were read, 0 are kept"),
            (0, "4 passages are kept, 0 can be found"),
        ]


async def test_pages_that_were_never_counted_are_named(tmp_path: Path, data: Path) -> None:
    async with opened(data) as ingestor:
        await ingested(ingestor, write(tmp_path, "a.txt", "page One.", "page Two.", "page Three."))
        with sqlite3.connect(data / "ledger.sqlite") as ledger:
            ledger.execute("UPDATE sources SET units = 2")
            ledger.execute("DELETE FROM units WHERE unit = 3")
        ledger.close()
        (status,) = await ingestor.statuses(EVERYTHING)
        assert status.state == "complete"
        found = await ingestor.account(EVERYTHING)
        assert [(loss.unit, loss.why) for loss in found.losses] == [
            (0, "the file has 3 page(s), the ledger 2"),
            (3, "the ledger does not know it"),
        ]
