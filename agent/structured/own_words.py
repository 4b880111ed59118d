"""A value with its label in the words of the source, where they stand beside each other. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pincite.grounding.numbers import quantities
from pincite.grounding.words import COMMON, content, words

MOST_BETWEEN: Final = 6
"""Words between a label and its value."""
MOST_TELLING: Final = 2
"""Of them such as say something."""
_WORD: Final = re.compile(r"\S+")


class _Word(NamedTuple):
    start: int
    end: int
    stems: frozenset[str]


def own_words(label: str, written: str, text: str) -> str:
    """The stretch of a sentence from the label to the value, or the other way round; or nothing.

    There is none where another figure stands between them, or where the label is but the first
    part of a longer one: `rent deposit: 10,000` says nothing of the rent.
    """
    at = _place(written, text)
    wanted = set(content(label))
    if at is None or not wanted:
        return ""
    start, end = at
    told = [_Word(m.start(), m.end(), frozenset(content(m[0]))) for m in _WORD.finditer(text)]
    before = [word for word in told if word.end <= start]
    behind = [word for word in told if word.start >= end]
    if found := _nearest(before[::-1], wanted):
        first, last = min(w.start for w in found), max(w.end for w in found)
        if _is_label(text[first:last], wanted) and _belongs(text[last:start], is_behind=False):
            return text[first:end].strip(" ,;")
    if found := _nearest(behind, wanted):
        first, last = min(w.start for w in found), max(w.end for w in found)
        if _is_label(text[first:last], wanted) and _belongs(text[end:first], is_behind=True):
            return text[start:last].strip(" ,;.!?")
    return ""


def _place(written: str, text: str) -> tuple[int, int] | None:
    pattern = r"\s+".join(re.escape(word) for word in written.split())
    found = re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) if pattern else None
    return found.span() if found else None


def _nearest(told: list[_Word], wanted: set[str]) -> list[_Word]:
    """The words of the label, from the value on; none where they are not all near each other."""
    left, found = set(wanted), list[_Word]()
    for word in told[: MOST_BETWEEN + len(wanted) + 2]:
        if word.stems & left:
            left -= word.stems
            found.append(word)
        if not left:
            return found
    return []


def _is_label(text: str, wanted: set[str]) -> bool:
    """Whether its words stand together: at most two others between them, and no figure."""
    return len(words(text)) <= len(wanted) + 2 and not quantities(text)


def _belongs(between: str, *, is_behind: bool) -> bool:
    """Whether what stands between leaves the value that of the label."""
    if quantities(between) or re.search(r"[.!?|]\s", between):
        return False
    listed = words(between)
    first_says_more = bool(listed) and listed[0] not in COMMON and not re.match(r"\s*[:=]", between)
    telling = sum(word not in COMMON for word in listed)
    most = 0 if is_behind else MOST_TELLING
    return len(listed) <= MOST_BETWEEN and telling <= most and not first_says_more
