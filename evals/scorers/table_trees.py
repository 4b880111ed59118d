"""Cells by rows and columns → the rows of leaves that TEDS compares."""

from __future__ import annotations

from collections.abc import Sequence

from evals.scorers.adjacency import Slot
from evals.scorers.teds import Leaf, Rows


def leaves(slots: Sequence[Slot]) -> Rows:
    """Every place of the grid is a cell of the tree, or a part of one; empty places as well."""
    if not slots:
        return []
    first, left = min(slot.row for slot in slots), min(slot.column for slot in slots)
    width = 1 + max(slot.end_column for slot in slots) - left
    height = 1 + max(slot.end_row for slot in slots) - first
    owner = {
        (row, column): slot
        for slot in slots
        for row in range(slot.row, slot.end_row + 1)
        for column in range(slot.column, slot.end_column + 1)
    }
    rows: list[list[Leaf]] = []
    for row in range(first, first + height):
        made: list[Leaf] = []
        for column in range(left, left + width):
            slot = owner.get((row, column))
            if slot is None:
                made.append(Leaf(""))
            elif (slot.row, slot.column) == (row, column):
                text = " ".join(slot.text.split())
                spans = slot.end_row - slot.row + 1, slot.end_column - slot.column + 1
                made.append(Leaf(text, *spans))
        rows.append(made)
    return rows
