"""Qdrant Edge behind the index port: the shard lives in a process of its own.

Searches and writes go to the *live* shard. Search structures are built on a *shadow*: a second
process is filled from the live shard, builds, catches up with what was written meanwhile (the
journal), and becomes the live one. The pointer file decides which shard a restart opens, so a crash
at any moment leaves either the old shard or the new one, each with every write that returned.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from pincite.elements import Scope, SourceId
from pincite.errors import DiskFull, IndexUnavailable, PinciteError
from pincite.index import edge_frames
from pincite.index.edge_process import IndexProcess
from pincite.index.folder import IndexFolder, Live
from pincite.index.frames import Closed, Frame
from pincite.index.journal import Journal
from pincite.index.ports import Hit, Point, SparseVector

WRITE = 128
"""Points in one call; a search waits for at most one such call (about 10 ms)."""
PAGE = 256
ROOM = 64 << 20
"""Bytes that must be free before a write: the engine maps files and cannot fail halfway."""
PASSES = 4
"""Rounds of catching up before writes are held for the last one; each leaves a shorter rest unless
writes come as fast as they can be repeated."""
RETRY_S = 300.0
"""Pause after a background optimisation that failed."""
Step = Literal["copy", "optimize", "catch_up", "swap", "swapped"]

_log = logging.getLogger(__name__)


def _nobody(step: Step) -> None:
    del step


class EdgeIndex:
    """One library's index on disk. Takes over `folder` and closes it."""

    def __init__(
        self,
        folder: IndexFolder,
        dimensions: int,
        *,
        optimize_above: int,
        watch: Callable[[Step], None] = _nobody,
    ) -> None:
        """Open the live shard, making the first one where there is none.

        `watch` hears of each step of a rebuild, from the thread that does it.
        """
        self._folder = folder
        self._dimensions = dimensions
        self._optimize_above = optimize_above
        self._watch = watch
        self._state = threading.Lock()
        self._writes = threading.Lock()
        self._rebuilds = threading.Lock()
        self._journal: Journal | None = None
        self._shadow: IndexProcess | None = None
        self._background: threading.Thread | None = None
        self._not_before = 0.0
        self._closed = False
        # The kernel ties each index process to the thread that started it: this one stays.
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="index-keeper")
        folder.remove_remnants()
        live = folder.live()
        self._live = self._start(folder.path / live.shard if live else folder.new_shard())
        if live is None:
            folder.point_to(Live(shard=self._live.path.name))
        self._total = self._live.opened_with
        self._changes = abs(self._total - (live.optimized if live else 0))

    # --- the port ---------------------------------------------------------------------------------

    def upsert(self, points: Sequence[Point]) -> None:
        for start in range(0, len(points), WRITE):
            self._write(edge_frames.upsert_frame(points[start : start + WRITE]))
        self._total += len(points)
        self._changes += len(points)
        self._optimize_if_due()

    def delete(self, source: SourceId) -> None:
        self._write(edge_frames.delete_frame(source))
        self._changes += 1

    def search_dense(
        self, vector: npt.NDArray[np.float32], scope: Scope, *, keep: int
    ) -> list[Hit]:
        return edge_frames.hits(self._ask(edge_frames.dense_frame(vector, scope, keep)).header)

    def search_words(self, words: SparseVector, scope: Scope, *, keep: int) -> list[Hit]:
        if not len(words.indices):
            return []
        return edge_frames.hits(self._ask(edge_frames.words_frame(words, scope, keep)).header)

    def count(self, scope: Scope) -> int:
        asked = Frame({"call": "count", "scope": edge_frames.conditions(scope)})
        return int(self._ask(asked).header["count"])

    def sources(self) -> set[SourceId]:
        return set(map(SourceId, self._ask(Frame({"call": "sources"})).header["sources"]))

    async def optimize(self) -> None:
        await asyncio.to_thread(self._optimize)

    def purge(self) -> None:
        """Copy what is left into a new shard and remove the old one; about 10 s for 100 000."""
        self._abort_rebuild()
        self._rebuild(optimize=False)
        self._optimize_if_due()

    def close(self) -> None:
        """A rebuild under way is dropped; the next opening does without it."""
        with self._state:
            if self._closed:
                return
            self._closed = True
        self._abort_rebuild()
        if self._background is not None:
            self._background.join()
        with self._rebuilds:
            self._live.close()
        self._keeper.shutdown()
        self._folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # --- talking to the live shard ----------------------------------------------------------------

    def _start(self, path: Path) -> IndexProcess:
        return self._keeper.submit(IndexProcess, path, self._dimensions).result()

    def _ask(self, frame: Frame) -> Frame:
        """Every call may be repeated: a search changes nothing, a write twice is the write once."""
        for _ in range(3):
            live = self._live
            try:
                return live.forward(frame)
            except Closed:
                self._replace_ended(live)
        raise IndexUnavailable(
            f"the index process ended three times over one call ({frame.header['call']})"
        )

    def _replace_ended(self, ended: IndexProcess) -> None:
        with self._state:
            if self._closed:
                raise IndexUnavailable("the index is closed")
            if self._live is ended:  # else a rebuild has put another in its place
                ended.kill()
                self._live = self._start(ended.path)

    def _write(self, frame: Frame) -> None:
        if shutil.disk_usage(self._folder.path).free < ROOM:
            raise DiskFull(
                f"less than {ROOM >> 20} MiB are free for the index in {self._folder.path}; "
                "free some and try again"
            )
        with self._writes:
            self._ask(frame)
            if self._journal is not None:
                self._journal.append(frame)

    # --- rebuilding -------------------------------------------------------------------------------

    def _optimize_if_due(self) -> None:
        due = self._changes >= max(self._optimize_above, self._total // 4)
        running = self._background is not None and self._background.is_alive()
        if due and not running and not self._closed and time.monotonic() > self._not_before:
            self._background = threading.Thread(target=self._optimize_quietly, daemon=True)
            self._background.start()

    def _optimize_quietly(self) -> None:
        try:
            self._optimize()
        except PinciteError as exc:
            self._not_before = time.monotonic() + RETRY_S
            _log.warning("the index was not optimised, searches are slower: %s", exc)

    def _optimize(self) -> None:
        if self._changes:
            self._rebuild(optimize=True)

    def _rebuild(self, *, optimize: bool) -> None:
        with self._rebuilds:
            shadow = self._begin()
            if shadow is None:
                return
            try:
                copied = self._fill(shadow, optimize=optimize)
                self._swap(shadow, optimized=copied if optimize else 0)
            except Closed as exc:
                if self._drop(shadow):
                    raise IndexUnavailable("the process that rebuilt the index ended") from exc
            except BaseException:
                self._drop(shadow)
                raise

    def _begin(self) -> IndexProcess | None:
        shadow = self._start(self._folder.new_shard())
        with self._writes, self._state:
            if self._closed:
                shadow.kill()
                shutil.rmtree(shadow.path)
                return None
            self._shadow, self._journal = shadow, Journal(self._folder.path)
            self._changes = 0
        return shadow

    def _fill(self, shadow: IndexProcess, *, optimize: bool) -> int:
        """Copy, build, catch up; how many points were copied."""
        self._watch("copy")
        copied, offset = 0, None
        while True:
            page = self._ask(Frame({"call": "page", "offset": offset, "limit": PAGE}))
            rows, offset = page.header["rows"], page.header["next"]
            if rows:
                shadow.forward(Frame({"call": "upsert", "rows": rows}, page.body))
            copied += len(rows)
            if offset is None:
                break
        if optimize:
            self._watch("optimize")
            shadow.call("optimize")
        self._watch("catch_up")
        shadow.call("flush")
        for _ in range(PASSES):
            self._catch_up(shadow, at_most=self._backlog)
        return copied

    @property
    def _backlog(self) -> int:
        return 0 if self._journal is None else len(self._journal)

    def _catch_up(self, shadow: IndexProcess, *, at_most: int) -> None:
        if self._journal is not None:
            for frame in islice(self._journal.take(), at_most):
                shadow.forward(frame)

    def _swap(self, shadow: IndexProcess, *, optimized: int) -> None:
        self._watch("swap")
        with self._writes:
            self._catch_up(shadow, at_most=self._backlog)
            with self._state:
                if self._shadow is not shadow:  # dropped on purpose
                    raise Closed
                self._folder.point_to(Live(shard=shadow.path.name, optimized=optimized))
                old, self._live = self._live, shadow
                self._end_journal()
        self._watch("swapped")
        old.kill()
        shutil.rmtree(old.path)
        self._total = self._count_all()
        self._changes += self._total if not optimized else 0

    def _count_all(self) -> int:
        return int(self._ask(Frame({"call": "count", "scope": {}})).header["count"])

    def _drop(self, shadow: IndexProcess) -> bool:
        """Remove a shadow that will not go live; whether nobody had asked for that."""
        with self._writes, self._state:
            unasked = self._shadow is shadow
            self._end_journal()
        shadow.kill()
        shutil.rmtree(shadow.path, ignore_errors=True)
        return unasked

    def _abort_rebuild(self) -> None:
        with self._state:
            shadow, self._shadow = self._shadow, None
        if shadow is not None:
            shadow.kill()

    def _end_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()
        self._shadow = self._journal = None
