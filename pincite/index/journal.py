"""Writes that arrive while a new shard is built, kept in order until it has caught up."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from pincite.index.frames import Frame, decode, encode


class Journal:
    """First in, first out, on disk but without a name: a crash leaves nothing behind.

    It need not survive one: the live shard has every write, and the new one is then thrown away.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._lock = threading.Lock()
        self._sizes: list[int] = []
        self._read = self._written = 0

    def __len__(self) -> int:
        return len(self._sizes)

    def append(self, frame: Frame) -> None:
        data = encode(frame)
        with self._lock:
            self._file.seek(self._written)
            self._file.write(data)
            self._written += len(data)
            self._sizes.append(len(data))

    def take(self) -> Iterator[Frame]:
        """Remove and yield until nothing is left, including what is appended meanwhile."""
        while self._sizes:
            with self._lock:
                size = self._sizes.pop(0)
                self._file.seek(self._read)
                data = self._file.read(size)
                self._read += size
            yield decode(data)

    def close(self) -> None:
        self._file.close()
