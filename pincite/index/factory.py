"""Settings → index, after a look at whether the folder fits this version and encoder."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import assert_never

from pincite import config
from pincite.errors import BadSettings
from pincite.index.folder import IndexFolder, Made
from pincite.index.frames import Tuning
from pincite.index.ports import ElementIndex, Space
from pincite.index.words import Bm25Words


def open_index(
    settings: config.Index,
    folder: Path,
    spaces: Mapping[str, Space],
    *,
    words: str | None = None,
) -> ElementIndex:
    """Open the index of one data folder; close it when done.

    `spaces` are those of its dense vectors, by name; `words` is the sparse encoder's id, where it
    is not that of this version.

    Raises:
        IncompatibleData: `folder` was written by another version or with another encoder.
        DataFolderBusy: another process has it open.
        BadSettings: `qdrant` without an address.
    """
    made = Made(spaces=dict(spaces), words=words or Bm25Words().id)
    match settings.kind:
        case "memory":
            from pincite.index.memory import MemoryIndex

            return MemoryIndex()
        case "edge":
            from pincite.index.edge import EdgeIndex

            home = IndexFolder(folder)
            try:
                home.check(made)
                return EdgeIndex(
                    home,
                    spaces,
                    optimize_above=settings.optimize_above,
                    tuning=Tuning(*(getattr(settings, name) for name in Tuning._fields)),
                )
            except BaseException:
                home.close()
                raise
        case "qdrant":
            from pincite.index.qdrant import QdrantIndex

            if not settings.url:
                raise BadSettings(
                    "PINCITE_INDEX__URL is not set; give the address of the Qdrant server, "
                    "e.g. http://localhost:6333"
                )
            return QdrantIndex(settings.url, made, settings)
        case _:
            assert_never(settings.kind)


def discard_index(settings: config.Index, folder: Path) -> None:
    """Remove an index that nobody has open, with its files; no error where there is none."""
    match settings.kind:
        case "memory":
            return
        case "edge":
            shutil.rmtree(folder, ignore_errors=True)
        case "qdrant" if settings.url and "://" in settings.url:
            from pincite.index.qdrant import discard_collection

            discard_collection(settings.url, settings)
        case "qdrant":
            shutil.rmtree(settings.url or folder, ignore_errors=True)
        case _:
            assert_never(settings.kind)
