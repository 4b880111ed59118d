"""What the index process and its owner send each other: a JSON header and raw numbers.

Standard library only: the index process loads nothing of ours but this and its own modules.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

LENGTHS = struct.Struct("!IQ")
"""Of the header and of the body that follow."""
POINT_FIELDS = (
    "source",
    "ordinal",
    "collection",
    "readers",
    "medium",
    "page",
    "kinds",
    "language",
    "day",
)
"""Of a point's row in a header, in this order; after them the names of the spaces that it has a
vector in, and last its number of terms."""
KEYWORDS = ("source", "collection", "readers", "medium", "kinds", "language")
"""Fields that are filtered by any of several words."""
RANGES = ("page", "day")
"""Fields that are filtered by first and last, both included; days are counted from year 1."""

Header = dict[str, Any]


class Tuning(NamedTuple):
    """How an embedded shard is built and searched; `pincite.config.Index` says what each means."""

    quantization: str = "none"
    oversampling: float = 2
    graph_links: int = 16
    graph_build: int = 100
    graph_search: int = 128


DEFAULT = Tuning()


class Frame(NamedTuple):
    header: Header
    body: bytes = b""


class Closed(ConnectionError):
    """The other side is gone."""


def encode(frame: Frame) -> bytes:
    head = json.dumps(frame.header, separators=(",", ":")).encode()
    return b"".join((LENGTHS.pack(len(head), len(frame.body)), head, frame.body))


def decode(data: bytes) -> Frame:
    """Undo `encode`."""
    head, _ = LENGTHS.unpack_from(data)
    body = LENGTHS.size + head
    return Frame(json.loads(data[LENGTHS.size : body]), data[body:])


def send(connection: socket.socket, frame: Frame) -> None:
    """Raises Closed."""
    try:
        connection.sendall(encode(frame))
    except OSError as exc:
        raise Closed from exc


def receive(connection: socket.socket) -> Frame:
    """Raises Closed."""
    lengths = _exactly(connection, LENGTHS.size)
    head, body = LENGTHS.unpack(lengths)
    return Frame(json.loads(_exactly(connection, head)), _exactly(connection, body))


def _exactly(connection: socket.socket, size: int) -> bytes:
    buffer = bytearray(size)
    view = memoryview(buffer)
    filled = 0
    while filled < size:
        try:
            count = connection.recv_into(view[filled:])
        except OSError as exc:
            raise Closed from exc
        if count == 0:
            raise Closed
        filled += count
    return bytes(buffer)


class Columns(NamedTuple):
    """The numbers of several points, end to end: dense vectors, term ids, term weights.

    The vectors of one point stand in the order in which its row names their spaces.
    """

    dense: bytes
    terms: bytes
    weights: bytes

    def joined(self) -> bytes:
        return b"".join(self)


def split_columns(
    body: bytes, rows: Sequence[Sequence[Any]], dimensions: Mapping[str, int]
) -> Columns:
    """`dimensions` of each space by its name."""
    first = 4 * sum(dimensions[space] for row in rows for space in row[-2])
    second = first + 4 * sum(int(row[-1]) for row in rows)
    return Columns(body[:first], body[first:second], body[second:])
