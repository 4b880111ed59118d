"""Flows → blocks: paragraphs, headings, list items, captions, tables, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingestion.layout.heading_marks import Type, is_heading, rank_of
from ingestion.layout.lines import is_bullet, rows_of
from ingestion.layout.marks import Box, Line, Placed, Rule, around, line_of
from ingestion.layout.tables import tables_in
from pincite.elements import Kind


class Block(NamedTuple):
    """What becomes one element."""

    kind: Kind
    lines: tuple[Line, ...] = ()
    placed: Placed | None = None
    rows: bool = False
    """Each line stands on its own, as in a form; otherwise they run on."""
    rank: float = 0.0
    """Of a heading: the higher, the further out."""


class _Flow(NamedTuple):
    left: float
    right: float
    pitch: float
    """Usual distance of lines, from middle to middle."""
    rules: Sequence[float]
    """Heights of the rules that part it."""


_CAPTION = re.compile(
    r"(?:Figure|Fig\.?|Table|Chart|Exhibit|Abbildung|Abb\.|Tabelle|Figura|Tableau)"
    r"\s*[A-Z]?\d+[\d.\-]*[A-Za-z]?\s*[:.|–—-]",
    re.IGNORECASE,
)
_NOTE_MARK = re.compile(r"(?:\d{1,3}|[*†‡§¶]+|\(\d{1,2}\))[.)]?\s?[\"“‘'(\[]?[^\W\d_]{2}")
_SENTENCE_END = (".", "!", "?", ":", ";", "。")
_UNDERLINE = 0.25
"""A rule nearer to a line than this, in type sizes, belongs to it."""
_WIDE_GAP = 2.2
_SMALLER = 0.88


def blocks_of(
    flow: Sequence[Line], body: Type, rules: Sequence[Rule] = (), curves: Sequence[Box] = ()
) -> list[Block]:
    """Blocks of one flow, from top to bottom."""
    rows = _with_placed(flow)
    measure = _measure([row[0] for row in rows if len(row) == 1], flow, rules)
    found: list[Block] = []
    at = 0
    for stretch in tables_in(rows, rules, curves):
        found.extend(_plain(rows[at : stretch.first], measure, body))
        found.append(Block(Kind.TABLE, placed=stretch.table))
        at = stretch.end
    found.extend(_plain(rows[at:], measure, body))
    return found


def _with_placed(flow: Sequence[Line]) -> list[list[Line]]:
    rows = rows_of([line for line in flow if line.placed is None])
    rows.extend([line] for line in flow if line.placed is not None)
    return sorted(rows, key=lambda row: min(line.box.top for line in row))


def _measure(lone: Sequence[Line], flow: Sequence[Line], rules: Sequence[Rule]) -> _Flow:
    box = around(line.box for line in flow)
    steps = [
        step / line.size
        for line, other in pairwise(lone)
        if 0.5 < (step := _middle(other) - _middle(line)) / line.size < 2.4
        and abs(line.size - other.size) < 0.1 * line.size
    ]
    pitch = median(steps) if len(steps) >= 4 else 1.15
    heights = sorted(
        {
            round(rule.at, 1)
            for rule in rules
            if rule.horizontal
            and min(rule.end, box.right) - max(rule.start, box.left) > 0.5 * box.width
        }
    )
    return _Flow(box.left, box.right, pitch, heights)


def _middle(line: Line) -> float:
    return (line.box.top + line.box.bottom) / 2


def _plain(rows: Sequence[Sequence[Line]], flow: _Flow, body: Type) -> Iterator[Block]:
    """Rows outside tables: those with one line run on, others stand alone."""
    lines: list[Line] = []
    split: list[Line] = []
    for row in rows:
        if row[0].placed is not None:
            yield from _flushed(lines, split, flow, body)
            yield Block(_placed_kind(row[0].placed), placed=row[0].placed)
        elif len(row) > 1 and not _is_stretched(row, lines):
            yield from _paragraphs(lines, flow, body)
            lines.clear()
            if split and row[0].box.top - split[-1].box.bottom > 1.5 * row[0].size:
                yield _form(split)
                split.clear()
            split.append(_whole(row))
        else:
            if split:
                yield _form(split)
                split.clear()
            lines.append(_whole(row))
    yield from _flushed(lines, split, flow, body)


def _whole(row: Sequence[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    return line_of([word for line in row for word in line.words], row[0].order)


def _is_stretched(row: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether wide gaps come from setting a line of a paragraph to full measure."""
    if not lines or abs(row[0].box.left - lines[-1].box.left) > 1.5 * row[0].size:
        return False
    return all(
        other.box.left - line.box.right <= _WIDE_GAP * line.size for line, other in pairwise(row)
    )


