"""Captions go with the charts that they stand below."""

from __future__ import annotations

import pytest

from ingestion.layout.beside import as_they_stand
from ingestion.layout.blocks import Block
from ingestion.layout.marks import Box, Line, Placed, Word, line_of, one_line
from pincite.elements import Kind

LEFT, RIGHT = Box(50, 100, 250, 200), Box(300, 100, 500, 200)


def _line(left: float, top: float, text: str) -> Line:
    box = Box(left, top, left + 5 * len(text), top + 10)
    return line_of((Word(text, box, box, 10),))


def _figure(box: Box) -> Block:
    return Block(Kind.FIGURE, placed=Placed(box))


NOTES = (
    one_line(_line(60, 210, "Source: one"), _line(310, 210, "Source: two")),
    _line(60, 225, "Figure 1"),
    _line(310, 225, "Figure 2"),
)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((LEFT, RIGHT), [["Source: one", "Figure 1"], ["Source: two", "Figure 2"]]),
        ((Box(50, 100, 500, 200),), [[line.text for line in NOTES]]),
    ],
)
def test_notes_that_were_read_across_charts_belong_to_one_each(
    figures: tuple[Box, ...], said: list[list[str]]
) -> None:
    blocks = [*map(_figure, figures), Block(Kind.TEXT, NOTES)]
    found = as_they_stand(blocks, NOTES, 10)
    captions = [block for block in found if block.kind is Kind.CAPTION]
    assert [[line.text for line in block.lines] for block in captions] == said
