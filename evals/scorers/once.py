"""How many elements each character of a page's text layer is in; one is right.

A character is in an element where its middle lies in one of the element's boxes and the element's
text has room for it, each letter of the text being taken once; characters that few elements could
hold come first. Unicode NFKC and case-folding apply; marks that are neither letter nor digit are
all the same, because bullets and quotes are set straight. Left out are hyphens, because words that
were broken at a line's end are joined, and what has no ink.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_HYPHENS = frozenset("-\u00ad\u2010\u2011\ufffe\u2013")
_MARK = "·"
_SLACK = 1.0
"""Points by which a character may stick out."""


class Holder(NamedTuple):
    """An element: its text and boxes (left, top, right, bottom)."""

    text: str
    boxes: Sequence[tuple[float, float, float, float]]


class TimesHeld(NamedTuple):
    characters: int
    """All that count."""
    once: int
    lost: int
    again: int
    """In two elements or more."""


def times_held(
    characters: str, boxes: npt.NDArray[np.float64], holders: Sequence[Holder]
) -> TimesHeld:
    """`boxes` has a row (left, top, right, bottom) per character; rows of NaN do not count."""
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    counted = [
        index
        for index, letter in enumerate(characters)
        if not np.isnan(across[index]) and _kinds(letter)
    ]
    inside = [_inside(across, down, holder) for holder in holders]
    room = [Counter(_kinds(holder.text)) for holder in holders]
    candidates = {
        index: [number for number, mask in enumerate(inside) if mask[index]] for index in counted
    }
    held = Counter[int]()
    for index in sorted(counted, key=lambda index: len(candidates[index])):
        kind = _kinds(characters[index])[0]
        taken = 0
        for number in candidates[index]:
            if room[number][kind] > 0:
                room[number][kind] -= 1
                taken += 1
        held[min(taken, 2)] += 1
    return TimesHeld(len(counted), held[1], held[0], held[2])


def _kinds(text: str) -> list[str]:
    """What counts of a text, in normal form; empty for spaces, hyphens and control characters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [
        letter if letter.isalnum() else _MARK
        for letter in plain
        if letter not in _HYPHENS and letter.isprintable() and not letter.isspace()
    ]


def _inside(
    across: npt.NDArray[np.float64], down: npt.NDArray[np.float64], holder: Holder
) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(across), dtype=np.bool_)
    for left, top, right, bottom in holder.boxes:
        found |= (
            (across >= left - _SLACK)
            & (across <= right + _SLACK)
            & (down >= top - _SLACK)
            & (down <= bottom + _SLACK)
        )
    return found
