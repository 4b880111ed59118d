"""Tells whether a scope takes in every point of a shard, so that the engine need not look.

Checking a filter against 100 000 points takes the engine some 20 ms, and as long again to gather
the term statistics of what passes. Most askers of a small installation may see all there is.
Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pincite.index.frames import POINT_FIELDS, Header

FIELDS: Final = ("readers", "collection", "medium")
"""A scope that asks for anything else is never the whole."""
_PLACES: Final = {field: POINT_FIELDS.index(field) for field in FIELDS}


class Whole:
    """Every value that a point may have. Values of deleted points stay: that costs time only."""

    def __init__(self, values: Mapping[str, Iterable[str]], *, without_readers: bool) -> None:
        """`values` by field; `without_readers`: whether there are points that nobody may see."""
        self._values = {field: set(values[field]) for field in FIELDS}
        self._without_readers = without_readers

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Must be called before the points of `rows` can be found."""
        for row in rows:
            readers = row[_PLACES["readers"]]
            self._without_readers |= not readers
            self._values["readers"].update(readers)
            self._values["collection"].add(row[_PLACES["collection"]])
            self._values["medium"].add(row[_PLACES["medium"]])

    def is_in(self, scope: Header) -> bool:
        """Whether `scope` admits each of the points; False also where that is not known."""
        return (
            not self._without_readers
            and scope.keys() <= self._values.keys()
            and all(self._values[field].issubset(wanted) for field, wanted in scope.items())
        )
