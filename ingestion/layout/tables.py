"""Rows → tables without drawn lines: columns are where no row has ink."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from statistics import median
from typing import NamedTuple

import numpy as np

from ingestion.layout.lines import CURRENCY
from ingestion.layout.marks import Box, Cell, Line, Placed, Rule, Word, around, line_of
from ingestion.layout.table_heads import (
    GridRow,
    cut_words,
    header_count,
    is_number,
    line_under,
    row_box,
    text_of,
    together,
    with_head,
)

Row = list[Line]

_MOST_LONE = 5
"""Rows with one line only that may follow each other inside a table."""
_SPACE = 0.45
"""White between the words of one text, in type sizes, at most."""
_LABEL_WORDS = 8
_SCALE = 3.0
"""How far from its curves the scale of a chart stands, in type sizes."""
_CHARTED = 0.4
"""Share of a table that lies in a chart, where it is none."""
_SIGN = 0.3
"""White that parts a sign of a currency from the amount before it, in type sizes."""
_RUNS_ON = re.compile(r"(?:,|\b(?:and|or|of|to|for|the|in|from|by|with|on|a|an)|[-–—/])$")


class Stretch(NamedTuple):
    """Rows [first, end) that are one table."""

    first: int
    end: int
    table: Placed


def tables_in(
    rows: Sequence[Row], rules: Sequence[Rule] = (), curves: Sequence[Box] = ()
) -> list[Stretch]:
    """Find tables among the rows of a flow, from top to bottom, without overlap.

    `rules` are lines drawn in them, which group the names of columns; `curves` are where charts are
    drawn, whose numbers are no table.
    """
    found: list[Stretch] = []
    start = 0
    while start < len(rows):
        if len(rows[start]) < 2:
            start += 1
            continue
        end = _end_of(rows, start)
        first = _first_of(rows, start, found[-1].end if found else 0, rules)
        table = _table(rows[first:end], rules) if _is_table(rows[start:end]) else None
        if table is not None and not _is_chart(table.box, curves, rows[start][0].size):
            found.append(Stretch(first, end, table))
        start = end
    return found


def _is_chart(table: Box, curves: Sequence[Box], size: float) -> bool:
    """Whether most of what looks like a table is in a chart, or beside it as its scale is."""
    near = _SCALE * size
    covered = np.zeros((20, 20), dtype=np.bool_)
    steps = np.array([table.height, table.width]) / len(covered)
    for left, top, right, bottom in curves:
        start = np.array([top - near - table.top, left - near - table.left]) / steps
        end = np.array([bottom + near - table.top, right + near - table.left]) / steps
        (first, west), (last, east) = start.round().clip(0), end.round().clip(0)
        covered[int(first) : int(last), int(west) : int(east)] = True
    return float(covered.mean()) >= _CHARTED


def _end_of(rows: Sequence[Row], start: int) -> int:
    """One past the last row that goes with row `start`."""
    end = start + 1
    index = start + 1
    width = around(line.box for line in rows[start]).width
    while index < len(rows) and index - end < _MOST_LONE:
        row = rows[index]
        if _gap(rows[index - 1], row) > 2.2 * row[0].size or row[0].placed is not None:
            break
        if len(row) >= 2:
            end = index + 1
            width = max(width, around(line.box for line in row).width)
        elif _is_sentence(row[0], width):
            break
        index += 1
    return end


def _is_sentence(line: Line, width: float) -> bool:
    """Whether a lone line says something between two tables, rather than heads some rows of one."""
    words = len(line.words)
    wide = words > _LABEL_WORDS and line.box.width > 0.7 * width
    return wide or (words > _LABEL_WORDS and line.text.endswith((".", ":")))


def _gap(above: Row, below: Row) -> float:
    return min(line.box.top for line in below) - max(line.box.bottom for line in above)


def _first_of(rows: Sequence[Row], start: int, least: int, rules: Sequence[Rule]) -> int:
    """Take in lone lines above that head columns: short, near, and right of the first column.

    Or with a line drawn under them that leaves out the first column.
    """
    first = start
    edge = rows[start][0].box.right
    left = min(row[0].box.left for row in rows[start : start + 3])
    while first > least and start - first < 2:
        row = rows[first - 1]
        line = row[0]
        if len(row) != 1 or line.placed is not None or len(line.words) > 8:
            break
        rule = line_under(line.box, line.size, rules)
        heads = line.box.left >= edge or (rule is not None and rule.start > left + line.size)
        if not heads or _gap(row, rows[first]) > line.size:
            break
        first -= 1
    return first


def _is_table(rows: Sequence[Row]) -> bool:
    many = [row for row in rows if len(row) >= 2]
    beside = [line.text for row in many for line in row[1:]]
    numeric = sum(is_number(text) for text in beside) / max(1, len(beside))
    widest = max(len(row) for row in many)
    if len(many) < 2:
        return widest >= 3 and numeric >= 0.6 and len(rows) > 1
    if numeric >= 0.4:
        return True
    words = median(len(line.words) for row in many for line in row)
    return len(many) >= 3 and widest >= 3 and words <= 8 and _is_aligned(many)


def _is_aligned(rows: Sequence[Row]) -> bool:
    """Whether most lines after the first begin where a line of another row begins."""
    starts = sorted(line.box.left for row in rows for line in row[1:])
    near = sum(other - one < 3 for one, other in pairwise(starts))
    return near >= 0.5 * max(1, len(starts) - 1)


def _table(stretch: Sequence[Row], rules: Sequence[Rule]) -> Placed | None:
    rows = [_with_signs_right(row) for row in stretch]
    cuts = _cuts(rows)
    if not cuts:
        return None
    grid = _merge_wrapped(with_head([_cells_of(row, cuts) for row in rows], rules))
    headers = header_count(grid)
    cells = tuple(
        Cell(number, column, words, column_span=span, header=number < headers)
        for number, row in enumerate(grid)
        for column, words, span in _side_by_side(row)
    )
    return Placed(around(line.box for row in rows for line in row), cells)


def _side_by_side(row: GridRow) -> Iterator[tuple[int, tuple[Word, ...], int]]:
    """Column, words and width; a text that runs under the next cell ends where that begins."""
    columns = sorted(row)
    for column, other in zip_longest(columns, columns[1:]):
        words, span = row[column]
        yield column, words, span if other is None else min(span, other - column)


def _with_signs_right(row: Row) -> Row:
    """The row with each sign of a currency beside the amount on its right, not that on its left."""
    words: list[list[Word]] = []
    for line in row:
        words.append([line.words[0]])
        for one, other in pairwise(line.words):
            if other.text in CURRENCY and other.box.left - one.box.right > _SIGN * line.size:
                words.append([])
            words[-1].append(other)
    found: list[list[Word]] = []
    for piece in words:
        if found and len(found[-1]) == 1 and found[-1][0].text in CURRENCY:
            found[-1].extend(piece)
        else:
            found.append(piece)
    return [line_of(piece) for piece in found]


def _cuts(rows: Sequence[Row]) -> list[float]:
    """Places across that part columns."""
    many = [row for row in rows if len(row) >= 2]
    usual = median(len(row) for row in many)
    body = [row for row in many if len(row) >= usual] or many
    box = around(line.box for row in rows for line in row)
    ink = np.zeros(int(box.width) + 3)
    for row in body:
        for line in row:
            ink[int(line.box.left - box.left) : int(line.box.right - box.left) + 1] += 1
    clear = ink <= (0.04 * len(body) if len(body) > 24 else 0)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], clear, [False])).astype(np.int8)))
    least = 0.3 * median(line.size for row in body for line in row)
    return [
        box.left + (start + end) / 2
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        if start > 0 and end < len(ink) - 2 and end - start >= least
    ]


def _cells_of(row: Row, cuts: Sequence[float]) -> GridRow:
    """What stands in each column; a text that runs over a cut takes several."""
    found: GridRow = {}
    for line in row:
        for piece in cut_words(line.words, cuts, _SPACE * line.size):
            column = int(np.searchsorted(cuts, piece[0].box.left + 1))
            right = max(word.box.right for word in piece)
            last = max(column, int(np.searchsorted(cuts, right - 1)))
            words, span = found.get(column, ((), 1))
            found[column] = (words + tuple(piece), max(span, last - column + 1))
    return found


def _merge_wrapped(rows: list[GridRow]) -> list[GridRow]:
    """Put labels and texts that run over several lines back together."""
    usual = _usual_gap(rows)
    merged: list[GridRow] = []
    for row in rows:
        if merged and _continues(merged[-1], row):
            words = merged[-1][0][0] + row[0][0]
            merged[-1] = {**merged[-1], **row, 0: (words, 1)}
        elif merged and _wraps(merged[-1], row, usual):
            merged[-1] = together(merged[-1], row)
        else:
            merged.append(row)
    return merged


def _usual_gap(rows: Sequence[GridRow]) -> float:
    """White above a row that has a label, usually."""
    return median([_white(above, row) for above, row in pairwise(rows) if 0 in row] or [0.0])


def _white(above: GridRow, row: GridRow) -> float:
    return row_box(row).top - row_box(above).bottom


def _continues(above: GridRow, row: GridRow) -> bool:
    if 0 not in above or 0 not in row or (len(above) > 1 and len(row) > 1):
        return False
    first, last = row[0][0][0], above[0][0][-1]
    if first.box.top - last.box.bottom > 0.5 * first.size:
        return False
    if len(row) == 1:
        return first.text[0].islower()
    return first.text[0].islower() or _RUNS_ON.search(last.text) is not None


def _wraps(above: GridRow, row: GridRow, usual: float) -> bool:
    """Whether a row without a label only says the rest of the texts above it."""
    texts = [text_of(words) for words, _ in row.values()]
    if 0 in row or not row.keys() <= above.keys() or any(map(is_number, texts)):
        return False
    gap = _white(above, row)
    if gap > 0.5 * next(iter(row.values()))[0][0].size:
        return False
    return gap < 0.5 * usual or all(text[0].islower() for text in texts)


def header_rows(cells: Sequence[Cell]) -> int:
    """How many rows at the top name columns rather than give values."""
    rows: list[GridRow] = [{} for _ in range(1 + max(cell.row for cell in cells))]
    for cell in cells:
        rows[cell.row][cell.column] = (cell.words, cell.column_span)
    return header_count([row for row in rows if row])
