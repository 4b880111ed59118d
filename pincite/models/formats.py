"""Whether a file of weights holds numbers only: told by its first bytes, not by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path

from pincite.errors import UnsafeWeights
from pincite.models.manifest import Format

_SNIFF = 16


def refuse_unsafe(path: Path, name: str) -> None:
    """Raises UnsafeWeights for a pickle or an archive, in which a pickle can hide.

    No safe format begins like one: MessagePack spells 0x80 for an empty map, which ends there.
    """
    with path.open("rb") as stream:
        head = stream.read(_SNIFF)
    pickled = len(head) > 1 and head[0] == 0x80 and 2 <= head[1] <= 5
    if pickled or head.startswith(b"PK\x03\x04") or zipfile.is_zipfile(path):
        raise UnsafeWeights(
            f"{name} is a pickle or an archive, which can run code when it is loaded; "
            "use the model's safetensors, ONNX or GGUF file"
        )


def refuse_other_format(path: Path, name: str, declared: Format) -> None:
    """Raises UnsafeWeights where the main file is not of the format the manifest declares."""
    with path.open("rb") as stream:
        head = stream.read(_SNIFF)
    matches = {
        "gguf": head.startswith(b"GGUF"),
        # Length of the header, little-endian, then JSON.
        "safetensors": len(head) > 8 and head[8:9] == b"{",
        # The first field of an ONNX model is its IR version.
        "onnx": head.startswith(b"\x08"),
        # Version of the binary layout, a small little-endian number.
        "ctranslate2": head[1:4] == b"\0\0\0",
        "spacy": True,
    }
    if not matches[declared]:
        raise UnsafeWeights(f"{name} is not a file in {declared} format")
