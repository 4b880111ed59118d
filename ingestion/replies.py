"""What a parser child answered, made safe to use. Pure."""

from __future__ import annotations

import re

from ingestion.messages import Refused
from ingestion.readers.ports import UnitRead
from pincite import errors
from pincite.elements import ContentId
from pincite.errors import CorruptSource, PinciteError, SetupError, TooLarge


def anchored(read: UnitRead, crops: dict[str, bytes], content: ContentId, unit: int) -> UnitRead:
    """Give crops keys of our own, so that a child can name no blob but those it sent just now."""
    keys = {name: f"{content}/u{unit}-{number}-{_plain(name)}" for number, name in enumerate(crops)}
    elements = tuple(
        element.model_copy(update={"crop": keys.get(element.crop)}) if element.crop else element
        for element in read.elements
    )
    named = {keys[name]: data for name, data in crops.items()}
    warnings = tuple(spoken(text, content) for text in read.warnings)
    return read.model_copy(update={"elements": elements, "crops": named, "warnings": warnings})


def spoken(text: str, content: ContentId) -> str:
    """A reader knows a file by its hash only, which is no word for a person."""
    return text.replace(content, "the file") if content else text


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", name.rpartition("/")[2])[-40:]


def refusal(reply: Refused, content: ContentId) -> PinciteError:
    """The error that the reader raised, if it is one that readers raise."""
    found = getattr(errors, reply.error, None)
    message = spoken(reply.message, content)
    if reply.error == "MemoryError":
        return TooLarge(message)
    if isinstance(found, type) and issubclass(found, PinciteError):
        if issubclass(found, SetupError):
            return SetupError(message)
        return found(message)
    return CorruptSource(f"the reader failed on it ({message})")
