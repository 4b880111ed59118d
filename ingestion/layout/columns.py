"""Lines → flows: stretches of a page that are read from top to bottom, in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

from ingestion.layout.marks import Box, Line, Rule, around

_DEEPEST = 4
_MOST_TRIED = 5
_FEWEST = 4
"""Lines that a column needs on the page."""
_FEWEST_IN_BAND = 2
_FEWEST_BESIDE = 6
_FEWEST_TOLD = 12
_TELLING = 2
"""Longer words of a line whose place in the file says something; formulas are often drawn last."""
_SELDOM = 0.35
_HARDLY = 0.1
"""Changes of side per line; the rows of a table change at every line."""
_WHITE = 1.2
"""White between a table and what is above it, in type sizes."""
_NARROWEST = 0.12
"""Share of the width that a column takes at least."""
_NUMERIC = re.compile(r"[\d$€£%(),.\-–—/:\s]+")


class _Band(NamedTuple):
    """Lines between two lines that cross the gutter."""

    left: list[Line]
    right: list[Line]
    across: list[Line]


def flows_of(
    lines: Sequence[Line], rules: Sequence[Rule] = (), *, ordered: bool = True, depth: int = 0
) -> list[list[Line]]:
    """Part lines into flows; `ordered` says that `Line.order` means something."""
    for gutter in _gutters(lines) if depth < _DEEPEST else ():
        bands = [
            part
            for band in _bands(lines, gutter)
            for row in (_rows_told(band) if ordered else [band])
            for part in _parts(row)
        ]
        page = around(line.box for line in lines)
        parted = [
            _has_columns(band, gutter, rules, ordered=ordered) and _is_wide(band, gutter, page)
            for band in bands
        ]
        if any(parted):
            break
    else:
        return [list(lines)] if lines else []
    found: list[list[Line]] = []
    plain: list[Line] = []
    for band, has_columns in zip(bands, parted, strict=True):
        plain.extend(band.across)
        if not has_columns:
            plain.extend(band.left + band.right)
            continue
        if plain:
            found.append(plain)
            plain = []
        for side in (band.left, band.right):
            found.extend(flows_of(side, rules, ordered=ordered, depth=depth + 1))
    return [*found, plain] if plain else found


def _gutters(lines: Sequence[Line]) -> list[float]:
    """Places across that part many lines into left and right while crossing few, best first."""
    if len(lines) < 2 * _FEWEST:
        return []
    lefts = np.array([line.box.left for line in lines])
    rights = np.array([line.box.right for line in lines])
    start, end = float(lefts.min()), float(rights.max())
    margin = _NARROWEST * (end - start)
    places = np.arange(start + margin, end - margin, 2.0)
    before = (rights[None, :] <= places[:, None]).sum(axis=1)
    after = (lefts[None, :] >= places[:, None]).sum(axis=1)
    smaller = np.minimum(before, after)
    worth = smaller - 0.5 * (len(lines) - before - after)
    worth[(smaller < _FEWEST) | (worth <= 0)] = 0
    edges = np.flatnonzero(np.diff(worth)) + 1
    flats = [flat for flat in np.split(np.arange(len(worth)), edges) if len(flat)]
    peaks = [
        flat
        for index, flat in enumerate(flats)
        if worth[flat[0]] > 0
        and (index == 0 or worth[flats[index - 1][0]] < worth[flat[0]])
        and (index + 1 == len(flats) or worth[flats[index + 1][0]] < worth[flat[0]])
    ]
    peaks.sort(key=lambda flat: -float(worth[flat[0]]))
    return [float(places[flat[len(flat) // 2]]) for flat in peaks[:_MOST_TRIED]]


def _bands(lines: Sequence[Line], gutter: float) -> list[_Band]:
    """Cut the page where lines cross the gutter, from top to bottom."""
    crossing = sorted(
        (line for line in lines if line.box.left < gutter < line.box.right),
        key=lambda line: line.box.top,
    )
    heights = np.array([(line.box.top + line.box.bottom) / 2 for line in crossing])
    bands = [_Band([], [], [line]) for line in crossing]
    bands.insert(0, _Band([], [], []))
    for line in lines:
        if line.box.left < gutter < line.box.right:
            continue
        middle = (line.box.top + line.box.bottom) / 2
        band = bands[int(np.searchsorted(heights, middle))]
        (band.left if line.box.right <= gutter else band.right).append(line)
    return bands


def _rows_told(band: _Band) -> list[_Band]:
    """Cut where white runs across both sides and the file says all above it before all below.

    Cards in two columns are read row by row; in columns of running text the file never does so.
    """
    if min(len(band.left), len(band.right)) < _FEWEST_IN_BAND:
        return [band]
    groups = _stacks([*band.left, *band.right])
    left_side = {id(line) for line in band.left}
    rows = [_Band([], [], band.across)]
    said = -1
    for group in groups:
        orders = [line.order for line in group if _tells(line)]
        if orders and 0 <= said < min(orders) and _has_both(rows[-1]):
            rows.append(_Band([], [], []))
        said = max([said, *orders])
        for line in group:
            (rows[-1].left if id(line) in left_side else rows[-1].right).append(line)
    if len(rows) > 1 and not _has_both(rows[-1]):
        last = rows.pop()
        rows[-1].left.extend(last.left)
        rows[-1].right.extend(last.right)
    return rows if all(map(_is_card_row, rows)) else [band]


def _tells(line: Line) -> bool:
    return sum(len(word.text) > 2 and word.text[0].isalpha() for word in line.words) >= _TELLING


def _has_both(band: _Band) -> bool:
    return bool(band.left and band.right)


def _is_card_row(band: _Band) -> bool:
    """Whether the file says one side before the other, at some length."""
    told = _Band(
        [line for line in band.left if _tells(line)],
        [line for line in band.right if _tells(line)],
        [],
    )
    return min(len(told.left), len(told.right)) >= _FEWEST_IN_BAND and _switches(told) <= 0


def _parts(band: _Band) -> list[_Band]:
    """Cut off the rows of tables: what white parts from the rest, with prose on neither side."""
    parts = [_Band([], [], band.across)]
    was_tabular = False
    left_side = {id(line) for line in band.left}
    for group in _stacks([*band.left, *band.right]):
        left = [line for line in group if id(line) in left_side]
        right = [line for line in group if id(line) not in left_side]
        is_tabular = bool(left and right) and not (
            _reads_like_prose(left) or _reads_like_prose(right)
        )
        if is_tabular != was_tabular:
            parts.append(_Band([], [], []))
            was_tabular = is_tabular
        parts[-1].left.extend(left)
        parts[-1].right.extend(right)
    return parts


def _stacks(lines: Sequence[Line]) -> list[list[Line]]:
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


def _has_columns(band: _Band, gutter: float, rules: Sequence[Rule], *, ordered: bool) -> bool:
    """Whether left is read to its end before right; false for the rows of a table."""
    if min(len(band.left), len(band.right)) < _FEWEST_IN_BAND:
        return False
    if ordered and _is_told_apart(band):
        return True
    if not (_reads_like_prose(band.left) and _reads_like_prose(band.right)):
        return ordered and _is_beside_table(band)
    box = around(line.box for line in (*band.left, *band.right))
    ruled = sum(
        rule.horizontal and rule.start < gutter < rule.end and box.top <= rule.at <= box.bottom
        for rule in rules
    )
    if ruled >= 3:
        return False
    return _switches(band) <= _SELDOM if ordered else _is_filled(band, gutter)


def _is_told_apart(band: _Band) -> bool:
    """Whether the file itself says all of one side before the other, at some length."""
    if min(len(band.left), len(band.right)) < _FEWEST_TOLD or _switches(band) > _HARDLY / 2:
        return False
    return all(_numeric_share(side) < 0.5 for side in (band.left, band.right))


def _is_wide(band: _Band, gutter: float, page: Box) -> bool:
    """Whether the lines of a low band are as wide as columns are: headers of tables are not."""
    if min(len(band.left), len(band.right)) >= _FEWEST_BESIDE:
        return True
    return all(
        median([line.box.width for line in side if not _is_formula(line)] or [0]) >= 0.5 * width
        for side, width in (
            (band.left, gutter - page.left),
            (band.right, page.right - gutter),
        )
    )


def _is_beside_table(band: _Band) -> bool:
    """Whether full lines of prose stand on one side and something else on the other."""
    for side in (band.left, band.right):
        full = [line for line in side if line.placed is None]
        if len(full) < _FEWEST_BESIDE or not _reads_like_prose(full):
            continue
        width = around(line.box for line in full).width
        if median(line.box.width for line in full) >= 0.75 * width:
            return _switches(band) <= _HARDLY
    return False


def _reads_like_prose(side: Sequence[Line]) -> bool:
    """True also where there are only tables and pictures: they part no columns."""
    lines = [line for line in side if line.placed is None]
    if not lines:
        return True
    return _numeric_share(lines) < 0.3 and median(len(line.words) for line in lines) >= 3


def _numeric_share(lines: Sequence[Line]) -> float:
    return sum(_NUMERIC.fullmatch(line.text) is not None for line in lines) / len(lines)


def _switches(band: _Band) -> float:
    """How often the file goes from one side to the other, per line of the shorter side."""
    sides = sorted(
        (line.order, side)
        for side, lines in enumerate((band.left, band.right))
        for line in lines
        if not _is_formula(line)
    )
    changes = sum(one[1] != other[1] for one, other in pairwise(sides))
    return (changes - 1) / max(1, 2 * min(len(band.left), len(band.right)))


def _is_formula(line: Line) -> bool:
    return line.placed is not None and bool(line.placed.formula)


def _is_filled(band: _Band, gutter: float) -> bool:
    """Whether lines run on to the end of their column, as prose does and cells do not."""
    return all(
        median(line.box.width for line in side) >= 0.5 * around(line.box for line in side).width
        for side in (band.left, band.right)
    )
