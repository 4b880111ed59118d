"""A system-call filter: no new sockets, and no look into other processes. Irrevocable."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from typing import NamedTuple

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _KILL_PROCESS, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001
"""`_REFUSE` makes the call fail with EPERM."""
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_FOREIGN_CALLS = 0x40000000
"""Numbers from here on are the 32-bit calls of a 64-bit kernel, which could go round the filter."""


class _Machine(NamedTuple):
    audit: int
    refused: tuple[int, ...]
    """socket, ptrace, process_vm_readv, process_vm_writev, io_uring_setup."""


_MACHINES = {
    "x86_64": _Machine(0xC000003E, (41, 101, 310, 311, 425)),
    "aarch64": _Machine(0xC00000B7, (198, 117, 270, 271, 425)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def refuse_sockets() -> None:
    """Install the filter for this process and all it starts.

    Must be called before a second thread exists.

    Raises:
        OSError: the kernel, or the kind of machine, does not allow it; nothing changed.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(f"no filter is written for {platform.machine()}")
    instructions = b"".join(_instructions(machine))
    program = _Program(len(instructions) // 8, instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(
        _SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0
    ):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _instructions(machine: _Machine) -> list[bytes]:
    """Load the machine, then the call's number; jumps count the instructions they skip."""
    count = len(machine.refused)
    tests = [
        _instruction(_EQUAL, number, jump_true=count - at)
        for at, number in enumerate(machine.refused)
    ]
    return [
        _instruction(_LOAD, 4),
        _instruction(_EQUAL, machine.audit, jump_true=1),
        _instruction(_RETURN, _KILL_PROCESS),
        _instruction(_LOAD, 0),
        _instruction(_AT_LEAST, _FOREIGN_CALLS, jump_true=count + 1),
        *tests,
        _instruction(_RETURN, _ALLOW),
        _instruction(_RETURN, _REFUSE),
    ]


def _instruction(code: int, value: int, *, jump_true: int = 0) -> bytes:
    return struct.pack("=HBBI", code, jump_true, 0, value)
