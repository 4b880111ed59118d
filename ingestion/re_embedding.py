"""Fill another index beside the one in use, for another encoder, and let it take its place.

What is there is the state: a source is done when the new index holds as many passages of it as the
texts do. So a run that was killed goes on where it was, and needs no book of its own.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from pydantic import Field

from ingestion.committer import PASSAGES
from ingestion.library import Library
from ingestion.switching import SwitchingIndex
from pincite.elements import Passage, Scope, Source
from pincite.errors import PinciteError, UnknownSource
from pincite.index.ports import ElementIndex
from pincite.values import Value

_log = logging.getLogger(__name__)

NOTE = "re-embedding.json"
"""In the data folder while another index is being filled: how far it is, for `pincite doctor`."""
_ROUNDS = 5
"""After so many looks at every source what still differs is left to `pincite sources check`."""
_NEWS_S = 1.0
_LOG_S = 30.0
_RETRY_S = 60.0

Work = list[tuple[Source, int, Passage]]
"""Passages with their source and unit."""


class Filling(Value):
    """How far it is, for a person."""

    to: str
    """Id of the encoder that the new index is made with."""
    done: int = Field(ge=0)
    """Passages."""
    total: int = Field(ge=0)
    eta_s: float | None = None
    """None before anything was measured."""
    by_meaning: bool = True
    """Whether the index in use can be searched by meaning meanwhile."""
    by_words: bool = True

    @property
    def sentence(self) -> str:
        left = "" if self.eta_s is None else f", about {_span(self.eta_s)} left"
        until = "searches use the old encoder until then"
        if not self.by_words:
            until = (
                "this version splits words otherwise, so searches go by meaning alone until then"
            )
        if not self.by_meaning:
            until = "the old encoder's weights are gone, so searches go by words alone until then"
        return (
            f"everything is embedded anew with {self.to}: {self.done:,} of {self.total:,} "
            f"passages{left}; {until}"
        )


class ReEmbedding:
    """Works in a thread of its own between `start` and `close`."""

    def __init__(
        self,
        library: Library,
        index: SwitchingIndex,
        *,
        switch: Callable[[], None],
        tell: Callable[[Filling | None], None],
    ) -> None:
        """`switch` is called once, under the library's lock, when the new index is complete.

        `tell` hears about once a second how far it is, and None at the end.
        """
        self._library = library
        self._index = index
        self._switch = switch
        self._tell = tell
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="re-embedding", daemon=True)
        encoder = index.filling.encoder
        self._state = Filling(
            to=encoder.id if encoder else "",
            done=0,
            total=0,
            by_meaning=index.written[0].encoder is not None,
            by_words=index.written[0].words is not None,
        )
        self._pace = _Pace()

    @property
    def state(self) -> Filling | None:
        """None once the new index is in use."""
        return None if self._index.written[0] is self._index.filling else self._state

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop after the passages in hand; the next start goes on from there."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                self._fill()
            except PinciteError as exc:
                _log.warning("embedding anew stopped, tried again in a minute: %s", exc)
                self._end.wait(_RETRY_S)
            else:
                return

    def _fill(self) -> None:
        new = self._index.filling.index
        for _ in range(_ROUNDS):
            self._drop_dead(new)
            if not self._round(new):
                break
            if self._end.is_set():
                return
        asyncio.run(new.optimize())
        with self._library.lock:
            if self._end.is_set():
                return
            self._drop_dead(new)
            self._switch()
        self._tell(None)
        _log.info("everything is embedded with %s now", self._state.to)

    def _drop_dead(self, new: ElementIndex) -> None:
        with self._library.lock:
            for source in new.sources() - self._library.texts.current_sources():
                new.delete(source)

    def _round(self, new: ElementIndex) -> int:
        """Look at every source once; how many passages were missing."""
        current = self._library.texts.current_sources()
        sources = [each for each in self._library.texts.all_sources() if each.id in current]
        expected = {source.id: self._expected(source) for source in sources}
        missing = [
            source
            for source in sources
            if expected[source.id] != new.count(_only(source)) and not self._end.is_set()
        ]
        total = sum(expected.values())
        left = sum(expected[source.id] for source in missing)
        self._pace.begin(total - left)
        self._report(total - left, total)
        done = total - left
        for work in _lots(self._passages(missing), PASSAGES):
            if self._end.is_set():
                break
            self._write(work)
            done = min(done + len(work), total)
            self._report(done, total)
        return left

    def _expected(self, source: Source) -> int:
        kept = self._library.texts.kept_units(source.content)
        return sum(passages for _, passages in kept.values())

    def _passages(self, sources: Sequence[Source]) -> Iterator[tuple[Source, int, Passage]]:
        for source in sources:
            for unit in sorted(self._library.texts.kept_units(source.content)):
                try:
                    passages = self._library.texts.passages_of(source.id, unit)
                except UnknownSource:  # deleted meanwhile
                    break
                yield from ((source, unit, passage) for passage in passages)

    def _write(self, work: Work) -> None:
        library = self._library
        library.write(self._index.filling, [(source, passage) for source, _, passage in work])
        # What was read anew while it was embedded is written again, as it is now.
        for source, unit in dict.fromkeys((source.id, unit) for source, unit, _ in work):
            mine = [passage for s, u, passage in work if (s.id, u) == (source, unit)]
            with library.lock:
                try:
                    now = library.texts.passages_of(source, unit)
                except UnknownSource:
                    continue
                changed = [passage for passage in mine if passage not in now]
            if changed:
                found = library.texts.source(source)
                library.write(self._index.filling, [(found, passage) for passage in now])

    def _report(self, done: int, total: int) -> None:
        self._pace.at(done)
        eta = self._pace.eta_s(total - done)
        self._state = self._state.model_copy(update={"done": done, "total": total, "eta_s": eta})
        if self._pace.is_due:
            self._tell(self._state)
        if self._pace.is_log_due:
            _log.info("%s", self._state.sentence)


class _Pace:
    """Passages a second since it began, and when somebody was last told."""

    def __init__(self) -> None:
        self._first = self._done = 0
        self._began = time.monotonic()
        self._told = self._logged = 0.0

    def begin(self, done: int) -> None:
        self._first, self._began = done, time.monotonic()

    def at(self, done: int) -> None:
        self._done = done

    def eta_s(self, left: int) -> float | None:
        made, took = self._done - self._first, time.monotonic() - self._began
        return left * took / made if made > 0 else None

    @property
    def is_due(self) -> bool:
        now = time.monotonic()
        due = now - self._told > _NEWS_S
        self._told = now if due else self._told
        return due

    @property
    def is_log_due(self) -> bool:
        now = time.monotonic()
        due = now - self._logged > _LOG_S
        self._logged = now if due else self._logged
        return due


def _only(source: Source) -> Scope:
    return Scope(
        principals=source.readers,
        collections=frozenset({source.collection}),
        sources=frozenset({source.id}),
    )


def _lots(passages: Iterator[tuple[Source, int, Passage]], size: int) -> Iterator[Work]:
    lot: Work = []
    for passage in passages:
        lot.append(passage)
        if len(lot) == size:
            yield lot
            lot = []
    if lot:
        yield lot


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
