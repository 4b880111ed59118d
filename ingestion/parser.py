"""A parser child, seen from the parent: start it, ask it, and end it when it misbehaves."""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from ingestion.frames import Garbled, receive, send
from ingestion.messages import (
    REGISTRY,
    REPLY,
    Begin,
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
from ingestion.readers.environment import CHILD_ENVIRONMENT
from ingestion.readers.ports import Later, Outline, UnitRead
from ingestion.replies import anchored, refusal
from ingestion.sandbox import Confinement, Protection
from pincite.elements import ContentId
from pincite.errors import CorruptSource, ParserFailed, SetupError

_MIB = 1024 * 1024
_START_S = 60.0
_CROPS_MIB = 256
_ROOT = Path(__file__).resolve().parents[1]


class OpenResult(NamedTuple):
    parser: str
    outline: Outline


class ReadResult(NamedTuple):
    parser: str
    read: UnitRead | Later


class ParserProcess:
    """One child. Not thread-safe: one thread owns it, because the child dies with that thread.

    A child that died, hung or talked nonsense is gone afterwards; the next call starts another.

    Raises (`open` and `read`):
        CorruptSource, PasswordNeeded, TooLarge, UnsupportedMedia: as the reader said.
        SetupError: something is missing that the operator can mend.
        ParserFailed: the child ran out of its limits or crashed; the file may be to blame or not.
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
        self._scratch_root = scratch
        self._settings = settings
        self._threads = threads
        self._registry = registry
        self._readable = readable
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._folder = scratch
        self.seen: set[ContentId] = set()
        """Contents that the child has had in its hands."""
        self.units = 0
        """Read by this child."""
        self._most_mib = 0.0

    # --- life -------------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def memory_mib(self) -> float:
        """Resident now; 0 where there is no child."""
        return _resident_mib(self._process.pid) if self._process else 0.0

    def start(self) -> tuple[Protection, ...]:
        """Start a child and return what it is kept from. `open` and `read` do so on their own."""
        self.stop()
        self._folder = self._scratch_root / secrets.token_hex(8)
        for folder in (self._incoming, self._outgoing):
            folder.mkdir(parents=True, mode=0o700)
        ours, theirs = socket.socketpair()
        with theirs, (self._folder / "messages").open("wb") as messages:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ingestion.worker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=messages,
                cwd=self._outgoing,
                env=self._environment(),
                pass_fds=(theirs.fileno(),),
                process_group=0,
            )
        self._channel, self.units, self.seen = ours, 0, set()
        return self._introduce(ours)

    def _introduce(self, channel: socket.socket) -> tuple[Protection, ...]:
        models = self._settings.models.dir.resolve()
        begin = Begin(
            settings=self._settings,
            registry=self._registry,
            confinement=Confinement(
                parent=os.getpid(),
                readable=(models, self._incoming, *self._readable),
                scratch=self._outgoing,
                memory_mib=self._settings.ingestion.unit_memory_mib,
            ),
        )
        try:
            send(channel, "json", begin.model_dump_json().encode())
            reply = receive(channel, "json", deadline=time.monotonic() + _START_S)
            return Ready.model_validate_json(reply).protections
        except (Garbled, TimeoutError, ValidationError) as exc:
            said = self._last_words()
            self.stop()
            raise SetupError(
                f"the parser process does not start{said}; see: pincite doctor"
            ) from exc

    def stop(self) -> None:
        """End the child, now, and remove what it had on disk."""
        if self._channel:
            self._channel.close()
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._process = self._channel = None

    def _environment(self) -> dict[str, str]:
        return {
            **CHILD_ENVIRONMENT,
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self._outgoing),
            "TMPDIR": str(self._outgoing),
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": str(self._threads),
            "OPENBLAS_NUM_THREADS": str(self._threads),
        }

    @property
    def _incoming(self) -> Path:
        return self._folder / "in"

    @property
    def _outgoing(self) -> Path:
        return self._folder / "out"

    # --- work -------------------------------------------------------------------------------------

    def open(self, content: ContentId, original: Path, media_type: str) -> OpenResult:
        """Count the units of a file."""
        with self._lent(content, original) as path:
            reply = self._ask(Open(path=path, media_type=media_type), self._seconds)
        if not isinstance(reply, OpenedFile):
            raise self._nonsense()
        return OpenResult(reply.parser, reply.outline)

    def read(
        self, content: ContentId, original: Path, media_type: str, unit: int, *, slow: bool
    ) -> ReadResult:
        """Read one unit; its crops get keys below the content, whatever the child called them."""
        with self._lent(content, original) as path:
            request = Read(path=path, media_type=media_type, unit=unit, slow=slow)
            reply = self._ask(request, self._seconds)
            self.units += 1
            if isinstance(reply, Postponed):
                return ReadResult(reply.parser, Later(why=reply.why))
            if not isinstance(reply, UnitResult):
                raise self._nonsense()
            crops = self._crops(reply.crops)
            return ReadResult(reply.parser, anchored(reply.read, crops, content, unit))

    @property
    def _seconds(self) -> float:
        return self._settings.ingestion.unit_seconds

    @contextlib.contextmanager
    def _lent(self, content: ContentId, original: Path) -> Generator[Path, None, None]:
        """The file where the child may read it, for as long as it is asked about it."""
        if not self.alive:
            self.start()
        self.seen.add(content)
        path = self._incoming / content
        path.unlink(missing_ok=True)
        try:
            os.link(original, path)
        except FileNotFoundError as exc:
            raise CorruptSource("its bytes are not in the data folder any more") from exc
        except OSError:
            shutil.copyfile(original, path)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _ask(self, request: Request, seconds: float) -> Reply:
        assert self._channel is not None  # noqa: S101  `_lent` started it
        self._most_mib = self.memory_mib + self._settings.ingestion.unit_memory_mib + 256
        try:
            send(self._channel, "json", request.model_dump_json().encode())
            body = receive(
                self._channel,
                "json",
                deadline=time.monotonic() + seconds,
                on_tick=self._watch_memory,
            )
            reply = REPLY.validate_json(body)
        except TimeoutError as exc:
            self.stop()
            raise ParserFailed(f"it took longer than {seconds:g} seconds") from exc
        except (Garbled, ValidationError) as exc:
            raise self._death() from exc
        if isinstance(reply, Refused):
            raise refusal(reply)
        return reply

    def _watch_memory(self) -> None:
        if self.memory_mib > self._most_mib:
            mib = self._settings.ingestion.unit_memory_mib
            self.stop()
            raise ParserFailed(f"it needs more than {mib} MiB of memory")

    def _crops(self, names: tuple[str, ...]) -> dict[str, bytes]:
        assert self._channel is not None  # noqa: S101  it has just answered
        crops: dict[str, bytes] = {}
        room = _CROPS_MIB * _MIB
        try:
            for name in names:
                deadline = time.monotonic() + _START_S
                crops[name] = receive(self._channel, "bytes", deadline=deadline)
                room -= len(crops[name])
                if room < 0:
                    self.stop()
                    raise ParserFailed(f"its pictures take more than {_CROPS_MIB} MiB")
        except (Garbled, TimeoutError) as exc:
            raise self._death() from exc
        return crops

    def _death(self) -> ParserFailed:
        """What ended the child, after making sure that it is dead."""
        assert self._process is not None  # noqa: S101  there is no death without a child
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self._process.poll()
        said = self._last_words()
        self.stop()
        if code is not None and code < 0:
            return ParserFailed(
                f"the parser process was ended by {signal.Signals(-code).name}{said}"
            )
        return ParserFailed(f"the parser process failed{said}")

    def _nonsense(self) -> ParserFailed:
        self.stop()
        return ParserFailed("the parser process gave an answer that does not fit the question")

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            text = (self._folder / "messages").read_bytes()[-2000:].decode("utf-8", "replace")
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            return f" ({lines[-1][:200]})" if lines else ""
        return ""


def _resident_mib(pid: int) -> float:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as statm:  # noqa: PTH123
            return int(statm.read().split()[1]) * resource.getpagesize() / _MIB
    except (OSError, IndexError):
        return 0.0
