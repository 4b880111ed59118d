"""How a place is to be shown. Pure."""

from __future__ import annotations

from typing import NamedTuple

from agent.weaving import Look
from pincite.elements import Element
from pincite.locators import FrameBox, ImageBox, PageBox

Box = PageBox | ImageBox | FrameBox


class View(NamedTuple):
    """The page around a place, or the place itself in a grid of parts."""

    look: Look
    side: int
    """Pixels that no side of a part exceeds."""
    columns: int = 1
    rows: int = 1


def box_of(element: Element) -> Box | None:
    """Where it begins; None for what stands in no picture."""
    place = element.locators[0]
    return place if isinstance(place, Box) else None


def whole(box: Box) -> tuple[float, float]:
    """Width and height of what it stands in, in its own units."""
    match box:
        case PageBox():
            return box.page_width, box.page_height
        case ImageBox():
            return box.image_width, box.image_height
        case FrameBox():
            return box.frame_width, box.frame_height
