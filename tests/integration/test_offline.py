"""From weights to a cited answer without any network: proved by the kernel's own counters."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from pincite.answers import Answered, Voice
from pincite.config import LlamaCppChat, Settings
from pincite.events import ASK_EVENT, Finished
from pincite.models.in_use import models_in_use
from pincite.models.store import ModelStore
from serving.service import IngestProgress
from tests.integration.cut_off import ROOT, Ran, run_cut_off

PYTHON = sys.executable
PINCITE = (PYTHON, "-c", "from serving.cli import main; main()")
LIBRARY = ROOT / "samples" / "library"


def plain_environment(home: Path) -> dict[str, str]:
    """Nothing of the user's but the search path: no proxy, no cache, no settings."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PINCITE_DATA_DIR": str(home / "library"),
        "PINCITE_MODELS__DIR": str(home / "models"),
    }


def cut_off(home: Path, *command: str) -> Ran:
    (ran,) = run_cut_off([command], plain_environment(home), timeout_s=560)
    return ran


NATIVE_LOOK_UP = """
import ctypes
found = ctypes.c_void_p()
print(ctypes.CDLL(None).getaddrinfo(b"example.org", b"443", None, ctypes.byref(found)))
"""
NATIVE_CONNECT = """
import ctypes, socket, struct
libc = ctypes.CDLL(None)
handle = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
address = struct.pack("=HH4s8x", socket.AF_INET, socket.htons(443), bytes([192, 0, 2, 1]))
print(libc.connect(handle, address, len(address)))
"""
DATAGRAM = """
import socket
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))
except OSError as exc:
    print(exc)
"""
VERSION_6 = """
import socket
try:
    socket.socket(socket.AF_INET6).connect(("2001:db8::1", 443))
except OSError as exc:
    print(exc)
"""


@pytest.mark.parametrize(
    "program", [NATIVE_LOOK_UP, NATIVE_CONNECT, DATAGRAM, VERSION_6], ids=["name", "4", "udp", "6"]
)
def test_the_wall_counts_an_attempt_of_native_code(tmp_path: Path, program: str) -> None:
    assert cut_off(tmp_path, PYTHON, "-c", program).attempts >= 1


def test_the_wall_counts_an_attempt_of_a_grandchild_that_is_not_python(tmp_path: Path) -> None:
    getent = shutil.which("getent")
    assert getent, "getent comes with the C library"
    script = f"import subprocess; subprocess.run([{getent!r}, 'ahosts', 'example.org'])"
    ran = cut_off(tmp_path, PYTHON, "-c", script)
    assert (ran.code, ran.out) == (0, "")
    assert ran.attempts >= 1


def test_the_wall_lets_loopback_pass_and_counts_nothing(tmp_path: Path) -> None:
    script = """
import socket
for host in ("127.0.0.1", "localhost"):
    with socket.create_server((host, 0)) as server:
        socket.create_connection(server.getsockname()).close()
"""
    ran = cut_off(tmp_path, PYTHON, "-c", script)
    assert (ran.code, ran.attempts) == (0, 0), ran.err


def test_the_wall_cannot_be_passed(tmp_path: Path) -> None:
    script = "import socket; socket.create_connection(('192.0.2.1', 443), timeout=5)"
    ran = cut_off(tmp_path, PYTHON, "-c", script)
    assert "Network is unreachable" in ran.err


READ_UNCONFINED = """
import os, sys
from pathlib import Path
from ingestion.readers.environment import CHILD_ENVIRONMENT
os.environ.update(CHILD_ENVIRONMENT)
from ingestion.media import sniff
from ingestion.readers.registry import reader_for
from pincite.config import ModelStore as StoreSettings, Settings
from pincite.models.store import ModelStore

settings = Settings(models=StoreSettings(dir=Path(sys.argv[2])))
store = ModelStore(settings.models)
for path in sorted(Path(sys.argv[1]).iterdir()):
    reader = reader_for(sniff(path)[0], settings, store)
    for unit in range(1, reader.outline(path).units + 1):
        assert reader.read(path, unit, slow=True).elements, (path.name, unit)
    print(path.name)
"""


@pytest.mark.real
@pytest.mark.timeout(600)
def test_no_reader_tries_to_leave_even_where_nothing_confines_it(
    tmp_path: Path, store: ModelStore
) -> None:
    """A parser child may open no socket at all, which would hide an attempt: here it may."""
    for name in models_in_use(Settings()):
        store.path(name)
    ran = cut_off(tmp_path, PYTHON, "-c", READ_UNCONFINED, str(LIBRARY), str(store.dir))
    assert ran.code == 0, ran.err
    assert set(ran.out.split()) == {path.name for path in LIBRARY.iterdir()}
    assert ran.attempts == 0, ran.err


@pytest.mark.real
@pytest.mark.timeout(900)
def test_from_weights_to_a_cited_answer_nothing_tries_to_leave(
    tmp_path: Path, store: ModelStore
) -> None:
    names = models_in_use(Settings())
    for name in names:
        store.path(name)
    commands = [
        (*PINCITE, "models", "import", str(store.dir), *names),
        (*PINCITE, "ingest", "--json", str(LIBRARY)),
        (*PINCITE, "ask", "--json", "What did Hallam Pumps charge for the motor of the fire pump?"),
        (*PINCITE, "doctor"),
    ]
    done = run_cut_off(commands, plain_environment(tmp_path), timeout_s=840)
    for command, ran in zip(commands, done, strict=False):
        assert ran.code == 0, f"{command[3]}: {ran.out[-2000:]}{ran.err[-2000:]}"
        assert ran.attempts == 0, f"{command[3]} tried to leave: {ran.err[-2000:]}"
    assert {entry.name for entry in tmp_path.iterdir()} == {"library", "models"}, "left elsewhere"
    _, ingested, asked, _ = done
    assert_everything_was_read(ingested.out)
    assert_answered_by_the_real_model(asked.out, store)


def assert_everything_was_read(lines: str) -> None:
    reports = [IngestProgress.model_validate_json(line) for line in lines.splitlines()]
    finished = {each.source.name: each for report in reports for each in report.finished}
    assert {name: each.state for name, each in finished.items()} == {
        path.name: "complete" for path in LIBRARY.iterdir()
    }
    assert len({each.source.medium for each in finished.values()}) >= 5


def assert_answered_by_the_real_model(lines: str, store: ModelStore) -> None:
    last = ASK_EVENT.validate_json(lines.splitlines()[-1])
    assert isinstance(last, Finished)
    answer = last.answer
    assert isinstance(answer, Answered), answer
    assert answer.voice is Voice.SMALL_LOCAL_MODEL
    assert answer.model.sha256 == store.sha256(LlamaCppChat().model)
    assert "2310" in answer.text or "2,310" in answer.text
    assert "refit-costs.xlsx" in {citation.source_name for citation in answer.citations}


THROUGH_LITELLM = """
import asyncio, threading
from tests.contract.test_chat_model import PROMPT, StubServer, through_litellm

async def main():
    with StubServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        async for piece in through_litellm(server).stream(PROMPT, max_tokens=5):
            print(getattr(piece, "text", ""), end="")
        server.shutdown()

asyncio.run(main())
"""


def test_litellm_speaks_to_the_configured_server_and_to_nobody_else(tmp_path: Path) -> None:
    """It would fetch a price list when it is imported, and report each call."""
    ran = cut_off(tmp_path, PYTHON, "-c", THROUGH_LITELLM)
    assert (ran.code, ran.out) == (0, "Paris is the capital."), ran.err
    assert ran.attempts == 0, ran.err
    assert not list(tmp_path.iterdir()), "left something in the user's folder"
