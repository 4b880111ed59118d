"""The library fastembed. It downloads whatever it is not given, so it is always given a folder."""

from __future__ import annotations

from typing import Any

from pincite.models.optional_package import optional_package

EXTRA = "fastembed"


def fastembed_library() -> Any:
    """Raises MissingExtra."""
    return optional_package("fastembed", extra=EXTRA)
