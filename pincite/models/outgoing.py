"""The one gate to models elsewhere: asks the rule of the collections, and writes down what went.

Every adapter that sends something to an endpoint does so inside `Outgoing.call`.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from pincite.database import full_or_forbidden
from pincite.egress import is_here, now
from pincite.errors import Withheld
from pincite.values import Value

Purpose = Literal["chat", "vision", "caption", "judge", "embedding", "draw"]
LOG: Final = "outgoing.jsonl"
"""In the data folder; the files before it end in `.1` (the newest of them), `.2`, …"""
KEPT: Final = 4
"""Older files that are kept; what is before them is deleted."""


class CallMade(Value):
    """One call to a model elsewhere, or one that was held back; never what was said in it."""

    at: datetime
    """In UTC, when it began."""
    purpose: Purpose
    endpoint: str
    here: bool
    """Whether the endpoint is on this machine."""
    model: str
    collections: tuple[str, ...]
    """Of which what was sent is; none for what is of no collection."""
    outcome: Literal["answered", "failed", "cancelled", "withheld"]
    """`withheld`: the rule of a collection forbade it, and nothing was sent."""
    why: str = ""
    """The kind of failure."""
    sent_bytes: int = Field(default=0, ge=0)
    """Of texts and pictures; 0 where nothing was sent."""
    sent_tokens: int | None = None
    got_tokens: int | None = None
    """As the endpoint counts; none where it does not."""
    got_bytes: int = Field(default=0, ge=0)
    seconds: float = Field(default=0, ge=0)
    cost_usd: float | None = None
    """By the price list that ships with LiteLLM; none for a model that is not on it."""


class CallLog:
    """A file of one JSON line for each call, readable by its owner only. Thread-safe."""

    def __init__(self, path: Path, *, most_bytes: int) -> None:
        """A file that has grown to `most_bytes` is put aside; see `KEPT`."""
        self._path = path
        self._most = most_bytes
        self._lock = threading.Lock()

    def append(self, made: CallMade) -> None:
        """Raises DiskFull, SetupError: what cannot be written down is not sent."""
        line = f"{made.model_dump_json(exclude_defaults=True)}\n".encode()
        with self._lock:
            try:
                self._turn(len(line))
                self._path.touch(mode=0o600)
                with self._path.open("ab") as file:
                    file.write(line)
            except OSError as exc:
                raise full_or_forbidden(exc, self._path) from exc

    def read(self) -> Iterator[CallMade]:
        """The oldest first. Lines that a kill cut off are passed over."""
        for path in [*reversed(self._older()), self._path]:
            try:
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            except FileNotFoundError:
                continue
            for line in lines:
                try:
                    yield CallMade.model_validate_json(line)
                except ValidationError:
                    continue

    def _older(self) -> list[Path]:
        return [self._path.with_name(f"{self._path.name}.{n}") for n in range(1, KEPT + 1)]

    def _turn(self, more: int) -> None:
        if not self._path.exists() or self._path.stat().st_size + more <= self._most:
            return
        older = self._older()
        for newer, path in reversed(list(zip([self._path, *older], older, strict=False))):
            if newer.exists():
                newer.replace(path)


class Call:
    """One call under way; its maker says what came back."""

    def __init__(self, purpose: Purpose, endpoint: str, model: str, sent_bytes: int) -> None:
        self._told: dict[str, Any] = {
            "at": datetime.now(UTC),
            "purpose": purpose,
            "endpoint": endpoint,
            "here": is_here(endpoint),
            "model": model,
            "collections": tuple(sorted(now().collections)),
            "sent_bytes": sent_bytes,
        }
        self._began = time.monotonic()

    def got(self, **counted: float | None) -> None:
        """`sent_tokens`, `got_tokens`, `got_bytes`, `cost_usd`, as far as they are known."""
        self._told.update(counted)

    def made(self, outcome: str, why: str = "") -> CallMade:
        seconds = round(time.monotonic() - self._began, 3)
        told = {**self._told, "outcome": outcome, "why": why, "seconds": seconds}
        if outcome == "withheld":
            told["sent_bytes"] = 0
        return CallMade.model_validate(told)


class Attempts:
    """The same text, sent to one endpoint after the other until one answers."""

    def __init__(self, log: CallLog | None, purpose: Purpose, sent_bytes: int) -> None:
        self._log = log
        self._purpose: Purpose = purpose
        self._sent_bytes = sent_bytes
        self._call: Call | None = None
        self.made: list[tuple[str, str]] = []
        """Model and endpoint of each, in order."""

    def begin(self, endpoint: str, model: str) -> None:
        """Before anything is sent; what was begun before has failed.

        Raises:
            Withheld: the text at hand may not be sent there; nothing was.
        """
        self.end("failed", "NextAsked")
        call = Call(self._purpose, endpoint, model, self._sent_bytes)
        if not now().permits(endpoint):
            self._write(call.made("withheld"))
            raise Withheld(now().why_not(endpoint))
        self._call = call
        self.made.append((model, endpoint))

    def got(self, **counted: float | None) -> None:
        """`sent_tokens`, `got_tokens`, `got_bytes`, `cost_usd`, as far as they are known."""
        if self._call is not None:
            self._call.got(**counted)

    def end(self, outcome: str, why: str = "") -> None:
        if self._call is not None:
            call, self._call = self._call, None
            self._write(call.made(outcome, why))

    def _write(self, made: CallMade) -> None:
        if self._log is not None:
            self._log.append(made)


class Outgoing:
    """Lets a call through or holds it back. Thread-safe."""

    def __init__(self, log: CallLog | None = None) -> None:
        self._log = log

    @contextmanager
    def call(
        self, purpose: Purpose, endpoint: str, model: str, *, sent_bytes: int
    ) -> Generator[Attempts, None, None]:
        """Send inside. Raises as `Attempts.begin` does."""
        with self.attempts(purpose, sent_bytes=sent_bytes) as attempts:
            attempts.begin(endpoint, model)
            yield attempts

    @contextmanager
    def attempts(self, purpose: Purpose, *, sent_bytes: int) -> Generator[Attempts, None, None]:
        """Begin and send inside; the last attempt ends as the block does."""
        attempts = Attempts(self._log, purpose, sent_bytes)
        try:
            yield attempts
        except (asyncio.CancelledError, GeneratorExit):
            attempts.end("cancelled")
            raise
        except BaseException as exc:
            attempts.end("failed", type(exc).__name__)
            raise
        attempts.end("answered")


HERE_ONLY: Final = Outgoing()
"""Writes nothing down; for models that no library is answered with."""


def size_of(content: object) -> int:
    """Bytes of what is sent, as JSON."""
    return len(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))
