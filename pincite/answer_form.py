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
