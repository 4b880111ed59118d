"""A page whose text layer is sound → elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from ingestion.layout.blocks import Block
from ingestion.layout.charts import with_charts
from ingestion.layout.elements import Writer, mean_confidence
from ingestion.layout.fields import field_elements
from ingestion.layout.formulas import Glyphs
from ingestion.layout.frames import upright_rules
from ingestion.layout.furniture import Edges
from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Line
from ingestion.layout.page import Surface, page_blocks
from ingestion.layout.prose import vocabulary
from ingestion.layout.sections import Open
from ingestion.readers.pdf_page import PageFound
from ingestion.readers.pdfium_words import ASKEW
from ingestion.readers.ports import UnitRead
from pincite.elements import BlobKey, How, Kind, ParsedElement
from pincite.locators import PageBox

_HALF_TURN = 2
_MARGIN = 0.09


class Crops(Protocol):
    """Pictures of parts of a page, taken as they are asked for."""

    taken: dict[str, bytes]
    """PNG by key."""

    def take(self, box: Box) -> BlobKey | None: ...


def text_read(
    found: PageFound,
    number: int,
    blocks: Iterable[Block],
    crops: Crops | None = None,
    above: Open = (),
) -> UnitRead:
    """Elements of a page whose text layer is sound; figures where `crops` can be taken.

    `blocks` come from `laid_out`; `above` are the headings that the pages before left open.
    """

    def locate(box: Box) -> PageBox:
        return page_box(box, number, found.width, found.height)

    writer = Writer(
        locate,
        How.TEXT_LAYER,
        vocabulary(word.text for word in found.words),
        crop=crops.take if crops else None,
        above=above,
    )
    elements = writer.elements(blocks)
    elements += field_elements(found.lines.get(0, []), locate, How.TEXT_LAYER)
    hidden = Writer(locate, How.TEXT_LAYER).elements(_lone(lines_of(found.hidden)))
    return UnitRead(
        elements=tuple(elements + hidden),
        how="mixed" if found.why else "text_layer",
        confidence=mean_confidence(found.words),
        warnings=(*([found.why] if found.why else []), *_warnings(hidden)),
        page_size=(found.width, found.height),
        crops=crops.taken if crops else {},
    )


def page_box(box: Box, number: int, width: float, height: float) -> PageBox:
    """`box` as a locator, cut off at the edge of the page."""
    left, right = (min(max(0.0, edge), width) for edge in (box.left, box.right))
    top, bottom = (min(max(0.0, edge), height) for edge in (box.top, box.bottom))
    return PageBox(
        page=number,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        page_width=width,
        page_height=height,
    )


def laid_out(
    found: PageFound,
    edges: Iterator[Edges],
    glyphs: Glyphs | None = None,
    figures: Sequence[Box] = (),
) -> list[Block]:
    """Upright text first unless most of the page is turned, then turned text, then askew.

    Formulas are read as such where `glyphs` are to be had; `figures` are drawn charts.
    """
    upright = Surface(
        found.width,
        found.height,
        found.rules,
        found.pictures,
        glyphs,
        found.curves,
        with_charts(figures, found.charts),
    )
    turns = [turn for turn in found.lines if turn != ASKEW]
    blocks: list[Block] = []
    for turn in sorted(turns, key=lambda turn: (-len(found.lines[turn]), turn)):
        if turn == 0:
            blocks.extend(page_blocks(found.lines[turn], upright, edges))
        else:
            blocks.extend(_turned(found, turn))
    return blocks + _lone(found.lines.get(ASKEW, []))


def _turned(found: PageFound, turn: int) -> list[Block]:
    width, height = found.width, found.height
    sides = (width, height) if turn == _HALF_TURN else (height, width)
    surface = Surface(*sides, upright_rules(found.rules, turn, width, height))
    blocks = page_blocks(found.lines[turn], surface)
    if turn == _HALF_TURN or not found.lines.get(0):
        return blocks
    return [
        block._replace(kind=Kind.FOOTER) if _is_aside(block, width) else block for block in blocks
    ]


def _is_aside(block: Block, width: float) -> bool:
    """Whether turned text stands in the outer margin of an upright page."""
    words = [word for line in block.lines for word in line.words]
    margin = _MARGIN * width
    return bool(words) and (
        all(word.shown.right <= margin for word in words)
        or all(word.shown.left >= width - margin for word in words)
    )


def _lone(lines: Sequence[Line]) -> list[Block]:
    return [Block(Kind.TEXT, (line,)) for line in lines]


def _warnings(hidden: Sequence[ParsedElement]) -> tuple[str, ...]:
    if not hidden:
        return ()
    return (f"{len(hidden)} pieces of text cannot be seen by a reader of the page",)
