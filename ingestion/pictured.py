"""Which passage stands for a picture, and its vector in the space that pictures share with words.

A passage that shows exactly one picture stands for it: a figure with its caption, say. A picture
that no such passage shows, as a photo without a word in it, gets a passage of its own, without text
and so found by its looks alone.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from ingestion.picture_texts import is_pictured
from pincite.blobs import BlobStore
from pincite.elements import BlobKey, ParsedElement, ParsedPassage, Passage, PassageId
from pincite.index.ports import Vector
from pincite.locators import PageBox
from pincite.models.ports import JointEncoder, Picture

_AT_ONCE = 16


def picture_passages(
    elements: Sequence[ParsedElement], passages: Sequence[ParsedPassage]
) -> list[ParsedPassage]:
    """One for each picture that none of `passages` stands for, in reading order."""
    stood_for = {_only_picture([elements[at] for at in passage.elements]) for passage in passages}
    first: dict[BlobKey | None, int] = {}
    for position, element in enumerate(elements):
        if is_pictured(element) and element.crop not in stood_for:
            first.setdefault(element.crop, position)
    return [
        ParsedPassage(
            elements=(position,),
            text="",
            heading_path=elements[position].heading_path,
            page=_page(elements[position]),
        )
        for position in first.values()
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
            (passage, key)
            for passage, (_, elements) in found.items()
            if (key := _only_picture(elements)) is not None
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


def _only_picture(elements: Sequence[ParsedElement]) -> BlobKey | None:
    """The one that they show; None where they show none or several."""
    shown = {element.crop for element in elements if is_pictured(element)}
    return next(iter(shown)) if len(shown) == 1 else None


def _page(element: ParsedElement) -> int | None:
    place = element.locators[0]
    return place.page if isinstance(place, PageBox) else None
