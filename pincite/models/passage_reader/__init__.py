"""The small reader that says whether a passage answers a question; CARD.md says where from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pincite.models.ports import PassageReader

FOLDER: Final = Path(__file__).parent


def shipped_reader() -> PassageReader | None:
    """None where its weights are absent: `pincite doctor` says so, and other signals decide."""
    if not (FOLDER / "model.onnx").is_file():
        return None
    from pincite.models.onnx_reader import OnnxReader

    return OnnxReader(FOLDER)