def _placed_kind(placed: Placed) -> Kind:
    if placed.formula:
        return Kind.FORMULA
    return Kind.TABLE if placed.cells else Kind.FIGURE


def _flushed(lines: list[Line], split: list[Line], flow: _Flow, body: Type) -> Iterator[Block]:
    yield from _paragraphs(lines, flow, body)
    if split:
        yield _form(split)
    lines.clear()
    split.clear()


def _form(lines: Sequence[Line]) -> Block:
    return Block(Kind.TEXT, tuple(lines), rows=True)


def _paragraphs(lines: Sequence[Line], flow: _Flow, body: Type) -> Iterator[Block]:
    start = 0
    for index in range(1, len(lines) + 1):
        ends = index == len(lines)
        if ends or _parts(lines[start:index], lines[index], lines[index + 1 : index + 2], flow):
            if index > start:
                yield _block(lines[start:index], body)
            start = index


def _parts(before: Sequence[Line], line: Line, after: Sequence[Line], flow: _Flow) -> bool:
    """Whether a new block begins with `line`."""
    last = before[-1]
    return (
        _stands_apart(last, line, flow)
        or _is_item(before, line)
        or _is_indented(last, line, after, flow)
        or _is_outdented(before, line, flow)
        or (_is_short(last, flow) and last.text.endswith(_SENTENCE_END))
    )


def _is_item(before: Sequence[Line], line: Line) -> bool:
    """Whether `line` begins with a bullet; a number alone may also end the item before."""
    if not is_bullet(line.words[0].text):
        return False
    item = before[0]
    hangs = line.box.left > item.box.left + 0.5 * line.size and is_bullet(item.words[0].text)
    return len(line.words) > 1 or not hangs


def _stands_apart(last: Line, line: Line, flow: _Flow) -> bool:
    if abs(last.size - line.size) > 0.12 * max(last.size, line.size):
        return True
    # a heading that runs into its paragraph may take more than a line
    if last.bold != line.bold and not (last.bold and line.words[0].bold):
        return True
    if _middle(line) - _middle(last) > max(1.3 * flow.pitch, flow.pitch + 0.3) * line.size:
        return True
    if line.box.left > last.box.right or line.box.right < last.box.left:
        return True
    return any(
        last.box.bottom + _UNDERLINE * last.size <= height <= line.box.top + 1
        for height in flow.rules
    )


def _is_indented(last: Line, line: Line, after: Sequence[Line], flow: _Flow) -> bool:
    step = line.box.left - last.box.left
    if not 0.8 * line.size < step < 6 * line.size or is_bullet(last.words[0].text):
        return False
    returns = not after or after[0].box.left < line.box.left - 0.6 * line.size
    return returns and (last.text.endswith(_SENTENCE_END) or _is_short(last, flow))


def _is_outdented(before: Sequence[Line], line: Line, flow: _Flow) -> bool:
    """Whether `line` begins left of a hanging paragraph, so is no part of it."""
    if len(before) < 2:
        is_item = is_bullet(before[0].words[0].text)
        return is_item and _returns(before[0], line) and not _runs_on(before[0], line, flow)
    hang = before[-1].box.left
    return line.box.left < hang - 0.8 * line.size and before[0].box.left <= hang + 1


def _returns(item: Line, line: Line) -> bool:
    """Whether `line` begins where the bullet does: the item has ended."""
    return len(item.words) > 1 and line.box.left < item.words[1].box.left - 0.5 * line.size


def _runs_on(item: Line, line: Line, flow: _Flow) -> bool:
    """Whether a full line without an end goes on where its bullet stands, without an indent."""
    if _is_short(item, flow) or item.text.endswith(_SENTENCE_END):
        return False
    return line.text[0].islower() or abs(line.box.left - flow.left) < line.size


def _is_short(line: Line, flow: _Flow) -> bool:
    return line.box.right < flow.right - 0.2 * (flow.right - flow.left)


def _block(lines: Sequence[Line], body: Type) -> Block:
    text = " ".join(line.text for line in lines)
    kind, rank = Kind.TEXT, 0.0
    if _CAPTION.match(text):
        kind = Kind.CAPTION
    elif is_heading(lines, text, body):
        kind, rank = Kind.HEADING, rank_of(lines, text)
    elif is_bullet(lines[0].words[0].text) and len(text) > 2:
        kind = Kind.LIST_ITEM
    elif lines[0].size <= _SMALLER * body.size and _NOTE_MARK.match(text):
        kind = Kind.FOOTNOTE
    return Block(kind, tuple(lines), rank=rank)
