from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from ingestion.messages import ParserSettings
from ingestion.parser import ParserProcess
from ingestion.sample import Looked, Sample, Sampler
from pincite.config import Ingestion
from tests.unit.ingestion.library import FAKES, QUICK, ROOT


@pytest.fixture
def sampler(tmp_path: Path) -> Generator[Sampler, None, None]:
    parser = ParserProcess(
        tmp_path / "scratch",
        ParserSettings(ingestion=QUICK),
        registry=FAKES,
        readable=(ROOT / "tests",),
    )
    yield Sampler(parser, Ingestion(workers=1))
    parser.stop()


def look(sampler: Sampler, folder: Path, number: int) -> tuple[list[Looked], Sample]:
    found = list(sampler.look([folder], number))
    last = found.pop()
    assert isinstance(last, Sample)
    looked = [one for one in found if isinstance(one, Looked)]
    assert tuple(looked) == last.looked
    return looked, last


def files(folder: Path, number: int, pages: int) -> Path:
    folder.mkdir()
    for n in range(number):
        lines = "\n".join("slowly 0.1 Text." for _ in range(pages))
        (folder / f"{n}.txt").write_text(lines + "\n", encoding="utf-8")
    return folder


def test_a_few_files_tell_about_all_of_them(sampler: Sampler, tmp_path: Path) -> None:
    folder = files(tmp_path / "files", 30, pages=4)
    (folder / "x.zip").write_bytes(b"PK\x03\x04rest")
    looked, sample = look(sampler, folder, 5)
    assert len({one.name for one in looked}) == 5
    assert sample.files == {"text": 30}
    assert sample.units == 120
    assert 12 <= sample.seconds < 40
    assert [one.name for one in sample.refused] == ["x.zip"]
    assert looked == look(sampler, folder, 5)[0] or len(looked) == 5


def test_of_few_files_several_pages_are_looked_at(sampler: Sampler, tmp_path: Path) -> None:
    looked, _ = look(sampler, files(tmp_path / "files", 2, pages=9), 6)
    assert len(looked) == 6
    assert len({(one.name, one.unit) for one in looked}) == 6


def test_what_cannot_be_read_is_said(sampler: Sampler, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, line in (("a", "unopenable"), ("b", "crash"), ("c", "scan Two."), ("d", "torn")):
        (folder / f"{name}.txt").write_text(line, encoding="utf-8")
    looked = {one.name[0]: one for one in look(sampler, folder, 4)[0]}
    assert looked["a"].why == "the file is torn"
    assert "SIGABRT" in (looked["b"].why or "")
    assert (looked["c"].how, looked["c"].confidence) == ("ocr", 0.9)
    assert looked["d"].why == "this page is torn"


def test_nothing_to_look_at_is_no_mistake(sampler: Sampler, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    assert look(sampler, tmp_path / "files", 5)[1] == Sample(looked=(), files={})
