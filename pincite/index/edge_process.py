"""The owner's side of an index process: start it, call it, end it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from pincite.errors import DataFolderBusy, DiskFull, IndexUnavailable
from pincite.index.frames import Closed, Frame, Header, Tuning, receive, send

_BUSY = "WouldBlock"
_NO_SPACE = ("No space left", "os error 28", "ENOSPC")
_LOCK_WAIT_S = 5.0
"""How long the log of a killed process may still be locked while the kernel clears it away."""


class IndexProcess:
    """One shard in a process of its own. Thread-safe: calls queue up.

    `call` raises `frames.Closed` when the process is gone.
    """

    def __init__(self, path: Path, dimensions: dict[str, int], tuning: Tuning) -> None:
        """Start the process and open the shard, making it where there is none.

        Must run in a thread that outlives the process: the kernel ties the two together.

        Raises:
            DataFolderBusy: another process has the shard open.
            IndexUnavailable: the shard cannot be read.
        """
        self.path = path
        self._lock = threading.Lock()
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._process = _start(theirs.fileno())
        try:
            self.opened_with = self._open(dimensions, tuning)
        except BaseException:
            self.kill()
            raise

    def call(self, call: str, body: bytes = b"", **asked: Any) -> Frame:
        return self.forward(Frame({"call": call, **asked}, body))

    def forward(self, frame: Frame) -> Frame:
        with self._lock:
            send(self._connection, frame)
            reply = receive(self._connection)
        _raise_error_of(reply.header, self.path)
        return reply

    def close(self) -> None:
        """Let the shard tidy up, so that the next opening is quick; then end the process."""
        try:
            self.call("close")
        except (Closed, IndexUnavailable, DiskFull):
            pass
        finally:
            self.kill()

    def kill(self) -> None:
        """End the process now; a call under way in another thread raises Closed."""
        self._process.kill()
        self._process.wait()
        with self._lock:
            self._connection.close()

    def _open(self, dimensions: dict[str, int], tuning: Tuning) -> int:
        until = time.monotonic() + _LOCK_WAIT_S
        while True:
            try:
                opened = self.call(
                    "open",
                    path=str(self.path),
                    dimensions=dimensions,
                    tuning=tuning._asdict(),
                )
                return opened.header["count"]
            except DataFolderBusy:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            except Closed as exc:
                raise IndexUnavailable(
                    f"the index process ended while it opened {self.path}; "
                    "see what it printed above"
                ) from exc


def _start(descriptor: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pincite.index.edge_server", str(descriptor), str(os.getpid())],
        pass_fds=(descriptor,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # The packages this process sees, whatever folder it was started in; nothing else.
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONSAFEPATH": "1"},
    )


def _raise_error_of(header: Header, path: Path) -> None:
    message = str(header.get("error", ""))
    if not message:
        return
    if _BUSY in message:
        raise DataFolderBusy(f"another process has the index in {path} open; end it first")
    if any(sign in message for sign in _NO_SPACE):
        raise DiskFull(f"no space left for the index in {path}; free some and try again")
    raise IndexUnavailable(f"the index in {path} failed: {message}")
