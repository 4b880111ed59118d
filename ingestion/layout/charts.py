"""Drawn charts: where lines, bars and slices make a figure, and which labels are part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ingestion.layout.beside import NAMED, NOTE
from ingestion.layout.marks import Box, Line, Mark, around

_REACH = 18.0
"""Points between two parts of one chart, at most."""
_SAME, _EDGE = 0.06, 1.0
_FEWEST_BARS, _THINNEST = 3, 3.0
_RAGGED = 0.6
"""Share of bars that end where no other does; cells of a table end in line."""
_LEAST_SHARE, _MOST_SHARE, _LEAST_SIDE = 0.012, 0.75, 36.0
_MOST_PANEL = 0.4
_LABEL_GAP, _ROUNDS = 2.0, 3
"""How far labels stand from a chart or from its outermost labels, in type sizes."""
_PROSE_WORDS, _WORDS_A_LINE, _LONE_SENTENCE, _LABEL_WORDS = 14, 4, 9, 7
_MOST_PROSE = 2
"""Lines of running text that a chart may hold."""
_STACKED = 0.5
_COVERED, _SEVERAL, _MOST_OF = 0.3, 2, 0.4


class _Page(NamedTuple):
    area: float
    labels: list[Line]
    prose: list[Line]
    others: list[Box]
    """Tables and pictures."""


def charts_on(
    lines: Sequence[Line], marks: Sequence[Mark], pictures: Sequence[Box], area: float
) -> list[Box]:
    """Boxes of the drawn charts of a page with their labels; `area` is the page's."""
    seeds = [mark.box for mark in marks if mark.form == "slanted"]
    seeds.extend(
        _bars(
            [mark.box for mark in marks if mark.form == "filled"],
            [mark.box for mark in marks if mark.form == "panel"],
        )
    )
    if not seeds:
        return []
    prose = _running(lines)
    known = {id(line) for line in prose}
    page = _Page(
        area,
        [
            line
            for line in lines
            if line.placed is None and id(line) not in known and not _is_run_in(line, prose)
        ],
        prose,
        [*pictures, *(line.box for line in lines if line.placed is not None)],
    )
    found: list[Box] = []
    for seed in _together(seeds, _REACH):
        box = _with_labels(_with_marks(seed, marks, page), page.labels)
        while stacked := [other for other in found if _is_stacked(box, other)]:
            box = around((box, *stacked))
            found = [other for other in found if other not in stacked]
        found.append(box)
    return [box for box in found if _is_chart(box, page)]


def _is_stacked(one: Box, other: Box) -> bool:
    """Whether one lies in the other, or they are parts of one drawing, one above the other."""
    across = min(one.right, other.right) - max(one.left, other.left)
    is_above = _gap(one, other) == 0 and across > _STACKED * min(one.width, other.width)
    return is_above or _covers(one, other)


# --- what is drawn -------------------------------------------------------------------------------


def _bars(boxes: Sequence[Box], panels: Sequence[Box]) -> list[Box]:
    """Around each series of bars, lying or standing."""
    lying = _series(boxes, panels)
    standing = _series(_turned(boxes), _turned(panels))
    return [*lying, *_turned(standing)]


def _turned(boxes: Iterable[Box]) -> list[Box]:
    return [Box(top, left, bottom, right) for left, top, right, bottom in boxes]


def _series(boxes: Sequence[Box], panels: Sequence[Box]) -> list[Box]:
    """Around lying bars of one thickness that begin, or end, on one line and differ in length."""
    found: list[Box] = []
    alike: list[Box] = []
    every = (*boxes, *panels)
    for box in sorted((box for box in boxes if _is_bar(box)), key=lambda box: box.height):
        if alike and box.height > (1 + _SAME) * alike[0].height:
            found.extend(_on_one_line(alike, every))
            alike = []
        alike.append(box)
    return [*found, *_on_one_line(alike, every)]


def _is_bar(box: Box) -> bool:
    return min(box.width, box.height) >= _THINNEST


def _on_one_line(alike: Sequence[Box], every: Sequence[Box]) -> Iterator[Box]:
    if len(alike) < _FEWEST_BARS:
        return
    for side, other in ((0, 2), (2, 0)):
        groups: dict[int, list[Box]] = {}
        for box in alike:
            groups.setdefault(round(box[side]), []).append(box)
        for bars in groups.values():
            ends = {round(bar[other]) for bar in bars}
            least = max(_FEWEST_BARS, _RAGGED * len(bars))
            rows = {round(bar.top / 2) for bar in bars} if len(ends) >= least else ()
            if len(rows) >= _FEWEST_BARS and len(_lone(ends, every)) >= least:
                yield around(bars)


