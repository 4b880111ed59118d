from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from ingestion.lending import ParserCannotStart
from ingestion.messages import ParserSettings
from ingestion.parser import ParserProcess
from ingestion.readers.ports import Later, UnitRead
from pincite.config import Ingestion
from pincite.elements import ContentId
from pincite.errors import CorruptSource, DiskFull, ParserFailed, SetupError, TooLarge

FAKES = "tests.unit.ingestion.fake_readers"
ROOT = Path(__file__).resolve().parents[3]

Read = Callable[..., UnitRead | Later]


@pytest.fixture
def parser(tmp_path: Path) -> Generator[ParserProcess, None, None]:
    settings = ParserSettings(ingestion=Ingestion(unit_seconds=20, unit_memory_mib=256))
    one = ParserProcess(tmp_path / "scratch", settings, registry=FAKES, readable=(ROOT / "tests",))
    yield one
    one.stop()


@pytest.fixture
def read(parser: ParserProcess, tmp_path: Path) -> Read:
    def read_lines(*lines: str, unit: int = 1, slow: bool = False) -> UnitRead | Later:
        text = "\n".join(lines).encode()
        original = tmp_path / "original"
        original.write_bytes(text)
        content = ContentId(hashlib.sha256(text).hexdigest())
        return parser.read(content, original, "text/plain", unit, slow=slow).read

    return read_lines


def text(found: UnitRead | Later) -> str:
    assert isinstance(found, UnitRead)
    return " ".join(element.text for element in found.elements)


def test_a_child_opens_a_file_and_reads_its_units(
    parser: ParserProcess, read: Read, tmp_path: Path
) -> None:
    assert text(read("page one", "page two", unit=2)) == "two"
    original = tmp_path / "original"
    opened = parser.open(ContentId("a" * 64), original, "text/plain")
    assert (opened.parser, opened.outline.units) == ("lines-1", 2)


def test_one_child_serves_many_units(parser: ParserProcess, read: Read) -> None:
    read("page one")
    first = parser.pid
    read("page two")
    assert (parser.pid, parser.units) == (first, 2)


def test_a_unit_without_text_of_its_own_waits_for_the_slow_pass(read: Read) -> None:
    assert isinstance(read("scan words"), Later)
    assert text(read("scan words", slow=True)) == "words"


