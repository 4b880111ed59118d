"""Lines → flows: stretches of a page that are read from top to bottom, in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

import numpy as np

from ingestion.layout.bands import FEWEST_IN_BAND, Band, is_formula, rows_told, stacks_of, switches
from ingestion.layout.marks import Box, Line, Rule, around

_DEEPEST = 4
_MOST_TRIED = 5
_FEWEST = 4
"""Lines that a column needs on the page."""
_FEWEST_BESIDE = 6
_FEWEST_TOLD = 12
_SELDOM = 0.35
_HARDLY = 0.1
"""Changes of side per line; the rows of a table change at every line."""
_NARROWEST = 0.12
"""Share of the width that a column takes at least."""
_SAME_PARAGRAPH = 0.8
"""White between the lines of one paragraph, in type sizes, at most."""
_NUMERIC = re.compile(r"[\d$€£%(),.\-–—/:\s]+")


def flows_of(
    lines: Sequence[Line], rules: Sequence[Rule] = (), *, ordered: bool = True, depth: int = 0
) -> list[list[Line]]:
    """Part lines into flows; `ordered` says that `Line.order` means something."""
    for gutter in _gutters(lines) if depth < _DEEPEST else ():
        bands = [
            part
            for band in _bands(lines, gutter)
            for row in (rows_told(band) if ordered else [band])
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


def _bands(lines: Sequence[Line], gutter: float) -> list[Band]:
    """Cut the page where lines cross the gutter, from top to bottom."""
    crossing = sorted(
        (line for line in lines if line.box.left < gutter < line.box.right),
        key=lambda line: line.box.top,
    )
    heights = np.array([(line.box.top + line.box.bottom) / 2 for line in crossing])
    bands = [Band([], [], [line]) for line in crossing]
    bands.insert(0, Band([], [], []))
    for line in lines:
        if line.box.left < gutter < line.box.right:
            continue
        middle = (line.box.top + line.box.bottom) / 2
        band = bands[int(np.searchsorted(heights, middle))]
        (band.left if line.box.right <= gutter else band.right).append(line)
    for band in bands[1:]:
        _take_last_line(band)
    return bands


def _take_last_line(band: Band) -> None:
    """A paragraph that runs across may end in a line that does not: it stands nearer to it."""
    above = band.across[0]
    beside = [line for line in band.right if line.box.top - above.box.bottom < above.size]
    left = sorted(band.left, key=lambda line: line.box.top)[:2]
    if above.placed is not None or beside or not left or left[0].placed is not None:
        return
    last, size = left[0], above.size
    white = last.box.top - above.box.bottom
    below = left[1].box.top - last.box.bottom if len(left) > 1 else 2 * size
    starts = abs(last.box.left - above.box.left) <= 0.5 * size
    alike = abs(last.size - size) <= 0.1 * size and last.bold == above.bold
    if starts and alike and white < _SAME_PARAGRAPH * size and below > white + 0.5 * size:
        band.left.remove(last)
        band.across.append(last)


def _parts(band: Band) -> list[Band]:
    """Cut off the rows of tables: what white parts from the rest, with prose on neither side."""
    parts = [Band([], [], band.across)]
    was_tabular = False
    left_side = {id(line) for line in band.left}
    for group in stacks_of([*band.left, *band.right]):
        left = [line for line in group if id(line) in left_side]
        right = [line for line in group if id(line) not in left_side]
        is_tabular = bool(left and right) and not (
            _reads_like_prose(left) or _reads_like_prose(right)
        )
        if is_tabular != was_tabular:
            parts.append(Band([], [], []))
            was_tabular = is_tabular
        parts[-1].left.extend(left)
        parts[-1].right.extend(right)
    return parts


def _has_columns(band: Band, gutter: float, rules: Sequence[Rule], *, ordered: bool) -> bool:
    """Whether left is read to its end before right; false for the rows of a table."""
    if min(len(band.left), len(band.right)) < FEWEST_IN_BAND:
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
    return switches(band) <= _SELDOM if ordered else _is_filled(band, gutter)


def _is_told_apart(band: Band) -> bool:
    """Whether the file itself says all of one side before the other, at some length."""
    if min(len(band.left), len(band.right)) < _FEWEST_TOLD or switches(band) > _HARDLY / 2:
        return False
    return all(_numeric_share(side) < 0.5 for side in (band.left, band.right))


def _is_wide(band: Band, gutter: float, page: Box) -> bool:
    """Whether the lines of a low band are as wide as columns are: headers of tables are not."""
    if min(len(band.left), len(band.right)) >= _FEWEST_BESIDE:
        return True
    return all(
        median([line.box.width for line in side if not is_formula(line)] or [0]) >= 0.5 * width
        for side, width in (
            (band.left, gutter - page.left),
            (band.right, page.right - gutter),
        )
    )


def _is_beside_table(band: Band) -> bool:
    """Whether full lines of prose stand on one side and something else on the other."""
    for side in (band.left, band.right):
        full = [line for line in side if line.placed is None]
        if len(full) < _FEWEST_BESIDE or not _reads_like_prose(full):
            continue
        width = around(line.box for line in full).width
        if median(line.box.width for line in full) >= 0.75 * width:
            return switches(band) <= _HARDLY
    return False


def _reads_like_prose(side: Sequence[Line]) -> bool:
    """True also where there are only tables and pictures: they part no columns."""
    lines = [line for line in side if line.placed is None]
    if not lines:
        return True
    return _numeric_share(lines) < 0.3 and median(len(line.words) for line in lines) >= 3


def _numeric_share(lines: Sequence[Line]) -> float:
    return sum(_NUMERIC.fullmatch(line.text) is not None for line in lines) / len(lines)


def _is_filled(band: Band, gutter: float) -> bool:
    """Whether lines run on to the end of their column, as prose does and cells do not."""
    return all(
        median(line.box.width for line in side) >= 0.5 * around(line.box for line in side).width
        for side in (band.left, band.right)
    )
