"""Letters that the network doubts are settled by known words (lexicon-driven CTC decoding).

Only what the network itself holds for possible is chosen from, so names and codes stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, cast

DOUBT = 0.1
"""Least chance of a letter that is held for possible beside the likeliest one."""
_SHORTEST = 4
_MOST_DOUBTS = 8
_MOST_DIGITS = 0.34
"""Share of a word: one with more is an amount or a code."""
_CORE = re.compile(r"\W*(\w.*\w)\W*", re.DOTALL)

Words = frozenset[str]
"""In lower case."""


class Letter(NamedTuple):
    text: str
    chance: float
    others: tuple[tuple[str, float], ...] = ()
    """What else it may be, with the chance of each."""


def known_words(tokenizer: Path) -> Words:
    """The whole words of a WordPiece vocabulary, from the tokenizer's JSON file; 30 ms."""
    vocabulary = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(
        word
        for word in cast("dict[str, int]", vocabulary)
        if len(word) >= _SHORTEST and word.isascii() and word.isalpha()
    )


def spelled(letters: Sequence[Letter], known: Words) -> Sequence[Letter]:
    """The letters of a word, at most two of them changed where that makes a known word of it."""
    if not known or _core(letters).lower() in known or not _is_wordlike(_core(letters)):
        return letters
    doubtful = [place for place, letter in enumerate(letters) if letter.others][:_MOST_DOUBTS]
    for count in (1, 2):
        changed = [
            reading
            for places in combinations(doubtful, count)
            for reading in _changed(letters, places)
            if _core(reading).lower() in known
        ]
        if changed:
            return max(changed, key=_chance)
    return letters


def _core(letters: Sequence[Letter]) -> str:
    """Without the signs around."""
    inner = _CORE.fullmatch("".join(letter.text for letter in letters))
    return inner.group(1) if inner else ""


def _is_wordlike(core: str) -> bool:
    digits = sum(letter.isdigit() for letter in core)
    return len(core) >= _SHORTEST and core.isascii() and digits <= _MOST_DIGITS * len(core)


def _changed(letters: Sequence[Letter], places: Sequence[int]) -> Iterator[list[Letter]]:
    if not places:
        yield list(letters)
        return
    for text, chance in letters[places[0]].others:
        for reading in _changed(letters, places[1:]):
            reading[places[0]] = Letter(text, chance)
            yield reading


def _chance(letters: Sequence[Letter]) -> float:
    product = 1.0
    for letter in letters:
        product *= letter.chance
    return product
