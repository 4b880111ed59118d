"""Tree-edit-distance similarity of tables (TEDS; Zhong, ShafieiBavani, Jimeno Yepes 2020).

A table is the tree table → rows → cells. Inserting or removing a node costs 1; turning one cell
into another costs 1 where the spans differ, else the Levenshtein distance of the texts over the
longer length. TEDS = 1 - distance / nodes of the larger tree. Header and body cells are alike, as
the sets scored here do not tell them apart. The distance is that of Zhang and Shasha (1989); for
these flat trees it costs some 9 · n · m steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple


class Leaf(NamedTuple):
    text: str
    row_span: int = 1
    column_span: int = 1


Rows = Sequence[Sequence[Leaf]]

_Label = Leaf | str


class _Tree(NamedTuple):
    """Nodes in postorder."""

    labels: list[_Label]
    leftmost: list[int]
    """Per node: its leftmost leaf."""
    roots: list[int]
    """Nodes that have a sibling to the left, and the root: where a subproblem begins."""


def teds(found: Rows, gold: Rows) -> float:
    """1 for equal tables; 0 where one side has nothing."""
    if not found or not gold:
        return 0.0
    one, other = _tree(found), _tree(gold)
    most = max(len(one.labels), len(other.labels))
    return max(0.0, 1 - _distance(one, other) / most)


def _tree(rows: Rows) -> _Tree:
    labels: list[_Label] = []
    leftmost: list[int] = []
    for row in rows:
        start = len(labels)
        for cell in row:
            leftmost.append(len(labels))
            labels.append(cell)
        leftmost.append(start)
        labels.append("row")
    leftmost.append(0)
    labels.append("table")
    last = {first: node for node, first in enumerate(leftmost)}
    return _Tree(labels, leftmost, sorted(last.values()))


def _distance(one: _Tree, other: _Tree) -> float:
    between = [[0.0] * len(other.labels) for _ in one.labels]
    rename = cache(_rename)
    costs = [[rename(label, wanted) for wanted in other.labels] for label in one.labels]
    for root in one.roots:
        for goal in other.roots:
            _forests(one, other, (root, goal), costs, between)
    return between[-1][-1]


def _forests(
    one: _Tree,
    other: _Tree,
    ends: tuple[int, int],
    costs: list[list[float]],
    between: list[list[float]],
) -> None:
    """Fill `between` for the subtrees that share the leftmost leaves of the two `ends`."""
    first, start = one.leftmost[ends[0]], other.leftmost[ends[1]]
    width = ends[1] - start + 1
    rows = [[float(column) for column in range(width + 1)]]
    for node in range(first, ends[0] + 1):
        before, now = rows[-1], [rows[-1][0] + 1.0]
        whole, jump = one.leftmost[node] == first, one.leftmost[node] - first
        for column in range(width):
            goal = start + column
            least = min(before[column + 1], now[column]) + 1.0
            if whole and other.leftmost[goal] == start:
                least = min(least, before[column] + costs[node][goal])
                between[node][goal] = least
            else:
                back = rows[jump][other.leftmost[goal] - start]
                least = min(least, back + between[node][goal])
            now.append(least)
        rows.append(now)


def _rename(label: _Label, wanted: _Label) -> float:
    if isinstance(label, str) or isinstance(wanted, str):
        return float(label != wanted)
    if label[1:] != wanted[1:]:
        return 1.0
    longest = max(len(label.text), len(wanted.text))
    return levenshtein(label.text, wanted.text) / longest if longest else 0.0


def levenshtein(one: str, other: str) -> int:
    """Fewest insertions, deletions and replacements of characters."""
    if one == other:
        return 0
    before = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        now = [place]
        for index, wanted in enumerate(other):
            change = before[index] + (letter != wanted)
            now.append(min(change, before[index + 1] + 1, now[-1] + 1))
        before = now
    return before[-1]
