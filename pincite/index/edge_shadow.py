"""The shard that is built to take the live one's place, and what it has still to catch up with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pincite.index.edge_process import IndexProcess
from pincite.index.frames import Frame
from pincite.index.journal import Journal

PASSES = 4
"""Rounds of catching up before writes are held for the last one; each leaves a shorter rest unless
writes come as fast as they can be repeated."""


class Shadow:
    """Every method raises `frames.Closed` when the shadow's process is gone."""

    def __init__(self, process: IndexProcess) -> None:
        self.process = process
        self._journal = Journal(process.path.parent)

    @property
    def path(self) -> Path:
        return self.process.path

    def note(self, frame: Frame) -> None:
        """Remember a write that the live shard has done since copying began, in that order."""
        try:
            self._journal.append(frame)
        except OSError:
            # No room for the journal. The write itself succeeded, so it is the shadow that goes.
            self.process.kill()

    def copy(self, pages: Iterator[Frame]) -> int:
        """Take over the live shard's points; how many."""
        copied = 0
        for page in pages:
            rows = page.header["rows"]
            if rows:
                self.process.forward(Frame({"call": "upsert", "rows": rows}, page.body))
            copied += len(rows)
        return copied

    def optimize(self) -> None:
        self.process.call("optimize")

    def catch_up(self) -> None:
        """Repeat most of the journal while writes go on."""
        self.process.call("flush")
        for _ in range(PASSES):
            self.repeat_backlog()

    def repeat_backlog(self) -> None:
        """Repeat what the journal holds now; everything, if writes are held."""
        for frame in islice(self._journal.take(), len(self._journal)):
            self.process.forward(frame)

    def hand_over(self) -> IndexProcess:
        """The process with every write in it, which is the live one from now on."""
        self._journal.close()
        return self.process

    def discard(self) -> None:
        self.process.kill()
        self._journal.close()
        shutil.rmtree(self.path, ignore_errors=True)