@pytest.mark.parametrize(
    ("line", "error", "message"),
    [
        ("torn", CorruptSource, "this page is torn"),
        ("huge", TooLarge, "900 megapixels"),
        ("named", TooLarge, "^the file has 900 pages$"),
        ("modelless", SetupError, "pincite models pull whisper-tiny.en"),
        ("buggy", CorruptSource, "the reader failed on it \\(KeyError: 'no such font"),
    ],
)
def test_what_a_reader_raises_arrives_as_it_was_and_the_child_lives_on(
    parser: ParserProcess, read: Read, line: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        read(line)
    child = parser.pid
    assert text(read("page again")) == "again"
    assert parser.pid == child


def test_a_crash_costs_one_unit_and_the_next_gets_a_new_child(
    parser: ParserProcess, read: Read
) -> None:
    with pytest.raises(ParserFailed, match="SIGABRT"):
        read("crash")
    assert not parser.alive
    assert text(read("page again")) == "again"


@pytest.mark.parametrize("line", ["hang", "spin"])
def test_a_unit_that_never_ends_is_ended(parser: ParserProcess, tmp_path: Path, line: str) -> None:
    parser._settings = ParserSettings(ingestion=Ingestion(unit_seconds=0.5))
    original = tmp_path / "o"
    original.write_text(line, encoding="utf-8")
    began = time.monotonic()
    with pytest.raises(ParserFailed, match=r"longer than 0\.5 seconds"):
        parser.read(ContentId("a" * 64), original, "text/plain", 1, slow=False)
    assert time.monotonic() - began < 10
    assert not parser.alive


def test_a_unit_that_wants_too_much_memory_does_not_get_it(read: Read) -> None:
    with pytest.raises(TooLarge, match="more than 256 MiB"):
        read("hungry")
    assert text(read("page again")) == "again"


def test_noise_on_the_standard_streams_disturbs_nothing(read: Read) -> None:
    assert text(read("chatty words")) == "words"


@pytest.mark.parametrize("line", ["garble", "flood"])
def test_a_child_that_talks_nonsense_is_ended(parser: ParserProcess, read: Read, line: str) -> None:
    with pytest.raises(ParserFailed):
        read(line)
    assert not parser.alive


def test_crops_get_keys_of_ours_and_no_child_can_name_the_blob_of_another(read: Read) -> None:
    found = read("crop drawing")
    assert isinstance(found, UnitRead)
    made, stolen = found.elements
    (key,) = found.crops
    content = hashlib.sha256(b"crop drawing").hexdigest()
    assert made.crop == key == f"{content}/u1-0-figure.png"
    assert found.crops[key] == b"png of drawing"
    assert stolen.crop is None


def test_a_parser_can_reach_nothing_but_its_file_and_its_scratch(
    parser: ParserProcess, read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_TEST_SECRET", "1")
    secret = tmp_path / "texts.sqlite"
    secret.write_text("secret", encoding="utf-8")
    held = {one.name for one in parser.start() if one.held}
    worked = set(text(read(f"probe {secret}")).split())
    assert "environment" not in worked
    assert "scratch" in worked
    if any("network" in name for name in held) or any("sockets" in name for name in held):
        assert not worked & {"tcp", "udp"}
    if any("file system" in name for name in held):
        assert not worked & {"read", "write", "original", "run"}
    if any("other processes" in name for name in held):
        assert "peek" not in worked


def test_a_parser_leaves_nothing_on_the_disk(
    parser: ParserProcess, read: Read, tmp_path: Path
) -> None:
    read("page one")
    assert list((tmp_path / "scratch").rglob("*"))
    parser.stop()
    assert not list((tmp_path / "scratch").iterdir())


def test_a_file_that_is_gone_is_said_to_be_gone(parser: ParserProcess, tmp_path: Path) -> None:
    with pytest.raises(CorruptSource, match="not in the data folder any more"):
        parser.read(ContentId("a" * 64), tmp_path / "gone", "text/plain", 1, slow=False)


def test_a_child_that_cannot_start_says_what_it_lacks(tmp_path: Path) -> None:
    parser = ParserProcess(tmp_path, ParserSettings(), registry="no_such_module")
    with pytest.raises(SetupError, match=r"parser process failed.*no_such_module.*pincite doctor"):
        parser.start()


def test_a_scratch_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.touch()
    with pytest.raises(ParserCannotStart, match=r"no parser can be started.*pincite doctor"):
        ParserProcess(scratch, ParserSettings(), registry=FAKES).start()


def test_a_disk_that_is_full_when_a_child_starts_is_called_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    parser = ParserProcess(tmp_path / "scratch", ParserSettings(), registry=FAKES)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", full)
        with pytest.raises(DiskFull, match="no space left"):
            parser.start()
    assert not (tmp_path / "scratch").exists()


def test_a_file_is_copied_where_it_cannot_be_linked_and_a_full_disk_is_no_fault_of_it(
    parser: ParserProcess, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", refuse)
    assert text(read("page one")) == "one"
    with monkeypatch.context() as patched:
        patched.setattr("ingestion.lending.shutil.copyfile", full)
        with pytest.raises(DiskFull):
            read("page one")
    assert text(read("page one")) == "one"


ORPHAN = """
import os, sys, time
from pathlib import Path
from ingestion.messages import ParserSettings
from ingestion.parser import ParserProcess
parser = ParserProcess(Path(sys.argv[1]), ParserSettings(),
                       registry="tests.unit.ingestion.fake_readers",
                       readable=(Path.cwd() / "tests",))
parser.start()
print(parser.pid, flush=True)
time.sleep(600)
"""


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    with parent.stdout as said:
        child = int(said.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    give_up = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
