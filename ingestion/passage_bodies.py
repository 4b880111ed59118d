"""The bodies of the passages of one group of neighbours: running text, speech, tables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ingestion.speech_topics import Sentence, passage_starts
from ingestion.text_windows import pieces, windows
from pincite.elements import Kind, ParsedElement
from pincite.locators import TimeSpan

LIMIT = 185
"""Word pieces of a passage's body, about 140 English words; the encoder reads 256 in all."""
_ENOUGH = 120
"""About 90 words: a passage of this length is not filled up with a long neighbour."""
_OVERLAP = 40


class Block(NamedTuple):
    """Text of one element, or of a part of one."""

    position: int
    text: str
    size: int
    """In word pieces."""


def _block(position: int, text: str) -> Block:
    return Block(position, text, pieces(text))


Body = list[Block]


def text_of(element: ParsedElement) -> str:
    """What is embedded of an element; empty where there is nothing to find it by."""
    if element.text.strip() or element.table is None:
        return element.text.strip()
    return "\n".join(text for _, text in _rows(element))


def text_bodies(members: Sequence[int], elements: Sequence[ParsedElement]) -> Iterator[Body]:
    """Neighbours together up to the limit; what is longer than that in overlapping windows."""
    return _packed(members, elements, _is_full)


def whole_bodies(members: Sequence[int], elements: Sequence[ParsedElement]) -> Iterator[Body]:
    """All of them together, those without text too."""
    yield [_block(position, text_of(elements[position])) for position in members]


def speech_bodies(members: Sequence[int], elements: Sequence[ParsedElement]) -> Iterator[Body]:
    """Sentences about one thing together; see `speech_topics`."""
    starts = passage_starts([_sentence(elements[at]) for at in members], room=LIMIT)
    begins = {members[at] for at in starts}
    return _packed(members, elements, lambda _, block: block.position in begins)


def _sentence(element: ParsedElement) -> Sentence:
    text = text_of(element)
    return Sentence(text, *_seconds(element), pieces(text))


def _packed(
    members: Sequence[int],
    elements: Sequence[ParsedElement],
    ends_before: Callable[[Body, Block], bool],
) -> Iterator[Body]:
    body: Body = []
    for position in members:
        text = text_of(elements[position])
        parts = [_block(position, part) for part in windows(text, limit=LIMIT, overlap=_OVERLAP)]
        if body and (len(parts) > 1 or ends_before(body, parts[0])):
            yield body
            body = []
        if len(parts) > 1:
            yield from ([part] for part in parts)
        else:
            body.extend(parts)
    if body:
        yield body


def _is_full(body: Body, block: Block) -> bool:
    """A passage that is long enough takes a short neighbour, but not a long one."""
    size, more = _size(body), block.size
    return size + more > LIMIT or (size >= _ENOUGH and more > LIMIT - _ENOUGH)


def _size(body: Body) -> int:
    return sum(block.size for block in body)


def _seconds(element: ParsedElement) -> tuple[float, float]:
    spans = [place for place in element.locators if isinstance(place, TimeSpan)]
    return (spans[0].start_s, spans[-1].end_s) if spans else (0.0, 0.0)


def table_bodies(members: Sequence[int], elements: Sequence[ParsedElement]) -> Iterator[Body]:
    """Groups of rows, each under the header row and beside the caption."""
    if all(elements[position].kind is not Kind.TABLE for position in members):
        yield from text_bodies(members, elements)
        return
    captions = [
        _block(position, text)
        for position in members
        if elements[position].kind is Kind.CAPTION
        for text in windows(text_of(elements[position]), limit=_OVERLAP, overlap=0)[:1]
    ]
    long_captions = [
        block.position for block in captions if block.text != text_of(elements[block.position])
    ]
    for position in members:
        if elements[position].kind is not Kind.TABLE:
            continue
        room = LIMIT - sum(block.size for block in captions)
        for text in _row_groups(elements[position], room):
            yield sorted([*captions, _block(position, text)])
    if long_captions:
        yield from text_bodies(long_captions, elements)


def _row_groups(element: ParsedElement, limit: int) -> Iterator[str]:
    rows = _rows(element)
    if not rows:
        yield from windows(text_of(element), limit=limit, overlap=0)
        return
    header = "\n".join(text for is_header, text in rows if is_header)
    if not header and element.table is not None:
        header = " | ".join(filter(None, element.table.names))
    if pieces(header) > limit // 2:
        header = ""
    body = [text for is_header, text in rows if not (is_header and header)]
    room = limit - pieces(header)
    for group in _filled(
        [part for row in body for part in windows(row, limit=room, overlap=0)], room
    ):
        yield "\n".join(filter(None, [header, *group]))
    if not body:
        yield header


def _filled(rows: Sequence[str], limit: int) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for row in rows:
        length = pieces(row)
        if group and size + length > limit:
            yield group
            group, size = [], 0
        group.append(row)
        size += length
    if group:
        yield group


def _rows(element: ParsedElement) -> list[tuple[bool, str]]:
    """Whether it is a header, and its cells; rows without any text are left out."""
    cells = element.table.cells if element.table else ()
    rows: list[tuple[bool, str]] = []
    for _, row in groupby(sorted(cells, key=lambda cell: (cell.row, cell.column)), lambda c: c.row):
        filled = [cell for cell in row if cell.text.strip()]
        if filled:
            text = " | ".join(" ".join(cell.text.split()) for cell in filled)
            rows.append((all(cell.is_header for cell in filled), text))
    return rows
