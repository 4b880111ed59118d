"""Each protection by itself, in a process of its own because none can be taken back."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion import landlock

ROOT = Path(__file__).resolve().parents[3]


def run(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


FILTER = """
import os, socket
from ingestion import seccomp
seccomp.refuse_sockets()
pair = socket.socketpair()
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    try:
        socket.socket(family)
    except PermissionError:
        print("refused", flush=True)
if os.fork() == 0:
    try:
        socket.socket()
    except PermissionError:
        print("refused in a child", flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(platform.machine() not in {"x86_64", "aarch64"}, reason="no filter written")
def test_the_filter_alone_refuses_new_sockets_also_to_children() -> None:
    said = run(FILTER).splitlines()
    assert sorted(said) == ["refused", "refused", "refused", "refused in a child"]


FENCE = """
import sys
from pathlib import Path
from ingestion import landlock
folder = Path(sys.argv[1])
landlock.restrict(readable=[folder / "read", folder / "none", folder / "file"],
                  listable=[folder], writable=[folder / "write"])
def works(what):
    try:
        what()
    except OSError:
        return False
    return True
for name, what in {
    "read": lambda: (folder / "read" / "a").read_bytes(),
    "file": lambda: (folder / "file").read_bytes(),
    "list": lambda: list((folder / "secret").iterdir()),
    "write": lambda: (folder / "write" / "new").write_text("x"),
    "rewrite": lambda: (folder / "read" / "a").write_text("x"),
    "append": lambda: (folder / "file").open("a").write("x"),
    "secret": lambda: (folder / "secret" / "a").read_bytes(),
    "remove": lambda: (folder / "read" / "a").unlink(),
    "link": lambda: (folder / "write" / "link").hardlink_to(folder / "secret" / "a"),
    "make": lambda: (folder / "new").write_text("x"),
}.items():
    if works(what):
        print(name)
"""


@pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
def test_the_fence_alone_leaves_only_what_was_named(tmp_path: Path) -> None:
    for name in ("read", "write", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_text("a", encoding="utf-8")
    (tmp_path / "file").write_text("a", encoding="utf-8")
    assert run(FENCE, str(tmp_path)).split() == ["read", "file", "list", "write"]


MEMORY = """
import resource
from ingestion.sandbox import allow_memory
allow_memory(64)
kept = bytearray(32 << 20)
try:
    bytearray(64 << 20)
except MemoryError:
    print("refused")
allow_memory(128)
more = bytearray(64 << 20)
print("allowed")
"""


def test_a_unit_may_add_so_much_memory_and_the_next_as_much_again() -> None:
    assert run(MEMORY).split() == ["refused", "allowed"]
