"""Long lists written as text."""

from __future__ import annotations


def words(text: str) -> list[str]:
    return text.split()


def listed(text: str) -> list[str]:
    """Of what commas part."""
    return text.split(",")
