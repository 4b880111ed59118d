"""A parser child, seen from the parent: ask it, and end it when it misbehaves."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from ingestion.child import Child
from ingestion.frames import Garbled, receive, send
from ingestion.lending import ParserCannotStart, lend, unable
from ingestion.messages import (
    REGISTRY,
    REPLY,
    Begin,
    Describe,
    Described,
    Open,
    OpenedFile,
    ParserSettings,
    Postponed,
    Read,
    Ready,
    Refused,
    Reply,
    Request,
    UnitResult,
)
from ingestion.readers.ports import Later, Outline, UnitRead
from ingestion.replies import anchored, refusal
from ingestion.sandbox import Confinement, Protection
from pincite.config import Ingestion
from pincite.elements import ContentId
from pincite.errors import ParserFailed
from pincite.models.checkpoints import weight_places

_START_S = 60.0
_START_TRIES = 3
_PATIENCE = 4
"""So many times its limit may a unit take that hardly gets to compute."""
_CROPS_MIB = 256


class _KilledAtStart(ParserCannotStart):
    """By a signal from outside, before it said a word."""


class OpenResult(NamedTuple):
    parser: str
    outline: Outline


class ReadResult(NamedTuple):
    parser: str
    read: UnitRead | Later


class ParserProcess:
    """One child at a time. Not thread-safe but for `interrupt`; one thread owns it.

    A child that died, hung or talked nonsense is gone afterwards; the next call starts another.

    Raises (`open` and `read`):
        CorruptSource, PasswordNeeded, TooLarge, UnsupportedMedia: as the reader said.
        SetupError: something is missing that the operator can mend.
        ParserFailed: the child ran out of its limits or crashed; the file may be to blame or not.
        ParserCannotStart, DiskFull: there is no child to ask.
    """

    def __init__(
        self,
        scratch: Path,
        settings: ParserSettings,
        *,
        threads: int = 1,
        registry: str = REGISTRY,
        readable: tuple[Path, ...] = (),
    ) -> None:
        self._scratch = scratch
        self._settings = settings
        self._threads = threads
        self._registry = registry
        self._readable = readable
        self._child: Child | None = None
        self.seen: set[ContentId] = set()
        """Contents that the child has had in its hands."""
        self.units = 0
        """Read by this child."""
        self.interrupted = False
        """The last child was ended from outside, not by what it read."""

    # --- life -------------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.alive

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    @property
    def memory_mib(self) -> float:
        """Resident now; 0 where there is no child."""
        return self._child.memory_mib if self._child else 0.0

    def start(self) -> tuple[Protection, ...]:
        """Start a child and return what it is kept from. `open` and `read` do so on their own.

        One that is killed from outside while it starts (by a system short of memory, say) is
        started again, a few times.
        """
        for _ in range(_START_TRIES - 1):
            with contextlib.suppress(_KilledAtStart):
                return self._begun()
        return self._begun()

    def _begun(self) -> tuple[Protection, ...]:
        self.stop()
        self.units, self.seen, self.interrupted = 0, set(), False
        child = self._child = self._made()
        models = self._settings.models.dir.resolve()
        brought = weight_places(self._settings.layout, self._settings.fields)
        begin = Begin(
            settings=self._settings,
            registry=self._registry,
            confinement=Confinement(
                parent=os.getpid(),
                readable=(models, *brought, child.incoming, *self._readable),
                scratch=child.outgoing,
                memory_mib=self._settings.ingestion.unit_memory_mib,
            ),
        )
        try:
            send(child.channel, "json", begin.model_dump_json().encode())
            reply = receive(child.channel, "json", deadline=time.monotonic() + _START_S)
            return Ready.model_validate_json(reply).protections
        except (Garbled, TimeoutError, ValidationError) as exc:
            said = child.death()
            error = _KilledAtStart if child.killed else ParserCannotStart
            self.stop()
            raise error(f"the parser process {said}; see: pincite doctor") from exc

    def _made(self) -> Child:
        try:
            return Child(self._scratch, threads=self._threads)
        except OSError as exc:
            raise unable(exc, self._scratch) from exc

    def interrupt(self) -> None:
        """End the child from any thread; whoever waits for its answer gets ParserFailed."""
        child = self._child
        if child:
            self.interrupted = True
            child.kill()

    def stop(self) -> None:
        """End the child, now, and remove what it had on disk."""
        if self._child:
            self._child.end()
        self._child = None

    # --- work -------------------------------------------------------------------------------------

    def version_of(self, media_type: str) -> str:
        """Of the reader for files of this type."""
        if not self.alive:
            self.start()
        assert self._child is not None  # noqa: S101  it has just been started
        reply = self._ask(self._child, Describe(media_type=media_type))
        if not isinstance(reply, Described):
            raise self._nonsense()
        return reply.parser

    def open(self, content: ContentId, original: Path, media_type: str) -> OpenResult:
        """Count the units of a file."""
        with self._lent(content, original) as (child, path):
            reply = self._ask(child, Open(path=path, media_type=media_type))
        if not isinstance(reply, OpenedFile):
            raise self._nonsense()
        return OpenResult(reply.parser, reply.outline)

    def read(
        self, content: ContentId, original: Path, media_type: str, unit: int, *, slow: bool
    ) -> ReadResult:
        """Read one unit; its crops get keys below the content, whatever the child called them."""
        with self._lent(content, original) as (child, path):
            request = Read(path=path, media_type=media_type, unit=unit, slow=slow)
            reply = self._ask(child, request)
            self.units += 1
            if isinstance(reply, Postponed):
                return ReadResult(reply.parser, Later(why=reply.why))
            if not isinstance(reply, UnitResult):
                raise self._nonsense()
            crops = self._crops(child, reply.crops)
            return ReadResult(reply.parser, anchored(reply.read, crops, content, unit))

    @contextlib.contextmanager
    def _lent(
        self, content: ContentId, original: Path
    ) -> Generator[tuple[Child, Path], None, None]:
        """The file where the child may read it, for as long as it is asked about it."""
        if not self.alive:
            self.start()
        child = self._child
        assert child is not None  # noqa: S101  it has just been started
        self.seen.add(content)
        path = child.incoming / content
        path.unlink(missing_ok=True)
        try:
            lend(original, path)
            yield child, path
        finally:
            path.unlink(missing_ok=True)

    def _ask(self, child: Child, request: Request) -> Reply:
        limits = self._settings.ingestion
        deadline = time.monotonic() + limits.unit_seconds * _PATIENCE
        watch = _watch(child, limits)
        try:
            send(child.channel, "json", request.model_dump_json().encode())
            body = receive(child.channel, "json", deadline=deadline, on_tick=watch)
            reply = REPLY.validate_json(body)
        except TimeoutError as exc:
            self.stop()
            raise ParserFailed(f"it took longer than {limits.unit_seconds:g} seconds") from exc
        except MemoryError as exc:
            self.stop()
            mib = limits.unit_memory_mib
            raise ParserFailed(f"it needs more than {mib} MiB of memory") from exc
        except (Garbled, ValidationError) as exc:
            raise self._death(child) from exc
        if isinstance(reply, Refused):
            name = "" if isinstance(request, Describe) else request.path.name
            raise refusal(reply, ContentId(name))
        return reply

    def _crops(self, child: Child, names: tuple[str, ...]) -> dict[str, bytes]:
        crops: dict[str, bytes] = {}
        room = _CROPS_MIB << 20
        try:
            for name in names:
                deadline = time.monotonic() + _START_S
                crops[name] = receive(child.channel, "bytes", deadline=deadline)
                room -= len(crops[name])
                if room < 0:
                    self.stop()
                    raise ParserFailed(f"its pictures take more than {_CROPS_MIB} MiB")
        except (Garbled, TimeoutError) as exc:
            raise self._death(child) from exc
        return crops

    def _death(self, child: Child) -> ParserFailed:
        said = child.death()
        self.stop()
        return ParserFailed(f"the parser process {said}")

    def _nonsense(self) -> ParserFailed:
        self.stop()
        return ParserFailed("the parser process gave an answer that does not fit the question")


def _watch(child: Child, limits: Ingestion) -> Callable[[], None]:
    """Looks after a child that works on one unit.

    Time counts while the child computes: where many programs share a machine, a slow unit is not
    taken for one that hangs.
    """
    out_of_time = time.monotonic() + limits.unit_seconds
    most_s = child.busy_s + limits.unit_seconds / 2
    most_mib = child.memory_mib + limits.unit_memory_mib + 256

    def look() -> None:
        if child.memory_mib > most_mib:
            raise MemoryError
        if time.monotonic() > out_of_time and child.busy_s > most_s:
            raise TimeoutError

    return look
