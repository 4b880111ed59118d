"""Two sides of a page: how the file and the numbers on it say that they are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise
from typing import Literal, NamedTuple

from ingestion.layout.marks import Line

FEWEST_IN_BAND = 2
_FEWEST_COUNTED = 2
"""Numbers that each side needs to say in which order they are read."""
_COUNT = re.compile(r"(\d{1,2})[.)]\s+[^\W\d]")
_TELLING = 2
"""Longer words of a line whose place in the file says something; formulas are often drawn last."""
_WHITE = 1.2
"""White between a table and what is above it, in type sizes."""


class Band(NamedTuple):
    """Lines between two lines that cross the gutter."""

    left: list[Line]
    right: list[Line]
    across: list[Line]


def rows_told(band: Band) -> list[Band]:
    """Cut where white runs across both sides and the file says all above it before all below.

    Cards in two columns are read row by row; in columns of running text the file never does so.
    """
    if min(len(band.left), len(band.right)) < FEWEST_IN_BAND:
        return [band]
    counted = _counted(band)
    if counted == "columns":
        return [band]
    groups = stacks_of([*band.left, *band.right])
    left_side = {id(line) for line in band.left}
    rows = [Band([], [], band.across)]
    said = -1
    for group in groups:
        orders = [line.order for line in group if _tells(line)]
        is_new = any(map(_number, group)) if counted else bool(orders) and 0 <= said < min(orders)
        if is_new and _has_both(rows[-1]):
            rows.append(Band([], [], []))
        said = max([said, *orders])
        for line in group:
            (rows[-1].left if id(line) in left_side else rows[-1].right).append(line)
    if len(rows) > 1 and not _has_both(rows[-1]):
        last = rows.pop()
        rows[-1].left.extend(last.left)
        rows[-1].right.extend(last.right)
    return rows if counted or all(map(_is_card_row, rows)) else [band]


def _counted(band: Band) -> Literal["columns", "rows"] | None:
    """The way in which numbers such as `3.` before the lines go up; None where they do not say."""
    sides = [
        [number for line in sorted(side, key=_top) if (number := _number(line))]
        for side in (band.left, band.right)
    ]
    if min(len(numbers) for numbers in sides) < _FEWEST_COUNTED:
        return None
    down = sides[0] + sides[1]
    across = [
        number
        for group in stacks_of([*band.left, *band.right])
        for line in sorted(group, key=lambda line: line.box.left)
        if (number := _number(line))
    ]
    if down == sorted(set(down)):
        return "columns"
    return "rows" if across == sorted(set(across)) else None


def _number(line: Line) -> int:
    """The number that a line begins with, as headings and items do; 0 without one."""
    found = _COUNT.match(line.text)
    return int(found.group(1)) if found else 0


def _top(line: Line) -> float:
    return line.box.top


def _tells(line: Line) -> bool:
    telling = (True for word in line.words if len(word.text) > 2 and word.text[0].isalpha())
    return len(list(islice(telling, _TELLING))) == _TELLING


def _has_both(band: Band) -> bool:
    return bool(band.left and band.right)


def _is_card_row(band: Band) -> bool:
    """Whether the file says one side before the other, at some length."""
    told = Band(
        [line for line in band.left if _tells(line)],
        [line for line in band.right if _tells(line)],
        [],
    )
    return min(len(told.left), len(told.right)) >= FEWEST_IN_BAND and switches(told) <= 0


def stacks_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Groups of lines with white right across between them, from top to bottom."""
    stacks: list[list[Line]] = []
    bottom = 0.0
    for line in sorted(lines, key=lambda item: item.box.top):
        if not stacks or line.box.top - bottom > _WHITE * line.size:
            stacks.append([])
            bottom = line.box.bottom
        stacks[-1].append(line)
        bottom = max(bottom, line.box.bottom)
    return stacks


def switches(band: Band) -> float:
    """How often the file goes from one side to the other, per line of the shorter side."""
    sides = sorted(
        (line.order, side)
        for side, lines in enumerate((band.left, band.right))
        for line in lines
        if not is_formula(line)
    )
    changes = sum(one[1] != other[1] for one, other in pairwise(sides))
    return (changes - 1) / max(1, 2 * min(len(band.left), len(band.right)))


def is_formula(line: Line) -> bool:
    return line.placed is not None and bool(line.placed.formula)
