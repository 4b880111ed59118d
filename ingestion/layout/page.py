"""A page's words, rules and pictures → blocks in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingestion.layout.beside import as_they_stand
from ingestion.layout.blocks import Block, blocks_of
from ingestion.layout.columns import flows_of
from ingestion.layout.formulas import Glyphs, with_formulas
from ingestion.layout.furniture import Edges, furniture
from ingestion.layout.heading_marks import body_type
from ingestion.layout.lines import lines_of, rows_of
from ingestion.layout.marks import Box, Line, Placed, Rule, Word, around, line_of
from ingestion.layout.ruled import ruled_tables
from pincite.elements import Kind

_PICTURE_SIZE = 10.0
_SENTENCE, _MOST_SENTENCES = 9, 3


class Surface(NamedTuple):
    """What a page shows besides its words."""

    width: float
    height: float
    rules: Sequence[Rule] = ()
    pictures: Sequence[Box] = ()
    glyphs: Glyphs | None = None
    """Given where formulas are to be read."""
    curves: Sequence[Box] = ()
    """Where charts are drawn: what looks like a table there is none."""
    figures: Sequence[Box] = ()
    """Drawn charts and diagrams: what is written in them belongs to them."""


def page_blocks(
    lines: Sequence[Line],
    surface: Surface,
    others: Iterable[Edges] = (),
    *,
    ordered: bool = True,
) -> list[Block]:
    """Header, then the body in reading order, then footer.

    `others` are the edges of pages around this one, nearest first, read only as far as needed;
    `ordered` says that the words came in an order that means something.
    """
    heads, feet = furniture(lines, surface.height, others, surface.rules)
    aside = {id(line) for line in (*heads, *feet)}
    body = [line for line in lines if id(line) not in aside]
    body_set = body_type(body)
    body = _with_figures(body, surface.figures)
    if surface.glyphs is not None:
        body = with_formulas(body, surface.rules, surface.glyphs)
    standing = [*body, *(_standing(box) for box in surface.pictures)]
    blocks = [
        block
        for flow in flows_of(standing, surface.rules, ordered=ordered)
        for block in blocks_of(flow, body_set, surface.rules, surface.curves)
    ]
    blocks = as_they_stand(blocks, standing, body_set.size)
    return [
        *(Block(Kind.HEADER, (line,)) for line in heads),
        *blocks,
        *(Block(Kind.FOOTER, (line,)) for line in feet),
    ]


def standing_lines(words: Sequence[Word], rules: Sequence[Rule]) -> list[Line]:
    """Lines of words, and tables with drawn lines as if they were tall lines."""
    ruled = ruled_tables(words, rules)
    taken = {index for table in ruled for index in table.words}
    lines = lines_of([word for index, word in enumerate(words) if index not in taken])
    for table in ruled:
        box = table.table.box
        line = line_of((Word("", box, box, _PICTURE_SIZE),), min(table.words))
        lines.append(line._replace(placed=table.table))
    return lines


def _with_figures(lines: Sequence[Line], figures: Sequence[Box]) -> list[Line]:
    """Labels inside a drawn figure go with it; a region full of running text is none."""
    found = list(lines)
    for box in figures:
        inside = [line for line in found if line.placed is None and _is_inside(line.box, box)]
        if sum(len(line.words) >= _SENTENCE for line in inside) > _MOST_SENTENCES:
            continue
        taken = {id(line) for line in inside}
        words = tuple(word for row in rows_of(inside) for line in row for word in line.words)
        box = around((box, *(line.box for line in inside)))
        order = min((line.order for line in inside), default=0)
        standing = _standing(box)._replace(order=order, placed=Placed(box, words=words))
        found = [line for line in found if id(line) not in taken] + [standing]
    return found


def _is_inside(box: Box, figure: Box) -> bool:
    return figure.holds((box.left + box.right) / 2, (box.top + box.bottom) / 2)


def _standing(box: Box) -> Line:
    """A picture as one tall line, so that it finds its place among the text."""
    return line_of((Word("", box, box, _PICTURE_SIZE),))._replace(placed=Placed(box))
