"""Machine captions for the pictures of a unit: elements that find a picture and support nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ingestion.picture_texts import PICTURED
from ingestion.readers.ports import UnitRead
from pincite.blobs import BlobStore
from pincite.elements import BlobKey, ContentId, How, ParsedElement
from pincite.errors import UpstreamError, Withheld
from pincite.models.ports import PictureDescriber

_MOST = 16
"""Pictures of a unit that are described."""
_LEAST_PIXELS = 48
"""Of the shorter side: below it there are rules, bullets and logos."""
_NAME_LENGTH = 24


class Captioner:
    """Asks a model once for each picture and keeps what it said beside the picture.

    So a caption goes when the file goes, and is never shared between files.
    """

    def __init__(self, describer: PictureDescriber, blobs: BlobStore) -> None:
        self._describer = describer
        self._blobs = blobs

    def described(self, content: ContentId, read: UnitRead) -> UnitRead:
        """The unit with an element behind each picture; as it was, and a note, if nobody answers.

        Its crops must have the keys that they are stored under.
        """
        pictures = {
            element.crop: read.crops[element.crop]
            for element in read.elements
            if element.kind in PICTURED and element.crop in read.crops
        }
        wanted = [key for key, png in pictures.items() if _shorter_side(png) >= _LEAST_PIXELS]
        if not wanted:
            return read
        try:
            said = self._said(content, [pictures[key] for key in wanted[:_MOST]])
        except (UpstreamError, Withheld) as exc:
            note = f"pictures were not described: {exc}"
            return read.model_copy(update={"warnings": (*read.warnings, note)})
        captions = dict(zip(wanted, said, strict=False))
        elements = [
            each
            for element in read.elements
            for each in (element, *_caption(element, captions.get(element.crop or BlobKey(""), "")))
        ]
        return read.model_copy(update={"elements": tuple(elements)})

    def _said(self, content: ContentId, pictures: Sequence[bytes]) -> list[str]:
        keys = [self._key(content, picture) for picture in pictures]
        known = {key: text for key in keys if (text := self._known(key)) is not None}
        new = {key: png for key, png in zip(keys, pictures, strict=True) if key not in known}
        said = self._describer.describe(list(new.values())) if new else []
        for key, text in zip(new, said, strict=True):
            self._blobs.put(key, text.encode())
            known[key] = text
        return [known[key] for key in keys]

    def _key(self, content: ContentId, picture: bytes) -> BlobKey:
        digest = hashlib.sha256(self._describer.id.encode() + b"\0" + picture).hexdigest()
        return BlobKey(f"{content}/caption-{digest[:_NAME_LENGTH]}.txt")

    def _known(self, key: BlobKey) -> str | None:
        try:
            return self._blobs.get(key).decode()
        except FileNotFoundError:
            return None


def _caption(element: ParsedElement, text: str) -> list[ParsedElement]:
    if not text or element.kind not in PICTURED:
        return []
    return [
        ParsedElement(
            kind=element.kind,
            text=text,
            locators=element.locators,
            how=How.MACHINE_CAPTION,
            heading_path=element.heading_path,
            crop=element.crop,
        )
    ]


def _shorter_side(png: bytes) -> int:
    """As the header of a PNG says; nothing is decoded."""
    return min(int.from_bytes(png[16:20]), int.from_bytes(png[20:24]))
