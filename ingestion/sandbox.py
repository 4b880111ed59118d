"""What a parser child may do: nothing but compute, read its one file, and answer.

`confine` runs in the child before it reads anything that came from outside. Each protection that
the machine does not allow is named in the report, which `pincite doctor` shows.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ingestion import landlock, seccomp
from pincite.values import Value

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_DIE_WITH_PARENT = 1
_MIB = 1024 * 1024
_ROOM_FOR_LIBRARIES_MIB = 3072
_NICE = 3
"""Questions come before reading."""
_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/nix/store",
    "/gnu/store",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/fonts",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system",
    "/dev/null",
    "/dev/urandom",
)


class Protection(Value):
    """One thing a parser is kept from."""

    name: str
    held: bool
    detail: str
    """How, or why not."""


class Confinement(Value):
    """What `confine` is to do."""

    parent: int
    """Process id; when it is gone, so is the child."""
    readable: tuple[Path, ...]
    """Files and folders beside the interpreter and its libraries."""
    scratch: Path
    """The only folder it may write to."""
    memory_mib: int
    """What one unit may add."""


def confine(wanted: Confinement) -> tuple[Protection, ...]:
    """Give up all rights that parsing does not need; must run while there is one thread.

    Raises:
        ProcessLookupError: the parent is already gone.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != wanted.parent:
        raise ProcessLookupError("the process that wanted this parser is gone")
    return (
        _tried("limits on memory, files and core dumps", lambda: _limit(wanted.memory_mib)),
        _tried("behind everything else for processor and memory", _volunteer),
        _tried("a network of its own without any interface", _leave_network),
        _tried("a file system of which it sees only its part", lambda: _fence(wanted)),
        _tried("no sockets and no look into other processes", _filter),
    )


def _tried(name: str, step: Callable[[], str]) -> Protection:
    try:
        return Protection(name=name, held=True, detail=step())
    except OSError as exc:
        return Protection(name=name, held=False, detail=exc.strerror or str(exc))


def _limit(memory_mib: int) -> str:
    most = (memory_mib + _ROOM_FOR_LIBRARIES_MIB) * _MIB
    for what, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_FSIZE, 256 * _MIB),
        (resource.RLIMIT_DATA, most),
    ):
        _, hard = resource.getrlimit(what)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (limit, limit))
    return f"at most {most // _MIB} MiB, of which one unit may add {memory_mib}"


def allow_memory(memory_mib: int) -> None:
    """Let this process add so much private memory to what it has now, and no more."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = pages * resource.getpagesize() + memory_mib * _MIB
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _volunteer() -> str:
    os.nice(_NICE)
    Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")
    return "priority lowered, out-of-memory score raised"


def _leave_network() -> str:
    """Through a user namespace of its own, which needs no rights where the kernel allows it."""
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | _NEW_NETWORK):
        code = ctypes.get_errno()
        raise OSError(code, f"unshare: {os.strerror(code)}; the filter on sockets stands in")
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    return "namespaces of user and network"


def _fence(wanted: Confinement) -> str:
    version = landlock.version()
    if not version:
        raise OSError("this kernel has no Landlock")
    ours, libraries = _code()
    landlock.restrict(
        readable=[*libraries, *(Path(path) for path in _SYSTEM), *wanted.readable],
        listable=ours,
        writable=[wanted.scratch, Path("/dev/null")],
    )
    return f"Landlock {version}"


def _code() -> tuple[Sequence[Path], Sequence[Path]]:
    """Folders that are searched for our packages, and folders of code.

    A checkout may hold a data folder beside the code: of it, only our packages are readable.
    """
    root = Path(__file__).resolve().parents[1]
    found = {Path(part).resolve() for part in sys.path if part}
    interpreter = {Path(part).resolve() for part in (sys.prefix, sys.base_prefix)}
    interpreter.add(Path(sys.executable).resolve().parent)
    libraries = {path for path in found | interpreter if path != root and path not in root.parents}
    return [root], [*libraries, root / "pincite", root / "ingestion"]


def _filter() -> str:
    seccomp.refuse_sockets()
    return "system-call filter"
