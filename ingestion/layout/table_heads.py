"""The head of a table without drawn cells: names over groups of columns, names of several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingestion.layout.marks import Box, Rule, Word, around

GridRow = dict[int, tuple[tuple[Word, ...], int]]
"""Words and width in columns, by the first column."""

NUMBER = re.compile(
    r"[-–—(+~<>≤≥]*\s?[$€£¥]?\s?[-–—(]?\s?\d[\d,.\s]*\s?[)%]*\s?(?:%|x|pp|bps|[kKmMbB]n?)?[)*]*"
    r"|[-–—]+|[nN]/?[aA]|[$€£]\s?[-–—]+|NM|\*+"
)
YEAR = re.compile(r"\(?(?:19|20)\d\d[A-Z*]?\)?(?:\s?[-–/]\s?(?:19|20)?\d\d)?")
_DAY = re.compile(r"\d{1,2},")
_MOST_HEADERS = 5
_MOST_LINES = 8
"""Lines of text that the head of a table takes at most."""
_TIGHT = 0.5
"""White between the lines of one name, in type sizes, at most."""
_BELOW = 0.7
"""How far below a name its line is drawn, in type sizes, at most."""


def is_number(text: str) -> bool:
    """An amount, a share, a year, or a mark that stands for none."""
    return NUMBER.fullmatch(text.strip()) is not None


def header_count(rows: Sequence[GridRow]) -> int:
    """How many rows at the top name columns rather than give values."""
    last = 0
    for number, row in enumerate(rows[:_MOST_HEADERS]):
        beside = [text_of(words) for column, (words, _) in row.items() if column > 0]
        if any(is_number(text) and not YEAR.fullmatch(text) for text in beside):
            return last
        if beside:
            last = number + 1
    return 1 if _is_bold(rows[0]) and not _is_bold(rows[-1]) else 0


def with_head(rows: Sequence[GridRow], rules: Sequence[Rule]) -> list[GridRow]:
    """The rows with names that are set on several lines put together, and groups told by lines."""
    count = _head_lines(rows)
    if count == 0 or count >= len(rows):
        return list(rows)
    level = [rule for rule in rules if rule.horizontal]
    middles = _middles(rows)
    head = [_grouped(row, level, middles) for row in rows[:count]]
    merged: list[GridRow] = []
    for row in head:
        if merged and _is_same_name(merged[-1], row, level):
            merged[-1] = together(merged[-1], row)
        else:
            merged.append(row)
    return [*merged, *rows[count:]]


def text_of(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _is_bold(row: GridRow) -> bool:
    return all(word.bold for words, _ in row.values() for word in words)


def _head_lines(rows: Sequence[GridRow]) -> int:
    """Rows before the first with values; the first with a label and names is the last of them."""
    labelled = False
    for number, row in enumerate(rows[:_MOST_LINES]):
        beside = [text_of(words) for column, (words, _) in row.items() if column > 0]
        if any(map(_is_value, beside)) or (labelled and 0 in row):
            return number
        labelled = labelled or (0 in row and bool(beside))
    return 0


def _is_value(text: str) -> bool:
    return is_number(text) and not (YEAR.fullmatch(text) or _DAY.fullmatch(text))


def _middles(rows: Sequence[GridRow]) -> dict[int, float]:
    """Where the columns stand across, by cells that take one column only."""
    found: dict[int, list[float]] = {}
    for row in rows:
        for column, (words, span) in row.items():
            if span == 1:
                box = around(word.box for word in words)
                found.setdefault(column, []).append((box.left + box.right) / 2)
    return {column: median(places) for column, places in found.items()}


# --- groups --------------------------------------------------------------------------------------


def _grouped(row: GridRow, rules: Sequence[Rule], middles: dict[int, float]) -> GridRow:
    """A name with a line drawn under it and its columns stands over all of them."""
    boxes = {column: around(word.box for word in words) for column, (words, _) in row.items()}
    found: GridRow = {}
    for column, (words, span) in row.items():
        rule = line_under(boxes[column], words[0].size, rules)
        shares = rule is not None and any(
            rule.start <= (box.left + box.right) / 2 <= rule.end
            for other, box in boxes.items()
            if other != column
        )
        covered = [
            place
            for place, middle in middles.items()
            if rule is not None and rule.start <= middle <= rule.end
        ]
        if len(covered) > 1 and 0 not in covered and not shares:
            found[min(covered)] = (words, max(covered) - min(covered) + 1)
        else:
            found[column] = (words, span)
    return found


def line_under(box: Box, size: float, rules: Sequence[Rule]) -> Rule | None:
    """The level line that is drawn right under a text, at least as wide as it."""
    return next(
        (
            rule
            for rule in rules
            if rule.horizontal
            and -1 <= rule.at - box.bottom <= _BELOW * size
            and rule.start <= box.left + 2
            and rule.end >= box.right - 2
        ),
        None,
    )


# --- names of several lines ----------------------------------------------------------------------


def _is_same_name(above: GridRow, row: GridRow, rules: Sequence[Rule]) -> bool:
    if not _beside(above) or not _beside(row) or any(span > 1 for _, span in above.values()):
        return False
    upper, lower = row_box(above), row_box(row)
    size = max(word.size for words, _ in row.values() for word in words)
    if lower.top - upper.bottom > _TIGHT * size:
        return False
    return not any(
        upper.bottom - 0.3 * size <= rule.at <= lower.top + 0.3 * size
        and min(rule.end, lower.right) > max(rule.start, lower.left)
        for rule in rules
    )


def _beside(row: GridRow) -> bool:
    return any(column > 0 for column in row)


def row_box(row: GridRow) -> Box:
    return around(word.box for words, _ in row.values() for word in words)


def together(above: GridRow, row: GridRow) -> GridRow:
    """One row of two: each column has the words of both."""
    found = dict(above)
    for column, (words, span) in row.items():
        before, width = found.get(column, ((), 1))
        found[column] = (before + words, max(width, span))
    return found


# --- cells of a row ------------------------------------------------------------------------------


def cut_words(words: Sequence[Word], cuts: Sequence[float], least: float) -> list[list[Word]]:
    """Words of a line in pieces: cut where a column ends and there is more white than `least`."""
    pieces = [[words[0]]]
    for one, other in pairwise(words):
        parted = any(one.box.right <= cut + 1 and other.box.left >= cut - 1 for cut in cuts)
        if parted and other.box.left - one.box.right > least:
            pieces.append([])
        pieces[-1].append(other)
    return pieces
