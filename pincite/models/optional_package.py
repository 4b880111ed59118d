"""Packages of an extra: loaded when they are needed, and named with the command when missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pincite.errors import MissingExtra


def optional_package(name: str, *, extra: str) -> Any:
    """Raises MissingExtra; a package that is there but broken shows its own error."""
    try:
        return import_module(name)
    except ModuleNotFoundError as exc:
        if exc.name != name:
            raise
        raise MissingExtra(name, extra=extra) from exc
