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
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, Self

from pincite.elements import PassageId, Scope, SourceId
from pincite.errors import IncompatibleData, IndexUnavailable, PinciteError
from pincite.index import edge_frames
from pincite.index.edge_process import IndexProcess
from pincite.index.edge_shadow import Shadow
from pincite.index.folder import IndexFolder, Live, size_of
from pincite.index.frames import DEFAULT, Closed, Frame, Header, Tuning
from pincite.index.ports import TEXT, Facet, Hit, IndexInfo, Point, Space, SparseVector, Vector

WRITE = 128
"""Points in one call; a search waits for at most one such call (about 10 ms)."""
PAGE = 256
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
        spaces: Mapping[str, Space],
        *,
        optimize_above: int,
        tuning: Tuning = DEFAULT,
        watch: Callable[[Step], None] = _nobody,
    ) -> None:
        """Open the live shard, making the first one where there is none.

        `watch` hears of each step of a rebuild, from the thread that does it.
        """
        self._folder = folder
        self._dimensions = {name: space.dimensions for name, space in spaces.items()}
        self._optimize_above, self._tuning = optimize_above, tuning
        self._watch = watch
        self._state = threading.Lock()
        self._writes = threading.Lock()
        self._rebuilds = threading.Lock()
        self._shadow: Shadow | None = None
        self._background: threading.Thread | None = None
        self._not_before, self._closed = 0.0, False
        # The kernel ties each index process to the thread that started it: this one stays.
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="index-keeper")
        try:
            self._live = self._open_live()
        except BaseException:
            self._keeper.shutdown()
            raise

    def _open_live(self) -> IndexProcess:
        self._folder.remove_remnants()
        live = self._folder.live()
        path = self._folder.path / live.shard if live else self._folder.new_shard()
        try:
            process = self._start(path)
        except IndexUnavailable as exc:
            raise IncompatibleData(
                f"{exc}; if that comes again, run: rm -r {self._folder.path} (texts and files are "
                "kept; everything is embedded anew at the next start)"
            ) from exc
        if live is None:
            self._folder.point_to(Live(shard=path.name))
        self._total = process.opened_with
        self._changes = abs(self._total - (live.optimized if live else 0))
        return process

    # --- the port ---------------------------------------------------------------------------------

    def upsert(self, points: Sequence[Point]) -> None:
        for start in range(0, len(points), WRITE):
            self._write(edge_frames.upsert_frame(points[start : start + WRITE]))
        self._total += len(points)
        self._changes += len(points)
        self._optimize_if_due()

    def delete(self, source: SourceId, *, besides: Collection[PassageId] = ()) -> None:
        self._write(edge_frames.delete_frame(source, besides))
        self._changes += 1

    def search_dense(
        self, vector: Vector, scope: Scope, *, keep: int, space: str = TEXT
    ) -> list[Hit]:
        asked = edge_frames.dense_frame(vector, scope, keep, space)
        return edge_frames.hits(self._ask(asked).header)

    def search_words(self, words: SparseVector, scope: Scope, *, keep: int) -> list[Hit]:
        if not len(words.indices):
            return []
        return edge_frames.hits(self._ask(edge_frames.words_frame(words, scope, keep)).header)

    def count(self, scope: Scope) -> int:
        return self._count(edge_frames.conditions(scope))

    def facet(self, scope: Scope, field: Facet) -> dict[str, int]:
        return self._facet(edge_frames.conditions(scope), field)

    def sources(self) -> set[SourceId]:
        return set(map(SourceId, self._facet({}, "source")))

    def points(self) -> Iterator[list[Point]]:
        return (edge_frames.points(page, self._dimensions) for page in self._pages())

    def info(self) -> IndexInfo:
        live, size = self._folder.live(), size_of(self._folder.path)
        built = live.optimized if live else 0
        return IndexInfo(points=self._count({}), optimized=built, bytes_on_disk=size)

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
        return self._keeper.submit(IndexProcess, path, self._dimensions, self._tuning).result()

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

    def _count(self, scope: Header) -> int:
        return int(self._ask(Frame({"call": "count", "scope": scope})).header["count"])

    def _facet(self, scope: Header, field: str) -> dict[str, int]:
        asked = Frame({"call": "facet", "scope": scope, "field": field})
        return self._ask(asked).header["counts"]

    def _write(self, frame: Frame) -> None:
        self._folder.require_room(0, "be written to")
        with self._writes:
            self._ask(frame)
            if self._shadow is not None:
                self._shadow.note(frame)

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
        except (PinciteError, OSError) as exc:
            self._not_before = time.monotonic() + RETRY_S
            _log.warning("the index was not optimised, searches are slower: %s", exc)

    def _optimize(self) -> None:
        if self._changes:
            self._rebuild(optimize=True)

    def _rebuild(self, *, optimize: bool) -> None:
        with self._rebuilds:
            self._folder.require_room(2 * size_of(self._live.path), "rebuild")
            shadow = self._begin()
            if shadow is None:
                return
            try:
                self._fill_and_swap(shadow, optimize=optimize)
            except Closed as exc:
                if self._drop(shadow):
                    raise IndexUnavailable("the process that rebuilt the index ended") from exc
            except BaseException:
                self._drop(shadow)
                raise

    def _begin(self) -> Shadow | None:
        process = self._start(self._folder.new_shard())
        with self._writes, self._state:
            shadow = Shadow(process)
            if self._closed:
                shadow.discard()
                return None
            self._shadow = shadow
        return shadow

    def _fill_and_swap(self, shadow: Shadow, *, optimize: bool) -> None:
        before = self._changes
        self._watch("copy")
        copied = shadow.copy(self._pages())
        if optimize:
            self._watch("optimize")
            shadow.optimize()
        self._watch("catch_up")
        shadow.catch_up()
        self._watch("swap")
        old = self._swap(shadow, optimized=copied if optimize else 0)
        self._watch("swapped")
        old.kill()
        shutil.rmtree(old.path)
        self._total = self._count({})
        self._changes = self._changes - before if optimize else self._total

    def _pages(self) -> Iterator[Frame]:
        offset: str | None = None
        while True:
            page = self._ask(Frame({"call": "page", "offset": offset, "limit": PAGE}))
            yield page
            offset = page.header["next"]
            if offset is None:
                return

    def _swap(self, shadow: Shadow, *, optimized: int) -> IndexProcess:
        """Make the shadow the live shard; the one it replaces."""
        with self._writes:
            shadow.repeat_backlog()
            with self._state:
                if self._shadow is not shadow:  # dropped on purpose
                    raise Closed
                self._folder.point_to(Live(shard=shadow.path.name, optimized=optimized))
                old, self._live, self._shadow = self._live, shadow.hand_over(), None
        return old

    def _drop(self, shadow: Shadow) -> bool:
        """Remove a shadow that will not go live; whether nobody had asked for that."""
        with self._writes, self._state:
            unasked, self._shadow = self._shadow is shadow, None
            shadow.discard()
        return unasked

    def _abort_rebuild(self) -> None:
        with self._state:
            shadow, self._shadow = self._shadow, None
        if shadow is not None:
            shadow.process.kill()
