"""Questions whose answers stand on known pages; shared by the sets for page retrieval."""

from __future__ import annotations

from typing import NamedTuple

from pincite.values import Value


class Page(NamedTuple):
    """A page of a file of the set, counted from 1."""

    file: str
    number: int


class Asked(Value):
    id: str
    question: str
    gold: frozenset[Page]
    """Finding any of them counts."""
    modalities: frozenset[str]
    """What the answer stands in: text, layout, table, chart, figure; empty where not told."""
