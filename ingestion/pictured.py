"""Which passage stands for a picture, and its vector in the space that pictures share with words.

A passage that shows exactly one picture stands for it: a figure with its caption, say. A picture
that no such passage shows, as a photo without a word in it, gets a passage of its own, without text
and so found by its looks alone.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from PIL import Image

from pincite.blobs import BlobStore
from pincite.elements import BlobKey, Kind, ParsedElement, ParsedPassage, Passage, PassageId
from pincite.index.ports import Vector
from pincite.locators import PageBox
from pincite.models.ports import JointEncoder, Picture

PICTURED = frozenset({Kind.FIGURE, Kind.PHOTO})
"""Kinds of elements that may be pictures."""
_AT_ONCE = 16
T = TypeVar("T")


def picture_passages(
    elements: Sequence[ParsedElement], passages: Sequence[ParsedPassage]
) -> list[ParsedPassage]:
    """One for each picture that none of `passages` stands for, in reading order."""
    stood_for = {
        position
        for passage in passages
        if (position := _only([at for at in passage.elements if _is_pictured(elements[at])]))
        is not None
    }
    return [
        ParsedPassage(
            elements=(position,), text="", heading_path=element.heading_path, page=_page(element)
        )
        for position, element in enumerate(elements)
        if _is_pictured(element) and position not in stood_for
    ]


class PictureSpace:
    """Embeds the pictures of passages."""

    def __init__(self, encoder: JointEncoder, blobs: BlobStore) -> None:
        self.encoder = encoder
        self._blobs = blobs

    def vectors(
        self, found: Mapping[PassageId, tuple[Passage, Sequence[ParsedElement]]]
    ) -> dict[PassageId, Vector]:
        """Of those passages that stand for a picture which is still there."""
        shown = [
            (passage, element.crop)
            for passage, (_, elements) in found.items()
            if (element := _only([each for each in elements if _is_pictured(each)])) is not None
            and element.crop is not None
        ]
        embedded: dict[PassageId, Vector] = {}
        for start in range(0, len(shown), _AT_ONCE):
            pictures = {
                passage: picture
                for passage, key in shown[start : start + _AT_ONCE]
                if (picture := self._picture(key)) is not None
            }
            vectors = self.encoder.embed_pictures(list(pictures.values()))
            embedded |= dict(zip(pictures, vectors, strict=True))
        return embedded

    def _picture(self, key: BlobKey) -> Picture | None:
        try:
            data = self._blobs.get(key)
        except FileNotFoundError:
            return None
        with Image.open(io.BytesIO(data)) as opened:
            return np.asarray(opened.convert("RGB"), dtype=np.uint8)


def _is_pictured(element: ParsedElement) -> bool:
    return element.kind in PICTURED and element.crop is not None


def _only(items: Sequence[T]) -> T | None:
    return items[0] if len(items) == 1 else None


def _page(element: ParsedElement) -> int | None:
    place = element.locators[0]
    return place.page if isinstance(place, PageBox) else None
