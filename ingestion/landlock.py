"""Landlock: the kernel lets this process reach only the named parts of the file system.

Unprivileged, irrevocable, inherited by children. In kernels from 5.13; what a newer kernel adds
(truncation, signals to other processes) is used where it is there.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_NO_NEW_PRIVILEGES = 38
_PATH_BENEATH = 1
_ASK_VERSION = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = (1 << bit for bit in range(4))
_DEVICES_AND_SOCKETS = 1 << 6 | 1 << 9 | 1 << 11
_TRUNCATE = 1 << 14
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All rights by the version that brought the last of them."""
_SCOPES = 0b11
"""No abstract sockets and no signals to processes outside; from version 6."""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_fs", ctypes.c_uint64),
        ("handled_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Of the kernel's Landlock; 0 where there is none."""
    return max(_libc.syscall(_CREATE, None, 0, _ASK_VERSION), 0)


def restrict(
    *, readable: Iterable[Path], listable: Iterable[Path], writable: Iterable[Path]
) -> None:
    """Give up everything else, for good. Paths that do not exist are passed over.

    `listable` folders show their names and those below, but no content.

    Raises:
        OSError: the kernel would not; nothing was given up.
    """
    known = version()
    rights = _RIGHTS[max((each for each in _RIGHTS if each <= known), default=1)]
    ruleset = _Ruleset(rights, 0, _SCOPES if known >= 6 else 0)
    handle = _checked(_libc.syscall(_CREATE, ctypes.byref(ruleset), _size(known), 0))
    try:
        for path in readable:
            _allow(handle, path, _EXECUTE | _READ_FILE | _READ_DIR)
        for path in listable:
            _allow(handle, path, _READ_DIR)
        for path in writable:
            _allow(handle, path, rights & ~_EXECUTE & ~_DEVICES_AND_SOCKETS)
        _checked(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _checked(_libc.syscall(_RESTRICT, handle, 0))
    finally:
        os.close(handle)


def _size(known: int) -> int:
    """How much of the structure a kernel knows."""
    return 24 if known >= 6 else 16 if known >= 4 else 8


def _allow(handle: int, path: Path, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = _Beneath(rights if path.is_dir() else rights & _OF_FILES, folder)
        _checked(_libc.syscall(_ADD_RULE, handle, _PATH_BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(folder)


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
