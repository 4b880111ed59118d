"""Text that a model wrote about a page → the words of the page that say it, or none.

A generating reader (Donut, arXiv 2111.15664) writes values without places. A value counts as found
only where a run of words on the page spells it, but for case, spaces and marks; a slip of the OCR
is forgiven in letters and never in digits, since another number is another value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

ALIKE = 0.85
"""Least similarity of letters, as `difflib` counts it; two slips in a word of fourteen."""
_FORGIVING_FROM = 5
"""Characters; a shorter value has to be spelt exactly."""


class Anchor(NamedTuple):
    words: tuple[int, ...]
    """Positions, ascending; empty where the value is not on the page."""
    likeness: float
    """1 where it is spelt exactly, 0 where it is not there."""


NOWHERE = Anchor((), 0.0)


def anchored(values: Sequence[str], words: Sequence[str]) -> list[Anchor]:
    """Where each value stands; `words` in reading order.

    A value that stands in several places gets the first that no earlier value has taken, and after
    the earlier value's place rather than before it, since readers go down the page.
    """
    spelt = [spelling(word) for word in words]
    taken: set[int] = set()
    found: list[Anchor] = []
    after = 0
    for value in values:
        anchor = _best(spelling(value), spelt, taken, after)
        found.append(anchor)
        if anchor.words:
            taken.update(anchor.words)
            after = anchor.words[-1] + 1
    return found


def spelling(text: str) -> str:
    """Letters and digits only, in one case."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _best(value: str, words: Sequence[str], taken: set[int], after: int) -> Anchor:
    def worth(anchor: Anchor) -> tuple[bool, float, bool, int]:
        free = not taken.intersection(anchor.words)
        first = anchor.words[0]
        return anchor.likeness == 1, anchor.likeness + free, first >= after, -first

    return max(_candidates(value, words), key=worth, default=NOWHERE) if value else NOWHERE


def _candidates(value: str, words: Sequence[str]) -> Iterator[Anchor]:
    """Runs of words about as long as the value that spell it well enough."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(value)
    slack = 0 if len(value) < _FORGIVING_FROM else max(1, round((1 - ALIKE) * len(value)))
    for start, first in enumerate(words):
        if not first:
            continue
        run = ""
        for end in range(start, len(words)):
            run += words[end]
            if len(run) > len(value) + slack:
                break
            if len(run) >= len(value) - slack and words[end]:
                likeness = _likeness(matcher, value, run)
                if likeness:
                    yield Anchor(_spelling_words(words, start, end), likeness)


def _spelling_words(words: Sequence[str], start: int, end: int) -> tuple[int, ...]:
    """Without marks that stand alone between them."""
    return tuple(position for position in range(start, end + 1) if words[position])


def _likeness(matcher: SequenceMatcher[str], value: str, run: str) -> float:
    if run == value:
        return 1.0
    if len(value) < _FORGIVING_FROM or _digits(run) != _digits(value):
        return 0.0
    matcher.set_seq1(run)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    likeness = matcher.ratio()
    return likeness if likeness >= ALIKE else 0.0


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
