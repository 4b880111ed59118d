"""Pictures of the places of elements, for a model that sees."""

from __future__ import annotations

import asyncio
from typing import Final

from agent.views import Box, View, box_of, whole
from ingestion.renderers import unit_at
from pincite.blobs import BlobStore
from pincite.elements import Content, Element, Scope
from pincite.errors import UnknownSource, UnsupportedMedia
from pincite.locators import FrameBox, PageBox
from pincite.texts import TextStore
from serving.page_pictures import PagePictures
from serving.picture_cutting import cut

LEVELS: Final = (75, 150, 300)
"""Resolutions at which pages are drawn, so that a page is drawn once for several looks at it."""
SCREEN: Final = 2000
"""Pixels of the longer side of a picture file that is drawn at 150."""


class ElementPictures:
    """Implements `agent.services.Places` over files of this library."""

    def __init__(self, pictures: PagePictures, texts: TextStore, blobs: BlobStore) -> None:
        self._pictures = pictures
        self._texts = texts
        self._blobs = blobs

    async def seen(self, element: Element, scope: Scope, view: View) -> tuple[bytes, ...]:
        first = box_of(element)
        if first is None:
            raise UnsupportedMedia("what has no place on a page or in a picture cannot be shown")
        content = await asyncio.to_thread(self._content, element, scope)
        original = self._blobs.path(content.id)
        png = await self._pictures.png(content, original, _unit(first), dpi=level(first, view))
        boxes = [box for box in element.locators if isinstance(box, Box) and _same(box, first)]
        return await asyncio.to_thread(cut, png, boxes, view)

    def _content(self, element: Element, scope: Scope) -> Content:
        source = self._texts.source(element.source, scope)
        content = self._texts.content(source.content)
        if content is None:
            raise UnknownSource(f"there is no source {element.source}")
        return content


def level(box: Box, view: View) -> int:
    """The lowest resolution that gives each part as many pixels as the model sees, if any does."""
    width, height = whole(box)
    across = (box.right - box.left) / view.columns if view.look == "place" else width
    down = (box.bottom - box.top) / view.rows if view.look == "place" else height
    longest = max(across, down, 1e-6)
    for dpi in LEVELS:
        scale = dpi / 72 if isinstance(box, PageBox) else SCREEN * dpi / 150 / max(width, height)
        if longest * scale >= view.side:
            return dpi
    return LEVELS[-1]


def _unit(box: Box) -> int:
    match box:
        case PageBox():
            return box.page
        case FrameBox():
            return unit_at(box.at_s)
        case _:
            return 1


def _same(box: Box, first: Box) -> bool:
    """Whether both stand in one picture."""
    return type(box) is type(first) and _unit(box) == _unit(first)
