"""torch and transformers, which only the extra `layoutlm` installs: loaded when first asked for."""

from __future__ import annotations

from functools import cache
from typing import Any

from pincite.errors import BadSettings
from pincite.models.optional_package import optional_package

EXTRA = "layoutlm"


def torch_library() -> Any:
    """Raises MissingExtra."""
    return optional_package("torch", extra=EXTRA)


@cache
def transformers_library() -> Any:
    """Without its progress bars. Raises MissingExtra."""
    torch_library()
    library = optional_package("transformers", extra=EXTRA)
    library.utils.logging.disable_progress_bar()
    return library


def device_of(wanted: str) -> str:
    """`cpu` or `cuda`. Raises BadSettings: a graphics card is asked for and torch finds none."""
    there = bool(torch_library().cuda.is_available())
    if wanted == "cuda" and not there:
        raise BadSettings("device cuda: torch finds no graphics card on this machine; use auto")
    return "cuda" if there and wanted != "cpu" else "cpu"
