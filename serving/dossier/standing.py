"""Whether a quote still stands where it was cited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pincite.elements import Element
from pincite.grounding.spots import spots_of
from pincite.locators import FrameBox, ImageBox, Locator, PageBox, TextSpan, TimeSpan

_JOINTS: Final = re.compile(r" … | \| ")
"""Between sentences or rows of one element that were shown without what is between them."""


def holds(element: Element, quote: str) -> bool:
    """Whether every part of the quote is in the element, whatever the white space."""
    texts = [_plain(element.text), *(_plain(spot.text) for spot in spots_of(element))]
    if _plain(quote) in texts[0]:
        return True
    parts = [part for part in map(_plain, _JOINTS.split(quote)) if part]
    return bool(parts) and all(any(part in text for text in texts) for part in parts)


def _plain(text: str) -> str:
    return " ".join(text.split())


def meet(one: Iterable[Locator], other: Iterable[Locator]) -> bool:
    """Whether two places have anything in common."""
    others = list(other)
    return any(_meet(a, b) for a in one for b in others)


def _meet(one: Locator, other: Locator) -> bool:
    match one, other:
        case PageBox(), PageBox():
            return one.page == other.page and _boxes_meet(one, other)
        case ImageBox(), ImageBox():
            return _boxes_meet(one, other)
        case FrameBox(), FrameBox():
            return abs(one.at_s - other.at_s) < 1 and _boxes_meet(one, other)
        case TimeSpan(), TimeSpan():
            return one.start_s <= other.end_s and other.start_s <= one.end_s
        case TextSpan(), TextSpan():
            return one.start <= other.end and other.start <= one.end
        case _:
            return False


_Box = PageBox | ImageBox | FrameBox


def _boxes_meet(one: _Box, other: _Box) -> bool:
    return (
        one.left <= other.right
        and other.left <= one.right
        and one.top <= other.bottom
        and other.top <= one.bottom
    )
