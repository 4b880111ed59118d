"""Which places of the evidence a model that sees is shown, and how closely. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from agent.selection import Piece
from agent.views import View, box_of, whole
from pincite.elements import Element, How, Kind, Source
from pincite.evidence import Evidence
from pincite.locators import PageBox
from pincite.models.ports import ChatModel, Numbered, Vision

CLOSE_DPI: Final = 200
"""Of a page, as closely as one looks: small print has some twenty pixels then."""
POINTS_PER_INCH: Final = 72
SHARE_OF_CONTEXT: Final = 0.5
"""That pictures may take of a model's context; the rest is for text."""
NEAREST: Final = 3
"""Passages, the best ones, whose pictures are shown although no sentence of theirs was chosen."""
MOSTLY: Final = 0.6
"""Share of a page from which a place is as good as the page."""
_DRAWN: Final = frozenset({Kind.FIGURE, Kind.PHOTO, Kind.TABLE})
PICTURED: Final = frozenset({Kind.FIGURE, Kind.PHOTO})


class Wanted(NamedTuple):
    number: int
    element: Element
    view: View


def most_pictures(chat: ChatModel) -> int:
    """That fit beside the text; 0 for a model that does not see."""
    vision = chat.vision
    if vision is None:
        return 0
    return min(vision.pictures, int(SHARE_OF_CONTEXT * chat.context) // vision.tokens)


def worth_looking(evidence: Sequence[Evidence], chat: ChatModel | None) -> bool:
    """Whether a figure or photo is among the best: then words do not tell if it answers."""
    if chat is None or most_pictures(chat) == 0:
        return False
    return any(True for _ in _pictured(evidence))


def wordless(evidence: Sequence[Evidence], read: Sequence[Piece], most: int) -> tuple[Piece, ...]:
    """Figures and photos of the best passages that no chosen sentence is of, numbered on."""
    known = {piece.element.id for piece in read}
    new = {e.id: (e, source) for e, source in _pictured(evidence) if e.id not in known}
    return tuple(
        Piece(number, element, source, "")
        for number, (element, source) in enumerate(list(new.values())[:most], len(read) + 1)
    )


def _pictured(evidence: Sequence[Evidence]) -> Iterator[tuple[Element, Source]]:
    for item in evidence[:NEAREST]:
        for element in item.elements:
            if element.kind in PICTURED and element.crop and "hidden_text" not in element.flags:
                yield element, item.source


def wanted(evidence: Sequence[Numbered], vision: Vision, most: int) -> tuple[Wanted, ...]:
    """At most `most` pictures: places first, drawn ones before lines of scans, then their pages.

    What is left over lets large places be shown in more parts, the first ones in as many as help.
    """
    shown = [item for item in evidence if _to_see(item.element)]
    shown.sort(key=lambda item: item.element.kind not in _DRAWN)
    places = shown[:most]
    pages = {_page(item.element): item for item in reversed(places) if _is_part(item.element)}
    around = sorted(pages.values(), key=lambda item: item.number)[: most - len(places)]
    left = most - len(places) - len(around)
    views = [Wanted(item.number, item.element, View("page", vision.side)) for item in around]
    for item in places:
        columns, rows = _grid(item.element, vision.side, 1 + left)
        left -= columns * rows - 1
        view = View("place", vision.side, columns, rows)
        views.append(Wanted(item.number, item.element, view))
    return tuple(views)


def picture_tokens(evidence: Sequence[Evidence], chat: ChatModel) -> int:
    """Of the context, to be kept free for pictures; 0 where nothing is to be seen."""
    vision = chat.vision
    if vision is None or not any(_to_see(each) for item in evidence for each in item.elements):
        return 0
    return most_pictures(chat) * vision.tokens


def _to_see(element: Element) -> bool:
    if box_of(element) is None or "hidden_text" in element.flags:
        return False
    return element.kind in _DRAWN or element.how is How.OCR


def _is_part(element: Element) -> bool:
    box = box_of(element)
    if box is None or element.kind is Kind.PHOTO:
        return False
    width, height = whole(box)
    return box.area < MOSTLY * width * height


def _page(element: Element) -> tuple[str, object]:
    place = element.locators[0]
    where = place.page if isinstance(place, PageBox) else getattr(place, "at_s", 0)
    return element.source, where


def _grid(element: Element, side: int, most: int) -> tuple[int, int]:
    """Columns and rows in which a table, chart or scan is looked at more closely.

    As many as its pixels fill, at most `most` parts. A photo is shown as one.
    """
    box = box_of(element)
    if box is None or element.kind is Kind.PHOTO:
        return 1, 1
    scale = CLOSE_DPI / POINTS_PER_INCH if isinstance(box, PageBox) else 1.0
    width, height = (box.right - box.left) * scale, (box.bottom - box.top) * scale
    columns, rows = max(1, math.ceil(width / side)), max(1, math.ceil(height / side))
    while columns * rows > most:
        if columns > 1 and (width / columns <= height / rows or rows == 1):
            columns -= 1
        else:
            rows -= 1
    return columns, rows
