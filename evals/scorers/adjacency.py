"""Cell adjacency relations: which cells a table says are neighbours (Göbel et al. 2012).

Every cell with text is related to its nearest neighbour with text, to the right in each of its rows
and below in each of its columns; empty cells are passed over. A relation is the two texts and the
direction. Two tables are compared by how many relations they share, each used once, so neither
where a table stands nor how empty rows are counted matters.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

Relation = tuple[str, str, Literal["right", "below"]]
Relations = Counter[Relation]


class Slot(NamedTuple):
    """A cell by the rows and columns that it covers, last ones included."""

    row: int
    column: int
    end_row: int
    end_column: int
    text: str


def normalized(text: str) -> str:
    """Letters and digits in capitals; space goes, and any other character becomes `_`."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(
        letter.upper() if letter.isalnum() else "_"
        for letter in plain
        if not letter.isspace() and unicodedata.category(letter) != "Cf"
    )


def relations(cells: Sequence[Slot]) -> Relations:
    """Pairs of neighbours; a pair of cells that meet in several rows counts once."""
    texts = [normalized(cell.text) for cell in cells]
    at = {
        (row, column): index
        for index, cell in enumerate(cells)
        if texts[index]
        for row in range(cell.row, cell.end_row + 1)
        for column in range(cell.column, cell.end_column + 1)
    }
    across = _pairs([(row, column, index) for (row, column), index in at.items()])
    down = _pairs([(column, row, index) for (row, column), index in at.items()])
    return Counter(
        [
            *((texts[one], texts[other], "right") for one, other in across),
            *((texts[one], texts[other], "below") for one, other in down),
        ]
    )


def _pairs(places: Iterable[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """Neighbours along each line; `places` are line, place on the line, cell."""
    ordered = sorted(places)
    return {
        (one[2], other[2])
        for one, other in pairwise(ordered)
        if one[0] == other[0] and one[2] != other[2]
    }


class Agreement(NamedTuple):
    right: int
    """Relations found that are in the gold."""
    found: int
    gold: int

    @property
    def precision(self) -> float:
        """1 where nothing was found and nothing was there."""
        return self.right / self.found if self.found else float(not self.gold)

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0


def agreement(found: Relations, gold: Relations) -> Agreement:
    return Agreement((found & gold).total(), found.total(), gold.total())


def f1(precision: float, recall: float) -> float:
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0
