"""A page's words, rules and pictures → blocks in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingestion.layout.blocks import Block, blocks_of, body_type
from ingestion.layout.columns import flows_of
from ingestion.layout.furniture import Edges, edges_of, furniture
from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Line, Placed, Rule, Word
from pincite.elements import Kind


class Surface(NamedTuple):
    """What a page shows besides its words."""

    width: float
    height: float
    rules: Sequence[Rule] = ()
    pictures: Sequence[Box] = ()


def page_blocks(
    words: Sequence[Word],
    surface: Surface,
    others: Iterable[Edges] = (),
    *,
    ordered: bool = True,
) -> list[Block]:
    """Header, then the body in reading order, then footer.

    `others` are the edges of pages around this one, nearest first, read only as far as needed;
    `ordered` says that words come in an order that means something.
    """
    lines = lines_of(words)
    heads, feet = furniture(lines, surface.height, others)
    aside = {id(line) for line in (*heads, *feet)}
    body = [line for line in lines if id(line) not in aside]
    body_set = body_type(body)
    standing = [*body, *(_standing(box) for box in surface.pictures)]
    blocks = [
        block
        for flow in flows_of(standing, surface.rules, ordered=ordered)
        for block in blocks_of(flow, body_set, surface.rules)
    ]
    return [
        *(Block(Kind.HEADER, (line,)) for line in heads),
        *blocks,
        *(Block(Kind.FOOTER, (line,)) for line in feet),
    ]


def page_edges(words: Sequence[Word], height: float) -> Edges:
    """What other pages compare their edges with."""
    return edges_of(lines_of(words), height)


def _standing(box: Box) -> Line:
    """A picture as one tall line, so that it finds its place among the text."""
    return Line((Word("", box, box, 10.0),), box, placed=Placed(box))
