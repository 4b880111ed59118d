"""What an answer looks like; imports nothing, so that a command line may list it."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """What the answer looks like; each is checked claim by claim in the same way."""

    SHORT = "short"
    """One or two sentences."""
    EXPLANATION = "explanation"
    """Several sentences that say how one thing follows from another."""
    QUOTES = "quotes"
    """Sentences of the sources, word for word; no language model takes part."""
    TABLE = "table"
    """Rows and columns, each cell with its citation."""
    COMPARISON = "comparison"
    """A table with a column for each source that is compared."""
    JSON = "json"
    """An object by the caller's JSON Schema."""

    @property
    def is_structured(self) -> bool:
        """Whether it has cells or values instead of sentences."""
        return self in (Form.TABLE, Form.COMPARISON, Form.JSON)
