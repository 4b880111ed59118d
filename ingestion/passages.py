"""Elements of one unit → the passages that are embedded and found. Pure.

A passage never crosses a section: all its elements but the headings that open it have one heading
path. Headers and footers are in no passage; text that a person cannot see is never mixed with text
that a person can. An element that is too long for the encoder is found by several passages. A
picture with little text is one passage, headings and all. What OCR read is in no passage where it
holds no word, as a letter that it saw in the leaves of a tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingestion.passage_bodies import (
    Body,
    speech_bodies,
    table_bodies,
    text_bodies,
    text_of,
    whole_bodies,
)
from ingestion.picture_texts import short_pictures
from ingestion.text_windows import pieces, windows
from pincite.elements import How, Kind, ParsedElement, ParsedPassage
from pincite.locators import PageBox

_PATH_LIMIT = 50
"""Word pieces that the headings above a passage may take."""
_NEVER = frozenset({Kind.HEADER, Kind.FOOTER})
_HEADINGS = frozenset({Kind.TITLE, Kind.HEADING})
_WORD = re.compile(r"[^\W\d_]{2,}|\d{2,}|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")


def is_findable(element: ParsedElement) -> bool:
    """Whether it belongs in a passage; a derived field does not, as its words are in others."""
    return element.kind not in _NEVER and element.field is None and bool(text_of(element))


def make_passages(elements: Sequence[ParsedElement]) -> list[ParsedPassage]:
    """Passages in reading order; their `elements` are positions in `elements`."""
    return [
        passage
        for group in _all_groups(elements)
        for passage in _passages_of(group, elements)
        if _says_something(passage, elements)
    ]


def _says_something(passage: ParsedPassage, elements: Sequence[ParsedElement]) -> bool:
    read = [elements[at].how for at in passage.elements if text_of(elements[at])]
    return any(how is not How.OCR for how in read) or bool(_WORD.search(passage.text))


@dataclass
class _Group:
    """Neighbours that may share a passage."""

    headings: list[int] = field(default_factory=list[int])
    """Positions of the headings that open it."""
    members: list[int] = field(default_factory=list[int])
    key: tuple[object, ...] = ()


# --- which elements may share a passage ----------------------------------------------------------


def _all_groups(elements: Sequence[ParsedElement]) -> Iterator[_Group]:
    """Pictures with little text, and what lies between them."""
    at = 0
    for picture in short_pictures(elements):
        yield from _groups(elements, range(at, picture.start))
        members = [position for position in picture if elements[position].field is None]
        yield _Group(members=members, key=("picture",))
        at = picture.stop
    yield from _groups(elements, range(at, len(elements)))


def _groups(elements: Sequence[ParsedElement], positions: range) -> Iterator[_Group]:
    tables = _tables_of_captions(elements)
    group = _Group()
    for position in positions:
        element = elements[position]
        if not is_findable(element):
            continue
        if _is_heading(element):
            if group.members or not _leads_on(group, elements, element):
                yield group
                group = _Group()
            group.headings.append(position)
            continue
        key = (*_stream(element, tables.get(position, position)), element.heading_path)
        other = group.key != key if group.members else bool(group.headings) and key[0] == "hidden"
        if other:
            yield group
            group = _Group()
        group.key = key
        group.members.append(position)
    yield group


def _leads_on(group: _Group, elements: Sequence[ParsedElement], heading: ParsedElement) -> bool:
    """Whether a heading stands below those just before it, as a section below its chapter."""
    if not group.headings:
        return True
    above, path = _own_path(elements[group.headings[-1]]), _own_path(heading)
    return len(path) > len(above) and path[: len(above)] == above


def _is_heading(element: ParsedElement) -> bool:
    """A paragraph that a reader took for a heading is text: above others it would be cut."""
    return (
        element.kind in _HEADINGS
        and "hidden_text" not in element.flags
        and pieces(text_of(element)) <= _PATH_LIMIT
    )


def _own_path(heading: ParsedElement) -> tuple[str, ...]:
    """Readers may or may not count a heading among those above itself."""
    path, text = heading.heading_path, heading.text.strip()
    return path if path and path[-1].strip() == text else (*path, text)


def _stream(element: ParsedElement, table: int) -> tuple[object, ...]:
    if "hidden_text" in element.flags:
        return ("hidden",)
    if element.kind is Kind.TABLE or (element.kind is Kind.CAPTION and table >= 0):
        return ("table", table)
    return ("speech",) if element.kind is Kind.SPEECH else ("text",)


def _tables_of_captions(elements: Sequence[ParsedElement]) -> dict[int, int]:
    """Position of each caption → the table right after it, else right before it, else -1."""
    found: dict[int, int] = {}
    shown = [position for position, element in enumerate(elements) if is_findable(element)]
    for index, position in enumerate(shown):
        if elements[position].kind is not Kind.CAPTION:
            continue
        neighbours = [*shown[index + 1 : index + 2], *shown[max(index - 1, 0) : index]]
        path = elements[position].heading_path
        found[position] = next(
            (
                other
                for other in neighbours
                if elements[other].kind is Kind.TABLE and elements[other].heading_path == path
            ),
            -1,
        )
    return found


# --- passages of one group -----------------------------------------------------------------------


def _passages_of(group: _Group, elements: Sequence[ParsedElement]) -> Iterator[ParsedPassage]:
    if not (group.headings or group.members):
        return
    if group.members:
        path = elements[group.members[0]].heading_path
    else:
        path = _own_path(elements[group.headings[-1]])
    shown = _shown(path)
    titles = [" ".join(text_of(elements[position]).split()) for position in group.headings]
    lead = [title for title in titles if title not in shown]
    headings = group.headings
    for body in list(_bodies(group, elements)) or [[]]:
        positions = sorted({*headings, *(block.position for block in body)})
        yield ParsedPassage(
            elements=tuple(positions),
            text="\n".join(filter(None, [shown, *lead, *(block.text for block in body)])),
            heading_path=path,
            page=_page(elements[positions[0]]),
        )
        headings, lead = [], []


def _bodies(group: _Group, elements: Sequence[ParsedElement]) -> Iterator[Body]:
    match group.key[:1]:
        case ("table",):
            return table_bodies(group.members, elements)
        case ("speech",):
            return speech_bodies(group.members, elements)
        case ("picture",):
            return whole_bodies(group.members, elements)
        case _:
            return text_bodies(group.members, elements)


def _shown(path: tuple[str, ...]) -> str:
    """The innermost headings that fit, so that a passage's body is never pushed out."""
    kept: list[str] = []
    for heading in reversed([" ".join(part.split()) for part in path]):
        if kept and pieces(" > ".join([heading, *kept])) > _PATH_LIMIT:
            break
        kept.insert(0, heading)
    return windows(" > ".join(kept), limit=_PATH_LIMIT, overlap=0)[0] if kept else ""


def _page(element: ParsedElement) -> int | None:
    return next((place.page for place in element.locators if isinstance(place, PageBox)), None)
