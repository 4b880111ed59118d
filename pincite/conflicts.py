"""That sources say different things of what was asked."""

from __future__ import annotations

from pydantic import Field

from pincite.elements import SourceId
from pincite.values import Value


class Position(Value):
    """What one source says."""

    source: SourceId
    source_name: str
    dated: str = ""
    """The day, month or year that the source is of, in ISO 8601; empty where nothing tells it."""
    value: str
    """As it is written there."""
    cites: int = Field(ge=1)
    """Number of a citation of the answer."""


class Conflict(Value):
    """Two or more sources, the newest first where their dates are known."""

    positions: tuple[Position, ...] = Field(min_length=2)
    by_date: bool = False
    """Whether all of them are dated, and not alike."""
