"""Which index is in use and which one is being filled: the pointer file of a data folder.

An index belongs to what its vectors were made with. Another encoder means another index: it is
filled beside the one in use and takes its place in one write of this file.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from pincite import config
from pincite.index.folder import Made, write_atomically
from pincite.values import Value

FIRST = "index"


class Generation(Value):
    """An index as it was made."""

    name: str
    """Of its folder below the data folder; a server knows it by the same number."""
    made: Made
    encoder: dict[str, Any] = Field(default_factory=dict[str, Any])
    """Settings of the text encoder, without secrets; empty where they were not written down."""

    @property
    def number(self) -> int:
        return int(self.name.removeprefix(FIRST).removeprefix("-") or 1)


def settings_of(index: config.Index, generation: Generation) -> config.Index:
    """A generation on a server is a collection of its own; in local mode a folder."""
    if generation.number == 1:
        return index
    changes = {"collection": f"{index.collection}_{generation.number}"}
    if index.url and "://" not in index.url:
        changes["url"] = f"{index.url}-{generation.number}"
    return index.model_copy(update=changes)


class Pointer(Value):
    """The content of the file."""

    in_use: Generation
    filling: Generation | None = None
    """Not complete yet; it outlives a kill, so that what was done is not done again."""


class Generations:
    """Used by the owner of the data folder only."""

    def __init__(self, folder: Path, kind: str) -> None:
        """`kind` is that of the index: each has a pointer of its own."""
        self._folder = folder
        self._has_folders = kind == "edge"
        self._file = folder / f"index-{kind}.json"

    def folder(self, generation: Generation) -> Path:
        return self._folder / generation.name

    def read(self) -> Pointer | None:
        """None where nothing was written down, by an older version for instance."""
        try:
            return Pointer.model_validate_json(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return self._unwritten() if self._has_folders else None
        except ValidationError:
            return None

    def point_to(self, pointer: Pointer) -> None:
        """From the moment this returns, and not before, `pointer` survives a crash."""
        write_atomically(self._file, pointer.model_dump_json())

    def remove_remnants(self, pointer: Pointer) -> None:
        """Folders of indexes that are neither in use nor being filled."""
        if not self._has_folders:
            return
        kept = {each.name for each in (pointer.in_use, pointer.filling) if each is not None}
        for path in (self._folder / FIRST, *self._folder.glob(f"{FIRST}-[0-9]*")):
            if path.is_dir() and path.name not in kept:
                shutil.rmtree(path)

    def _unwritten(self) -> Pointer | None:
        """As the first index says of itself."""
        try:
            note = json.loads((self._folder / FIRST / "made.json").read_text(encoding="utf-8"))
            return Pointer(in_use=Generation(name=FIRST, made=Made.model_validate(note)))
        except (OSError, ValueError, ValidationError):
            return None
