"""Settings → index, after a look at whether the folder fits this version and encoder."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from pincite import config
from pincite.index.ports import ElementIndex


def open_index(
    settings: config.Index, folder: Path, dimensions: int, encoder_id: str
) -> ElementIndex:
    """Open the index of one data folder; close it when done.

    Raises:
        IncompatibleData: `folder` was written by another version or with another encoder.
        DataFolderBusy: another process has it open.
        BadSettings: `qdrant` without an address.
    """
    match settings.kind:
        case "memory":
            from pincite.index.memory import MemoryIndex

            return MemoryIndex()
        case "edge" | "qdrant":
            raise NotImplementedError
        case _:
            assert_never(settings.kind)
