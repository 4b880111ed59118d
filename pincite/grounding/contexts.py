"""Plain texts as evidence: paragraphs, Markdown tables, records in JSON, each with its place.

Whoever has no library of ours (an answer of another system) brings its contexts as strings. The
same rules for elements hold as for files that were read; places are characters of the string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pincite.elements import Cell, Element, How, Kind, SourceId, Table, element_id
from pincite.grounding.records import Record, records
from pincite.grounding.sentences import sentences
from pincite.locators import TextSpan

_RULER: Final = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*\Z")
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*\Z")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_BULLET: Final = re.compile(r"\s*(?:[-*•–]|\(?\d{1,2}[.)])\s")
_PIPE: Final = re.compile(r"(?<!\\)\|")
_ENDS: Final = re.compile(r"[.!?:;…][\"'”’)\]]*\s*\Z")
"""A line that ends so is complete; any other may go on in the next one, as wrapped lines do."""


class Piece(NamedTuple):
    """A sentence, table row or value: the narrowest thing that can be pointed at."""

    text: str
    start: int
    """Characters [start, end) of the context."""
    end: int


class Placed(NamedTuple):
    element: Element
    pieces: tuple[Piece, ...]
    """In reading order; a context's pieces never overlap."""


class Block(NamedTuple):
    """What becomes an element."""

    kind: Kind
    text: str
    pieces: tuple[Piece, ...]
    above: tuple[str, ...] = ()
    table: Table | None = None


def placed(context: str, source: SourceId) -> list[Placed]:
    """The elements of a context, in reading order; empty for one without text."""
    found = records(context)
    blocks = list(_blocks(context)) if found is None else [_recorded(each) for each in found]
    return [
        Placed(_element(block, element_id(source, number), source), block.pieces)
        for number, block in enumerate(blocks, 1)
        if block.pieces
    ]


def _recorded(record: Record) -> Block:
    kind = Kind.TABLE if record.table else Kind.TEXT
    pieces = tuple(Piece(*each) for each in record.pieces)
    return Block(kind, record.text, pieces, record.path, record.table)


def _element(block: Block, id_: str, source: SourceId) -> Element:
    return Element.model_validate(
        {
            "id": id_,
            "source": source,
            "kind": block.kind,
            "text": block.text,
            "locators": (TextSpan(start=block.pieces[0].start, end=block.pieces[-1].end),),
            "how": How.TEXT_LAYER,
            "heading_path": block.above,
            "table": block.table,
        }
    )


# --- lines ---------------------------------------------------------------------------------------


class _Line(NamedTuple):
    text: str
    start: int


def _blocks(context: str) -> Iterator[Block]:
    lines, headings, at = _lines(context), dict[int, str](), 0
    while at < len(lines):
        end = _end_of_block(lines, at)
        above = tuple(headings[level] for level in sorted(headings))
        first, start = lines[at]
        stop = lines[end - 1].start + len(lines[end - 1].text)
        if heading := _HEADING.match(first):
            level = len(heading.group(1))
            headings = {n: text for n, text in headings.items() if n < level}
            headings[level] = heading.group(2)
            yield _prose(context, start, stop, Kind.HEADING, above)
        elif _begins_table(lines, at):
            yield _table(lines[at:end], above)
        elif _FENCE.match(first):
            pieces = tuple(Piece(text, s, s + len(text)) for text, s in lines[at:end] if text)
            yield Block(Kind.CODE, context[start:stop], pieces, above)
        elif first.strip():
            yield _prose(context, start, stop, Kind.TEXT, above)
        at = end


def _lines(context: str) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for line in context.split("\n"):
        lines.append(_Line(line.rstrip("\r"), start))
        start += len(line) + 1
    return lines


def _end_of_block(lines: Sequence[_Line], at: int) -> int:
    """The line after the block that begins with line `at`."""
    first, end = lines[at].text, at + 1
    if _HEADING.match(first) or not first.strip():
        return end
    if _FENCE.match(first):
        closed = (n for n in range(end, len(lines)) if _FENCE.match(lines[n].text))
        return next(closed, len(lines) - 1) + 1
    if _begins_table(lines, at):
        end += 1
        while end < len(lines) and "|" in lines[end].text:
            end += 1
        return end
    while end < len(lines) and not _begins(lines, end) and not _ENDS.search(lines[end - 1].text):
        end += 1
    return end


def _begins(lines: Sequence[_Line], at: int) -> bool:
    """Whether a line cannot belong to the paragraph before it."""
    line = lines[at].text
    return (
        not line.strip()
        or any(mark.match(line) for mark in (_HEADING, _FENCE, _BULLET))
        or _begins_table(lines, at)
    )


def _begins_table(lines: Sequence[_Line], at: int) -> bool:
    ruled = at + 1 < len(lines) and "|" in lines[at].text
    return ruled and "|" in lines[at + 1].text and bool(_RULER.match(lines[at + 1].text))


def _prose(context: str, start: int, stop: int, kind: Kind, above: tuple[str, ...]) -> Block:
    text = context[start:stop]
    pieces = tuple(
        Piece(text[span.start : span.end], start + span.start, start + span.end)
        for span in sentences(text)
    )
    return Block(kind, text, pieces, above)


def _table(lines: Sequence[_Line], above: tuple[str, ...]) -> Block:
    heads = _cells(lines[0].text)
    cells = [Cell(row=0, column=n, text=text, is_header=True) for n, text in enumerate(heads)]
    pieces: list[Piece] = []
    for row, line in enumerate(lines[2:], 1):
        texts = _cells(line.text)
        cells += [Cell(row=row, column=n, text=text) for n, text in enumerate(texts)]
        named = zip([*heads, *[""] * len(texts)], texts, strict=False)
        told = "; ".join(f"{head}: {text}" if head else text for head, text in named if text)
        pieces.append(Piece(told, line.start, line.start + len(line.text)))
    text = "\n".join(line.text for line in lines)
    return Block(Kind.TABLE, text, tuple(pieces), above, Table(cells=tuple(cells), html=""))


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|").removesuffix("|")
    return [cell.replace("\\|", "|").strip() for cell in _PIPE.split(bare)]