def _lone(ends: set[int], every: Sequence[Box]) -> set[int]:
    """Those at which nothing else ends or begins at another height, as cells of columns do."""
    heights: dict[int, set[int]] = {end: set() for end in ends}
    for box in every:
        for edge in (round(box.left), round(box.right)):
            if edge in heights:
                heights[edge].add(round(box.top))
    return {end for end, found in heights.items() if len(found) == 1}


def _together(boxes: Iterable[Box], reach: float) -> list[Box]:
    found: list[Box] = []
    for box in boxes:
        joined = box
        while near := [other for other in found if _gap(joined, other) <= reach]:
            joined = around((joined, *near))
            found = [other for other in found if other not in near]
        found.append(joined)
    return found


def _gap(one: Box, other: Box) -> float:
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return max(across, down, 0.0)


def _with_marks(seed: Box, marks: Sequence[Mark], page: _Page) -> Box:
    """The panel that a chart lies on, and what else is drawn right beside it."""
    box = seed
    for mark in marks:
        if mark.form in ("filled", "panel") and mark.box.area > _MOST_PANEL * page.area:
            continue
        if _gap(box, mark.box) > _EDGE or any(_is_in(line.box, mark.box) for line in page.prose):
            continue
        box = around((box, mark.box))
    return box


# --- what is written -----------------------------------------------------------------------------


def _running(lines: Sequence[Line]) -> list[Line]:
    """Lines of paragraphs, sentences, headings' second lines, and notes on sources."""
    found: list[Line] = []
    stack: list[Line] = []
    plain = [line for line in lines if line.placed is None]
    for line in sorted(plain, key=lambda line: (round(line.box.left / 8), line.box.top)):
        if stack and not _goes_on(stack[-1], line):
            found.extend(_if_prose(stack))
            stack = []
        stack.append(line)
    found.extend(_if_prose(stack))
    return found


def _is_run_in(line: Line, prose: Sequence[Line]) -> bool:
    """Whether running text goes on right below."""
    return any(
        abs(other.size - line.size) <= _SAME * line.size
        and 0 <= other.box.top - line.box.top < 1.5 * line.size
        and other.box.left < line.box.right
        and line.box.left < other.box.right
        for other in prose
    )


def _goes_on(last: Line, line: Line) -> bool:
    return (
        abs(last.size - line.size) <= _SAME * line.size
        and abs(last.box.left - line.box.left) <= 1.5 * line.size
        and -0.5 * line.size < line.box.top - last.box.bottom < 0.8 * line.size
    )


def _if_prose(stack: Sequence[Line]) -> Sequence[Line]:
    words = sum(len(line.words) for line in stack)
    first = stack[0].text if stack else ""
    is_prose = words >= _PROSE_WORDS and words >= _WORDS_A_LINE * len(stack)
    is_sentence = len(stack) == 1 and words >= _LONE_SENTENCE
    return stack if is_prose or is_sentence or NOTE.match(first) or NAMED.match(first) else ()


def _with_labels(box: Box, labels: Sequence[Line]) -> Box:
    for _ in range(_ROUNDS):
        near = [line for line in labels if _is_label(line, box)]
        grown = around((box, *(line.box for line in near)))
        if grown == box:
            break
        box = grown
    return box


def _is_label(line: Line, box: Box) -> bool:
    if _is_in(line.box, box):
        return True
    if len(line.words) > _LABEL_WORDS or (line.bold and len(line.words) > 2):
        return False
    across, down = (line.box.left + line.box.right) / 2, (line.box.top + line.box.bottom) / 2
    beside = box.left <= across <= box.right or box.top <= down <= box.bottom
    return beside and _gap(line.box, box) <= _LABEL_GAP * line.size


def _is_in(box: Box, other: Box) -> bool:
    return other.holds((box.left + box.right) / 2, (box.top + box.bottom) / 2)


def _is_chart(box: Box, page: _Page) -> bool:
    if not _LEAST_SHARE * page.area <= box.area <= _MOST_SHARE * page.area:
        return False
    if min(box.width, box.height) < _LEAST_SIDE:
        return False
    labels = sum(_is_in(line.box, box) for line in page.labels)
    prose = sum(_is_in(line.box, box) for line in page.prose)
    if not labels or prose > _MOST_PROSE:
        return False
    return not any(_covers(box, other) for other in page.others)


def _covers(box: Box, other: Box) -> bool:
    return box.overlap(other) > _COVERED * min(box.area, other.area)


def with_charts(figures: Sequence[Box], charts: Sequence[Box]) -> list[Box]:
    """What a layout model sees as figures and what rules do, each place once.

    A model often takes a row of charts for one figure, or the text above it for a part of it; what
    the rules know of it stands.
    """
    found = list(charts)
    for figure in figures:
        same = [chart for chart in charts if _covers(figure, chart)]
        known = sum(chart.overlap(figure) for chart in same)
        if len(same) < _SEVERAL and known < _MOST_OF * figure.area:
            found = [chart for chart in found if chart not in same]
            found.append(around((figure, *same)))
    return found
