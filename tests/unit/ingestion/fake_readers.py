"""Readers for tests, chosen by the first word of a text file: they behave as badly as asked to.

A file is a page per line. `page text` gives one element; other first words are listed below.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from ingestion.readers.ports import Later, Outline, Reader, UnitRead
from pincite.config import Settings
from pincite.elements import BlobKey, How, Kind, ParsedElement
from pincite.errors import CorruptSource, MissingModel, TooLarge
from pincite.locators import PageBox
from pincite.models.store import ModelStore


def element(text: str, page: int, crop: str | None = None) -> ParsedElement:
    box = PageBox(left=1, top=1, right=9, bottom=9, page=page, page_width=100, page_height=200)
    return ParsedElement(
        kind=Kind.TEXT,
        text=text,
        locators=(box,),
        how=How.TEXT_LAYER,
        crop=BlobKey(crop) if crop else None,
    )


class LineReader:
    version = "lines-1"

    def outline(self, path: Path) -> Outline:
        lines = path.read_text(encoding="utf-8").splitlines()
        if not lines:
            raise CorruptSource("the file is empty")
        if lines[0] == "unopenable":
            raise CorruptSource("the file is torn")
        return Outline(units=len(lines), unit_name="page")

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead | Later:
        line = path.read_text(encoding="utf-8").splitlines()[unit - 1]
        command, _, rest = line.partition(" ")
        act = getattr(self, f"do_{command}", None)
        if act is not None:
            found = act(rest, unit, slow)
            if found is not None:
                return found
        return self.page(rest, unit)

    def page(self, text: str, unit: int) -> UnitRead:
        return UnitRead(elements=(element(text, unit),), how="text_layer", page_size=(100, 200))

    # what a page may begin with ------------------------------------------------------------------

    def do_scan(self, rest: str, unit: int, slow: bool) -> UnitRead | Later:
        if not slow:
            return Later(why="it has no text of its own")
        return self.page(rest, unit).model_copy(update={"how": "ocr", "confidence": 0.9})

    def do_blurred(self, rest: str, unit: int, slow: bool) -> UnitRead:
        return self.page(rest, unit).model_copy(update={"how": "ocr", "confidence": 0.2})

    def do_blank(self, rest: str, unit: int, slow: bool) -> UnitRead:
        return UnitRead(how="empty")

    def do_named(self, rest: str, unit: int, slow: bool) -> None:
        raise TooLarge(f"{next(Path('../in').iterdir()).name} has 900 pages")

    def do_torn(self, rest: str, unit: int, slow: bool) -> None:
        raise CorruptSource("this page is torn")

    def do_huge(self, rest: str, unit: int, slow: bool) -> None:
        raise TooLarge("the picture has 900 megapixels, the limit is 80")

    def do_modelless(self, rest: str, unit: int, slow: bool) -> None:
        raise MissingModel("speech", "whisper-tiny.en")

    def do_buggy(self, rest: str, unit: int, slow: bool) -> None:
        raise KeyError("no such font\n in this file")

    def do_crash(self, rest: str, unit: int, slow: bool) -> None:
        os.abort()

    def do_crashonce(self, rest: str, unit: int, slow: bool) -> None:
        """`rest` is a file that remembers whether it crashed before."""
        marker = Path(rest)
        if not marker.exists():
            marker.touch()
            os.abort()

    def do_hang(self, rest: str, unit: int, slow: bool) -> None:
        time.sleep(600)

    def do_spin(self, rest: str, unit: int, slow: bool) -> None:
        end = time.monotonic() + 600
        while time.monotonic() < end:
            pass

    def do_slowly(self, rest: str, unit: int, slow: bool) -> None:
        time.sleep(float(rest.split()[0]))

    def do_hungry(self, rest: str, unit: int, slow: bool) -> None:
        held = [bytearray(1 << 20) for _ in range(8192)]
        raise AssertionError(len(held))

    def do_chatty(self, rest: str, unit: int, slow: bool) -> None:
        for line in ("noise on standard output\n" * 100, "b\0\0\0\1x"):
            os.write(1, line.encode())
            os.write(2, line.encode())

    def do_crop(self, rest: str, unit: int, slow: bool) -> UnitRead:
        made = element(rest, unit, "figure.png")
        stolen = element("stolen", unit, "f" * 64 + "/u1-0-figure.png")
        return UnitRead(
            elements=(made, stolen),
            how="text_layer",
            crops={"figure.png": b"png of " + rest.encode()},
        )

    def do_garble(self, rest: str, unit: int, slow: bool) -> None:
        for descriptor in range(3, 30):
            try:
                os.write(descriptor, b"j\0\0\0\4oops")
            except OSError:
                continue

    def do_flood(self, rest: str, unit: int, slow: bool) -> None:
        for descriptor in range(3, 30):
            try:
                os.write(descriptor, b"j\xff\xff\xff\xff")
            except OSError:
                continue

    def do_probe(self, rest: str, unit: int, slow: bool) -> UnitRead:
        """Try what a parser must not do; the text says what worked."""
        return self.page(" ".join(name for name in _PROBES if _works(name, rest)), unit)


def _connect(_: str) -> None:
    socket.create_connection(("127.0.0.1", 9), timeout=1).close()


def _udp(_: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", ("127.0.0.1", 9))


def _read_secret(path: str) -> None:
    Path(path).read_bytes()


def _write_beside(path: str) -> None:
    Path(path).with_name("made").write_text("x", encoding="utf-8")


def _write_original(_: str) -> None:
    original = next(Path("../in").iterdir())
    original.chmod(0o600)
    with original.open("ab") as file:
        file.write(b"x")


def _signal_parent(_: str) -> None:
    os.kill(os.getppid(), 0)


def _peek_parent(_: str) -> None:
    Path(f"/proc/{os.getppid()}/environ").read_bytes()


def _run_program(path: str) -> None:
    subprocess.run(["/bin/cat", path], check=True, capture_output=True)


def _write_scratch(_: str) -> None:
    Path("note").write_text("x", encoding="utf-8")


def _see_environment(_: str) -> None:
    if "PINCITE_TEST_SECRET" not in os.environ:
        raise OSError


_PROBES = {
    "tcp": _connect,
    "udp": _udp,
    "read": _read_secret,
    "write": _write_beside,
    "original": _write_original,
    "signal": _signal_parent,
    "peek": _peek_parent,
    "run": _run_program,
    "environment": _see_environment,
    "scratch": _write_scratch,
}


def _works(name: str, rest: str) -> bool:
    try:
        _PROBES[name](rest)
    except ConnectionRefusedError:
        return True
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def reader_for(media_type: str, settings: Settings, store: ModelStore) -> Reader:
    assert "litellm" not in sys.modules
    return LineReader()
