"""From weights to a cited answer without any network: proved by the kernel's own counters."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.integration.cut_off import Ran, run_cut_off

PYTHON = sys.executable


def plain_environment(home: Path) -> dict[str, str]:
    """Nothing of the user's but the search path: no proxy, no cache, no settings."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}


def cut_off(home: Path, *command: str) -> Ran:
    (ran,) = run_cut_off([command], plain_environment(home), timeout_s=60)
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
