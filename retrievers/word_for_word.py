"""Words that must stand as they are: whether a text holds them, and where exactly.

Spaces, case, accents and punctuation do not matter; order and neighbourhood do. Where a place is
looked for, endings do not matter either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from pincite.elements import Element, Word
from pincite.index.stemming import stem_english
from pincite.index.terms import fold
from pincite.locators import FrameBox, ImageBox, Locator, PageBox, TextSpan, TimeSpan

_TOKEN: Final = re.compile(r"[^\W_]+")
_ENOUGH: Final = 0.6
"""Share of the asked words that a stretch of speech must hold, in their order."""
_LINE: Final = 0.5
"""Share of a word's height by which the next may lie off and still be of the same line."""


class Spot(NamedTuple):
    locators: tuple[Locator, ...]
    """Narrower than the element: the seconds, or a box for each line."""
    share: float
    """Of the words that were asked for, in (0, 1]."""
    quote: str


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(fold(text))


def stems(text: str) -> list[str]:
    """Tokens whatever their ending: `pumps` is `pump`."""
    return list(map(_stem, tokens(text)))


def holds(text: str, phrase: str, *, form: Callable[[str], list[str]] = tokens) -> bool:
    """Whether the words of `phrase` follow one another in `text`, in this form of words."""
    wanted, there = form(phrase), form(text)
    return bool(wanted) and _exact(there, wanted) >= 0


def spot_of(element: Element, phrase: str) -> Spot | None:
    """Where an element with word places says it; speech may miss or mishear a few of the words."""
    wanted = stems(phrase)
    parts = [(token, n) for n, word in enumerate(element.words) for token in stems(word.text)]
    there = [token for token, _ in parts]
    if not wanted or not there:
        return None
    start = _exact(there, wanted)
    if start >= 0:
        return _spot(element.words, parts[start][1], parts[start + len(wanted) - 1][1], 1.0)
    if not any(isinstance(word.locator, TimeSpan) for word in element.words[:1]):
        return None
    first, last, share = _nearest(there, wanted)
    return _spot(element.words, parts[first][1], parts[last][1], share) if share > 0 else None


@lru_cache(maxsize=50_000)
def _stem(token: str) -> str:
    return stem_english(token) if token.isascii() else token


def _exact(there: Sequence[str], wanted: Sequence[str]) -> int:
    """Place of the first token; -1 where they do not follow one another."""
    size = len(wanted)
    return next(
        (n for n in range(len(there) - size + 1) if list(there[n : n + size]) == list(wanted)), -1
    )


def _nearest(there: Sequence[str], wanted: Sequence[str]) -> tuple[int, int, float]:
    """First and last token of the stretch with most of the words in order, and their share.

    Common short words are not counted, as they would carry any stretch over the line.
    """
    telling = [token for token in wanted if len(token) > 3 or token.isdecimal()] or list(wanted)
    asked = set(telling)
    room = 2 * len(wanted) + 2
    best = (0, 0, 0.0)
    for start, token in enumerate(there):
        if token not in asked:
            continue
        matched = _in_order(there[start : start + room], telling)
        share = len(matched) / len(telling)
        if share > best[2]:
            best = (start, start + matched[-1], share)
    return best if best[2] >= _ENOUGH else (0, 0, 0.0)


def _in_order(stretch: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Places of the wanted tokens, taken greedily from the left."""
    places, at = list[int](), 0
    for token in wanted:
        found = next((n for n in range(at, len(stretch)) if stretch[n] == token), None)
        if found is not None:
            places.append(found)
            at = found + 1
    return places


def _spot(words: Sequence[Word], first: int, last: int, share: float) -> Spot:
    chosen = words[first : last + 1]
    return Spot(_joined(chosen), share, " ".join(word.text for word in chosen))


def _joined(words: Sequence[Word]) -> tuple[Locator, ...]:
    """One locator for the words of each line, or for the whole stretch of time or text."""
    joined: list[Locator] = []
    for word in words:
        both = _together(joined[-1], word.locator) if joined else None
        if both is None:
            joined.append(word.locator)
        else:
            joined[-1] = both
    return tuple(joined)


def _together(one: Locator, other: Locator) -> Locator | None:
    match one, other:
        case TimeSpan(), TimeSpan():
            return TimeSpan(start_s=one.start_s, end_s=max(one.end_s, other.end_s))
        case TextSpan(), TextSpan() if other.end >= one.start:
            return TextSpan(start=one.start, end=max(one.end, other.end))
        case (PageBox(), PageBox()) | (ImageBox(), ImageBox()) | (FrameBox(), FrameBox()) if (
            _one_line(one, other)
        ):
            return one.model_copy(
                update={
                    "left": min(one.left, other.left),
                    "top": min(one.top, other.top),
                    "right": max(one.right, other.right),
                    "bottom": max(one.bottom, other.bottom),
                }
            )
        case _:
            return None


def _one_line(one: PageBox | ImageBox | FrameBox, other: PageBox | ImageBox | FrameBox) -> bool:
    if isinstance(one, PageBox) and isinstance(other, PageBox) and one.page != other.page:
        return False
    height = max(one.bottom - one.top, other.bottom - other.top)
    return abs((one.top + one.bottom) - (other.top + other.bottom)) / 2 <= _LINE * height
