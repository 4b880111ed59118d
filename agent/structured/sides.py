"""What is compared: sources, each with what is asked of it."""

from __future__ import annotations

from typing import NamedTuple

from pincite.elements import SourceId


class Side(NamedTuple):
    """One column of a comparison."""

    source: SourceId
    name: str
    """Of the file."""


class Comparison(NamedTuple):
    sides: tuple[Side, ...]
    aspects: tuple[str, ...]
    """What is compared, a row each; empty where the question leaves it open."""
    query: str
    """What is searched for in each of them."""
