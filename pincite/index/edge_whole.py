"""Tells which conditions of a scope every point of a shard meets, so that the engine need not look.

Each condition costs the engine some 50 to 100 ns a point, where it filters and once more where it
gathers the term statistics of what passes. Most askers of a small installation may see all there
is, and ask for one thing besides, say a range of pages. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pincite.index.frames import POINT_FIELDS, Header

FIELDS: Final = ("readers", "collection", "medium")
"""Those whose every value is known; any other condition is always looked at."""
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

    def left_of(self, scope: Header) -> Header:
        """The conditions that some point may fail; none where `scope` admits every point."""
        return {field: wanted for field, wanted in scope.items() if not self._met(field, wanted)}

    def _met(self, field: str, wanted: Iterable[str]) -> bool:
        """Whether all points meet it; False also where that is not known."""
        if field not in FIELDS or (field == "readers" and self._without_readers):
            return False
        return self._values[field].issubset(wanted)
