"""The kernel of Pincite: domain types, settings, model and index back ends."""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pincite.checking import check

__all__ = ["check"]

# Libraries read these once, when they are loaded, and every process of ours loads this module
# first. Without the first one ONNX Runtime (from 1.29) sends what it computes with to its maker
# and leaves an identifier in the user's cache folder.
os.environ.update(ORT_DISABLE_TELEMETRY="1", DO_NOT_TRACK="1", HF_HUB_OFFLINE="1")  # noqa: TID251


def __getattr__(name: str) -> Any:
    """`pincite.check`, loaded when it is asked for."""
    if name == "check":
        from pincite import checking

        return checking.check
    raise AttributeError(f"module 'pincite' has no attribute {name!r}")
