"""Pictures at their places in the evidence: each stands right behind its number. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from pincite.models.ports import Message

_NUMBER: Final = re.compile(r"^\[(\d+)\]")

Look = Literal["page", "place"]
"""The whole page that something stands on, or the place itself, closer."""


class Shown(NamedTuple):
    """What a model is shown of one piece of evidence."""

    number: int
    look: Look
    parts: tuple[bytes, ...]
    """PNG files; several where the place is large, row by row."""


class Woven(NamedTuple):
    """Evidence with its pictures."""

    text: str
    pictures: tuple[bytes, ...]
    places: tuple[int, ...]
    """Characters of `text` before which the pictures stand."""


def woven(block: str, shown: Sequence[Shown]) -> Woven:
    """Behind the line of a number a line for each of its pictures: `[3] (picture)`."""
    text, pictures, places = "", list[bytes](), list[int]()
    for line in block.splitlines():
        text += line + "\n"
        number = _NUMBER.match(line)
        for each in (each for each in shown if number and each.number == int(number.group(1))):
            for label, part in zip(labels(each.look, len(each.parts)), each.parts, strict=True):
                text += f"[{each.number}] ({label})"
                pictures.append(part)
                places.append(len(text))
                text += "\n"
    return Woven(text.removesuffix("\n"), tuple(pictures), tuple(places))


def labels(look: Look, parts: int) -> list[str]:
    """What the model is told that each part is."""
    if look == "page":
        return ["its page"]
    if parts == 1:
        return ["picture"]
    return [f"picture, part {part} of {parts}" for part in range(1, parts + 1)]


def with_pictures(messages: Sequence[Message], evidence: Woven, about: str) -> tuple[Message, ...]:
    """The messages of a prompt that was filled in with `evidence.text`, so that it can be seen.

    `about` tells the model how pictures are numbered; it ends the first message.
    """
    first, *between, last = messages
    start = last.content.index(evidence.text)
    seen = Message(
        role=last.role,
        content=last.content,
        pictures=evidence.pictures,
        places=tuple(start + place for place in evidence.places),
    )
    told = Message(role=first.role, content=f"{first.content} {about}")
    return told, *between, seen
