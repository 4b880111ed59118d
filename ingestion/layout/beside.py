"""What a block is by what stands beside it: notes at the foot, words about a chart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingestion.layout.blocks import Block
from ingestion.layout.marks import Box, Line, around, line_of
from pincite.elements import Kind

NOTE = re.compile(
    r"(?:Sources?|Notes?|Base|Quellen?|Anmerkung(?:en)?|Fuente|Data)\s*:|N\s*=", re.IGNORECASE
)
"""What is said below a chart about its numbers."""
NAMED = re.compile(
    r"(?:Figure|Fig\.?|Table|Chart|Exhibit|Graph|Abbildung|Abb\.|Tabelle|Figura|Tableau)"
    r"\s*[A-Z]?\d+",
    re.IGNORECASE,
)
"""What a caption begins with."""
_NUMBERED = re.compile(r"(?:\d+(?:\.\d+)*|[IVX]+|[A-Z])[.:)]?\s")
_NEAR = 3.0
"""White between a chart and what is said about it, in type sizes."""
_LONGEST_TITLE = 45
"""Words."""
_TITLE_BLOCKS = 2
_SMALLER = 0.95
_PIECE_GAP = 3.0


def as_they_stand(blocks: Sequence[Block], lines: Sequence[Line], size: float) -> list[Block]:
    """Blocks with the kind that their place gives them; `size` is that of the page's type."""
    found = [
        block._replace(kind=Kind.TEXT)
        if block.kind is Kind.FOOTNOTE and not _is_at_foot(block, lines, size)
        else block
        for block in blocks
    ]
    for at, block in enumerate(found):
        if block.kind is Kind.FIGURE:
            _bind(found, at)
    return [part for at in range(len(found)) for part in _each_its_own(found, at)]


def _each_its_own(blocks: Sequence[Block], at: int) -> list[Block]:
    """A caption that was read across charts side by side, taken apart: each its own."""
    block, first = blocks[at], at
    if block.kind is not Kind.CAPTION or not at or blocks[at - 1].kind is not Kind.FIGURE:
        return [block]
    while first and blocks[first - 1].kind is Kind.FIGURE:
        first -= 1
        if first and not _is_beside(blocks, first):
            break
    middles = [(box.left + box.right) / 2 for box in map(_box, blocks[first:at])]
    parts: dict[int, list[Line]] = {}
    for line in (piece for whole in block.lines for piece in _pieces(whole)):
        middle = (line.box.left + line.box.right) / 2
        nearest = min(range(len(middles)), key=lambda place: abs(middles[place] - middle))
        parts.setdefault(nearest, []).append(line)
    if len(parts) == 1:
        return [block]
    return [block._replace(lines=tuple(parts[place])) for place in sorted(parts)]


def _pieces(line: Line) -> list[Line]:
    """A line cut at wide white."""
    pieces = [[line.words[0]]]
    for one, other in pairwise(line.words):
        if other.box.left - one.box.right > _PIECE_GAP * line.size:
            pieces.append([])
        pieces[-1].append(other)
    return [line_of(words, line.order) for words in pieces] if len(pieces) > 1 else [line]


def _is_at_foot(block: Block, lines: Sequence[Line], size: float) -> bool:
    """Whether nothing of the page's own type stands below in the same column."""
    box = _box(block)
    return not any(
        line.box.top >= box.bottom
        and line.box.left < box.right
        and line.box.right > box.left
        and (line.placed is not None or line.size > _SMALLER * size)
        for line in lines
    )


def _bind(blocks: list[Block], figure: int) -> None:
    """Notes right below a chart are captions, and then so is the title right above it."""
    end = figure + 1
    while end < len(blocks) and _is_near(blocks[end - 1], blocks[end]):
        if not (_is_note(blocks[end]) or (end > figure + 1 and _goes_on(blocks, end))):
            break
        blocks[end] = blocks[end]._replace(kind=Kind.CAPTION)
        end += 1
    if end == figure + 1:
        return
    start = figure
    while start and blocks[start - 1].kind is Kind.FIGURE and _is_beside(blocks, start):
        start -= 1
    for title in _title_above(blocks, start):
        blocks[title] = blocks[title]._replace(kind=Kind.CAPTION)


def _title_above(blocks: Sequence[Block], figure: int) -> range:
    """The heading of a chart and what is said below it before the chart begins."""
    at = figure
    while at and figure - at < _TITLE_BLOCKS and _is_near(blocks[at - 1], blocks[at]):
        at -= 1
        if not _is_title(blocks[at]):
            break
        if blocks[at].kind is Kind.HEADING:
            return range(at, figure)
    return range(0)


def _goes_on(blocks: Sequence[Block], at: int) -> bool:
    """Whether a block in the type of the note above it goes on with it."""
    block, above = blocks[at], blocks[at - 1]
    if block.kind not in (Kind.TEXT, Kind.FOOTNOTE) or not (block.lines and above.lines):
        return False
    one, other = above.lines[-1], block.lines[0]
    return (
        abs(one.size - other.size) <= 0.03 * one.size
        and one.bold == other.bold
        and 0 <= other.box.top - one.box.bottom < 0.7 * one.size
    )


def _is_beside(blocks: Sequence[Block], at: int) -> bool:
    one, other = _box(blocks[at - 1]), _box(blocks[at])
    return min(one.bottom, other.bottom) - max(one.top, other.top) > 0.5 * other.height


def _is_note(block: Block) -> bool:
    return block.kind in (Kind.TEXT, Kind.FOOTNOTE) and bool(
        NOTE.match(_text(block)) or NAMED.match(_text(block))
    )


def _is_title(block: Block) -> bool:
    text = _text(block)
    if block.kind not in (Kind.TEXT, Kind.HEADING) or len(text.split()) > _LONGEST_TITLE:
        return False
    return not (block.kind is Kind.HEADING and _NUMBERED.match(text))


def _is_near(above: Block, below: Block) -> bool:
    if not ((above.lines or above.placed) and (below.lines or below.placed)):
        return False
    one, other = _box(above), _box(below)
    size = min((line.size for line in (*above.lines, *below.lines)), default=0.0)
    white = other.top - one.bottom
    return -size < white <= _NEAR * size and one.left < other.right and other.left < one.right


def _text(block: Block) -> str:
    return " ".join(line.text for line in block.lines)


def _box(block: Block) -> Box:
    return block.placed.box if block.placed else around(line.box for line in block.lines)
