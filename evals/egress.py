"""What this process does to the world while something else runs: connections, programs.

Python tells every socket, look-up and program start to audit hooks (PEP 578). Code of compiled
libraries that opens sockets by itself is not seen.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final, cast

_CONNECTS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKS_UP: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_STARTS: Final = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "webbrowser.open"}
)
_HERE: Final = frozenset({"", "localhost", "localhost.localdomain"})


class Watched:
    """What was seen; fills while it is on."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        """Hosts and addresses beyond this machine, as they were asked for."""
        self.started: list[str] = []
        """Programs."""


_ON: Final[list[Watched]] = []


@contextmanager
def watching() -> Generator[Watched, None, None]:
    """See what this process does until the block ends, in all of its threads."""
    _hooked()
    seen = Watched()
    _ON.append(seen)
    try:
        yield seen
    finally:
        _ON.remove(seen)


@cache
def _hooked() -> None:
    """Once: a hook cannot be taken out again."""
    sys.addaudithook(_told)


def _told(event: str, args: tuple[Any, ...]) -> None:
    if not _ON:
        return
    if event in _STARTS:
        for seen in _ON:
            seen.started.append(str(args[0]))
    elif event in _CONNECTS or event in _LOOKS_UP:
        where = args[0] if event in _LOOKS_UP else args[1]
        host = _host(where)
        if not is_here(host):
            for seen in _ON:
                seen.reached.append(host)


def _host(where: Any) -> str:
    """Of a name or an address with its port; the path of a socket that is a file is none."""
    if isinstance(where, tuple):
        return str(cast("tuple[object, ...]", where)[0])
    if isinstance(where, bytes):
        where = where.decode(errors="replace")
    return where if isinstance(where, str) and not where.startswith(("/", "\0")) else ""


def is_here(host: str) -> bool:
    """Whether it names this machine."""
    if host.casefold() in _HERE:
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    return False
