"""The part of a passage that a list of hits shows."""

from __future__ import annotations

import re
from typing import Final

from pincite.index.terms import terms

_LONGEST: Final = 280
_SHORT: Final = 120


def quote_of(text: str, words: str) -> str:
    """The sentences or lines, next to one another, that hold most of the words that were asked.

    Verbatim but for line breaks; at most 280 characters unless one sentence is longer. A
    heading or a short line goes on with what follows it.
    """
    asked = set(terms(words))
    parts = [part for part in (p.strip() for p in _SENTENCE.split(text)) if part]
    if not parts:
        return ""
    held = [set(terms(part)) & asked for part in parts]
    best, chosen = (-1.0, 0), (0, 1)
    for start in range(len(parts)):
        found: set[str] = set()
        for end in range(start + 1, len(parts) + 1):
            size = sum(map(len, parts[start:end]))
            if end > start + 1 and size > _LONGEST:
                break
            found |= held[end - 1]
            rank = (float(len(found)), -size)
            if rank > best:
                best, chosen = rank, (start, end)
    start, end = chosen
    while (
        end < len(parts)
        and parts[end - 1][-1] not in ".!?"
        and sum(map(len, parts[start : end + 1])) <= _SHORT
    ):
        end += 1
    return " ".join(" ".join(parts[start:end]).split())


_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
