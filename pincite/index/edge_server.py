"""The index process: owns one Edge shard and answers its owner over a socket, one call at a time.

Started by `edge_process` as `python -m pincite.index.edge_server FD PARENT`. It ends when the
socket closes, and the kernel ends it where the owner is killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import threading
from array import array
from collections.abc import Callable
from pathlib import Path

from pincite.index.edge_shard import Shard
from pincite.index.frames import Closed, Frame, Header, Tuning, receive, send

_PR_SET_PDEATHSIG = 1
_BACKGROUND = 10
"""Niceness of an optimisation: searches and parsers come first."""


def main() -> None:
    descriptor, parent = int(sys.argv[1]), int(sys.argv[2])
    _die_with(parent)
    for ignored in (signal.SIGINT, signal.SIGTERM):  # the owner decides when this process ends
        signal.signal(ignored, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as connection:
        serve(connection)
    # Not a normal exit: every write is in the log already, and tidying up takes seconds.
    os._exit(0)


def serve(connection: socket.socket) -> None:
    """Answer until the other side closes; an error of the shard is an answer."""
    server = _Server()
    while True:
        try:
            frame = receive(connection)
        except Closed:
            return
        try:
            reply = server.answer(frame)
        except Exception as exc:  # noqa: BLE001 - the edge of a process; Edge raises bare Exception
            reply = Frame({"error": f"{type(exc).__name__}: {exc}"})
        try:
            send(connection, reply)
        except Closed:
            return


class _Server:
    def __init__(self) -> None:
        self._shard: Shard | None = None
        self._calls: dict[str, Callable[[Header, bytes], Frame]] = {
            "open": self._open,
            "upsert": self._upsert,
            "delete": self._delete,
            "dense": self._dense,
            "words": self._words,
            "count": lambda asked, _: Frame({"count": self._opened.count(asked["scope"])}),
            "facet": self._facet,
            "page": lambda asked, _: self._opened.page(asked["offset"], asked["limit"]),
            "optimize": lambda _asked, _: self._in_background(self._opened.optimize),
            "flush": lambda _asked, _: self._in_background(self._opened.flush),
            "close": lambda _asked, _: self._close(),
        }

    def answer(self, frame: Frame) -> Frame:
        return self._calls[frame.header["call"]](frame.header, frame.body)

    @property
    def _opened(self) -> Shard:
        if self._shard is None:
            raise RuntimeError("no shard is open")
        return self._shard

    def _open(self, asked: Header, _body: bytes) -> Frame:
        self._shard = Shard(Path(asked["path"]), asked["dimensions"], Tuning(**asked["tuning"]))
        return Frame({"count": self._shard.count({})})

    def _close(self) -> Frame:
        self._opened.close()
        self._shard = None
        return Frame({})

    def _upsert(self, asked: Header, body: bytes) -> Frame:
        self._opened.upsert(asked["rows"], body)
        return Frame({})

    def _delete(self, asked: Header, _body: bytes) -> Frame:
        self._opened.delete(asked["source"], asked["besides"])
        return Frame({})

    def _dense(self, asked: Header, body: bytes) -> Frame:
        vector = array("f", body).tolist()
        hits = self._opened.dense(vector, asked["scope"], asked["keep"], asked["space"])
        return Frame({"hits": hits})

    def _words(self, asked: Header, body: bytes) -> Frame:
        half = len(body) // 2
        terms, weights = array("I", body[:half]).tolist(), array("f", body[half:]).tolist()
        return Frame({"hits": self._opened.words(terms, weights, asked["scope"], asked["keep"])})

    def _facet(self, asked: Header, _body: bytes) -> Frame:
        return Frame({"counts": self._opened.facet(asked["scope"], asked["field"])})

    def _in_background(self, work: Callable[[], None]) -> Frame:
        """Run at low priority; threads that the engine starts for it inherit that."""
        failed: list[BaseException] = []

        def run() -> None:
            try:
                if sys.platform == "linux":  # where a thread has a niceness of its own
                    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BACKGROUND)
                work()
            except BaseException as exc:  # noqa: BLE001 - carried over to the caller's thread
                failed.append(exc)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        return Frame({})


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent's starting thread ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call above
        os._exit(0)


if __name__ == "__main__":
    main()
