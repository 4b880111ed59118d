"""Questions in another script than the library: words cannot match there, and the asker is told."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache


def other_script(question: str, texts: Iterable[str]) -> list[str]:
    """A clause where none of `texts` has letters of the script of the question."""
    asked = Counter[str](name for name in map(script, question) if name)
    if not asked:
        return []
    name = asked.most_common(1)[0][0]
    if name == "LATIN" or any(script(letter) == name for text in texts for letter in text):
        return []
    return [f"nothing found is written in {name.title()} letters"]


def script(letter: str) -> str:
    """The first word of the letter's name in Unicode, such as `CYRILLIC`; empty for no letter."""
    return _script(letter)


@lru_cache(maxsize=10_000)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""
