"""The index's own folder: one owner, a note of what made it, and which shard is the live one."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pincite.errors import DataFolderBusy, DiskFull, IncompatibleData
from pincite.index.ports import Space
from pincite.values import Value

ROOM = 64 << 20
"""Bytes that must be free before a write: the engine maps files and cannot fail halfway."""
SCHEMA = 2
"""Of the folder and of the payloads in it."""


class Made(Value):
    """What the vectors in a folder were made with; other vectors must never meet them."""

    spaces: dict[str, Space]
    words: str
    schema_version: int = SCHEMA


class Live(Value):
    """The pointer file's content. Whatever else lies in the folder is a remnant."""

    shard: str
    optimized: int = 0
    """Points that its search structures were built over."""


class IndexFolder:
    """Holds the folder's lock from construction to `close`.

    Raises (constructor):
        DataFolderBusy: another process holds it.
    """

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            owner = os.read(self._lock, 32).decode(errors="replace").strip() or "unknown"
            os.close(self._lock)
            raise DataFolderBusy(
                f"process {owner} has the index in {path} open; end it, or give it the command"
            ) from exc
        os.truncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)

    def close(self) -> None:
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def check(self, made: Made) -> None:
        """Note what the index is made with, or compare it with the note.

        Raises:
            IncompatibleData: the index was made otherwise; nothing was touched.
        """
        note = self.path / "made.json"
        found = _read(note)
        if found is None:
            write_atomically(note, made.model_dump_json())
        elif found != made.model_dump(mode="json"):
            raise IncompatibleData(
                f"the index in {self.path} was made {difference(found, made)}; open the library "
                "with `pincite serve`: everything is embedded anew beside it"
            )

    def live(self) -> Live | None:
        found = _read(self.path / "live.json")
        return None if found is None else Live.model_validate(found)

    def point_to(self, live: Live) -> None:
        """From the moment this returns, and not before, `live` survives a crash."""
        write_atomically(self.path / "live.json", live.model_dump_json())

    def new_shard(self) -> Path:
        """A folder that does not exist yet and never did."""
        taken = {int(path.name.removeprefix("shard-")) for path in self.path.glob("shard-*")}
        live = self.live()
        if live is not None:
            taken.add(int(live.shard.removeprefix("shard-")))
        return self.path / f"shard-{max(taken, default=0) + 1:06}"

    def require_room(self, needed: int, what: str) -> None:
        """Raises DiskFull: there are fewer than so many bytes free, and some more."""
        free = shutil.disk_usage(self.path).free
        if free < needed + ROOM:
            raise DiskFull(
                f"the index in {self.path} needs {(needed + ROOM) >> 20} MiB free to {what} and "
                f"has {free >> 20}; free some and try again"
            )

    def remove_remnants(self) -> None:
        """Everything half-made or replaced when a process ended early."""
        live = self.live()
        for path in self.path.glob("shard-*"):
            if live is None or path.name != live.shard:
                shutil.rmtree(path)
        for path in self.path.glob("*.partial"):
            path.unlink()


def write_atomically(path: Path, text: str) -> None:
    """The file holds the old text or the new one, whenever the machine stops."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as exc:
        raise IncompatibleData(
            f"{path} is damaged; remove the folder {path.parent} (texts and files are kept) "
            "and start again: everything is embedded anew"
        ) from exc


def difference(found: Mapping[str, Any], made: Made) -> str:
    """In words: what an index was made with, and what the settings say."""
    if found.get("schema_version") != SCHEMA:
        return f"by another version of Pincite (schema {found.get('schema_version')}, not {SCHEMA})"
    if found.get("words") != made.words:
        return f"with words {found.get('words')}; the settings say {made.words}"
    return f"with {_told(found['spaces'])}; the settings say {_told(made.model_dump()['spaces'])}"


def _told(spaces: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} encoder {space['encoder']} ({space['dimensions']} dimensions)"
        for name, space in sorted(spaces.items())
    )


def size_of(folder: Path) -> int:
    """Bytes of the files in it, as far as they hold data."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
