"""Evidence as a scanner or a recogniser of speech would give it; numbers stay as they are."""

from __future__ import annotations

import re
from random import Random
from typing import Final

_MISREAD: Final = (
    ("rn", "m"), ("m", "rn"), ("l", "1"), ("l", "I"), ("o", "0"), ("O", "0"), ("e", "c"),
    ("i", "l"), ("cl", "d"), ("S", "5"), ("h", "b"), ("t", "f"), ("fi", "f"), ("u", "v"),
    ("a", "o"), ("g", "q"), (".", ","), ("'", ""),
)  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_PUNCTUATION: Final = re.compile(r"[.,;:!?\"“”()]")


def scanned(rng: Random, text: str, share: float = 0.06) -> str:
    """Some letters of words misread, some spaces lost or too many, some words broken at a line."""

    def misread(found: re.Match[str]) -> str:
        word = found.group()
        if rng.random() >= share:
            return word
        fits = [pair for pair in _MISREAD if pair[0] in word]
        if fits and rng.random() < 0.7:
            old, new = rng.choice(fits)
            return word.replace(old, new, 1)
        at = rng.randrange(1, len(word))
        return word[:at] + rng.choice((" ", "- ")) + word[at:]

    read = _WORD.sub(misread, text)
    return re.sub(r"(?<=[a-z]) (?=[a-z])", lambda _: "" if rng.random() < share / 4 else " ", read)


def heard(text: str) -> str:
    """As a recogniser of speech writes: small letters, no signs."""
    return " ".join(_PUNCTUATION.sub("", text).casefold().split())
