"""Frames between a parser child and its parent: a kind, a length, bytes. Never pickle.

The child is not trusted: every length is limited before anything is read, and what a frame holds
is validated by whoever reads it.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from typing import Literal

Kind = Literal["json", "bytes"]

_HEADER = struct.Struct(">cI")
_CODES: dict[Kind, bytes] = {"json": b"j", "bytes": b"b"}
MAX_FRAME = 64 * 1024 * 1024
_TICK_S = 0.2


class Garbled(Exception):
    """The other side does not keep to the protocol, or is gone."""


def send(channel: socket.socket, kind: Kind, body: bytes) -> None:
    """Raises Garbled when the other side is gone, ValueError when `body` is too long."""
    if len(body) > MAX_FRAME:
        raise ValueError(f"a frame of {len(body)} bytes is over the limit of {MAX_FRAME}")
    try:
        channel.sendall(_HEADER.pack(_CODES[kind], len(body)))
        channel.sendall(body)
    except OSError as exc:
        raise Garbled("the other side hung up") from exc


def receive(
    channel: socket.socket,
    kind: Kind,
    *,
    deadline: float | None = None,
    on_tick: Callable[[], None] | None = None,
) -> bytes:
    """The body of the next frame, which must be of `kind`.

    `deadline` is on the monotonic clock; `on_tick` is called a few times a second while waiting,
    and may raise.

    Raises:
        TimeoutError: the deadline passed.
        Garbled: anything else came, or the other side is gone.
    """
    wait = _Wait(channel, deadline, on_tick)
    code, length = _HEADER.unpack(wait.exactly(_HEADER.size))
    if code != _CODES[kind] or length > MAX_FRAME:
        raise Garbled("an unexpected frame")
    return wait.exactly(length)


class _Wait:
    """Reads with a deadline, in steps short enough to look after other things."""

    def __init__(
        self, channel: socket.socket, deadline: float | None, on_tick: Callable[[], None] | None
    ) -> None:
        self._channel = channel
        self._deadline = deadline
        self._on_tick = on_tick

    def exactly(self, count: int) -> bytes:
        received = bytearray()
        while len(received) < count:
            received += self._some(count - len(received))
        return bytes(received)

    def _some(self, at_most: int) -> bytes:
        while True:
            self._look_around()
            self._channel.settimeout(_TICK_S if self._on_tick or self._deadline else None)
            try:
                data = self._channel.recv(min(at_most, 1 << 20))
            except TimeoutError:
                continue
            except OSError as exc:
                raise Garbled("the other side hung up") from exc
            if not data:
                raise Garbled("the other side hung up")
            return data

    def _look_around(self) -> None:
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise TimeoutError
        if self._on_tick:
            self._on_tick()
