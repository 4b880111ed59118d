"""What a place that has weights must be able to do, and the folder mirror that does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from pincite.errors import WrongHash
from pincite.models.manifest import ModelFile
from pincite.models.partial import PartialFiles, blocks_of
from pincite.values import Value


class Wanted(Value):
    """A file that the store lacks, and the model it is for."""

    model: str
    file: ModelFile


class Progress(Protocol):
    """Told from several threads; both are called often and must be quick."""

    def expect(self, model: str, size: int) -> None:
        """`size` more bytes are to come for this model."""
        ...

    def advance(self, model: str, size: int) -> None: ...


class NoProgress:
    def expect(self, model: str, size: int) -> None:
        del model, size

    def advance(self, model: str, size: int) -> None:
        del model, size


Arrived = Callable[[Wanted], None]
"""Told in the caller's thread when a file is complete in the partial folder."""


class WeightSource(Protocol):
    """A place where weights can be had."""

    @property
    def name(self) -> str:
        """As the settings and the table of failures call it."""
        ...

    def fetch(
        self, wanted: Sequence[Wanted], into: PartialFiles, arrived: Arrived, progress: Progress
    ) -> dict[str, str]:
        """Get what can be had; the rest is returned as SHA-256 to one clause that says why.

        A place that does not answer is asked once, not once per file.

        Raises:
            DiskFull: nothing that had arrived is lost.
        """
        ...


class FolderMirror:
    """A folder as `pincite models export` writes it: MODEL/FILE."""

    name = "folder"

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def fetch(
        self, wanted: Sequence[Wanted], into: PartialFiles, arrived: Arrived, progress: Progress
    ) -> dict[str, str]:
        if self._folder is None:
            return {each.file.sha256: "no PINCITE_MODELS__FOLDER is set" for each in wanted}
        failed: dict[str, str] = {}
        for each in wanted:
            path = self._folder.expanduser() / each.model / each.file.name
            progress.expect(each.model, each.file.size)
            try:
                into.write(each.file, blocks_of(path))
            except OSError as exc:
                failed[each.file.sha256] = f"{path}: {(exc.strerror or str(exc)).lower()}"
            except WrongHash as exc:
                failed[each.file.sha256] = f"{path}: {exc}"
            else:
                progress.advance(each.model, each.file.size)
                arrived(each)
        return failed
