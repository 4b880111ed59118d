"""Which elements are all the text of one picture, short enough to be found together. Pure.

The words of a chart or a slide lie apart and are read as many small elements: found one by one they
say little, found together they say what the picture is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingestion.passage_bodies import LIMIT, text_of
from ingestion.text_windows import pieces
from pincite.elements import Kind, ParsedElement
from pincite.locators import FrameBox, ImageBox

PICTURED = frozenset({Kind.FIGURE, Kind.PHOTO})
"""Kinds of elements that may be pictures."""


def is_pictured(element: ParsedElement) -> bool:
    return element.kind in PICTURED and element.crop is not None


def short_pictures(elements: Sequence[ParsedElement]) -> Iterator[range]:
    """Positions of each picture file or frame of a film with its text, in reading order.

    Left out are those without text, and those with more than a passage holds, such as a page that
    was photographed.
    """
    start = 0
    while start < len(elements):
        end = start + 1
        if is_pictured(elements[start]):
            while end < len(elements) and _share(elements[start], elements[end]):
                end += 1
            texts = [text_of(each) for each in elements[start:end] if each.field is None]
            if 0 < sum(map(pieces, texts)) <= LIMIT:
                yield range(start, end)
        start = end


def _share(picture: ParsedElement, other: ParsedElement) -> bool:
    """Whether `other` stands in the same file or frame, and is no other picture."""
    if is_pictured(other) and other.crop != picture.crop:
        return False
    match picture.locators[0], other.locators[0]:
        case ImageBox(), ImageBox():
            return True
        case FrameBox(at_s=one), FrameBox(at_s=another):
            return one == another
        case _:
            return False
