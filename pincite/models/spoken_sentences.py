"""Recognised words → sentences with their times. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pincite.models.ports import SpokenSegment, SpokenWord

LONGEST_S = 30.0
MOST_WORDS = 60
"""A sentence without an end is cut at a pause before it reaches these."""
PAUSE_S = 1.5
"""Silence of this length ends a segment whatever its last word is."""

_END = re.compile(r"[.!?…。！？]+[\"'”’)\]]*$")
_ABBREVIATION = re.compile(
    r"^(?:[A-Za-z]|mr|mrs|ms|dr|prof|st|vs|no|inc|ltd|jr|sr|e\.g|i\.e|[A-Z](?:\.[A-Z])+)\.$",
    re.IGNORECASE,
)


def segments_of(
    words: Sequence[SpokenWord], *, spaced: bool = True, language: str | None = None
) -> list[SpokenSegment]:
    """Group words into sentences, in order; every word is in exactly one.

    Args:
        words: In order of time.
        spaced: Whether the language writes blanks between words.
        language: That was heard, if that is known.
    """
    return [_segment(group, " " if spaced else "", language) for group in _groups(words)]


def _groups(words: Sequence[SpokenWord]) -> Iterator[list[SpokenWord]]:
    group: list[SpokenWord] = []
    for word in words:
        if group and word.start_s - group[-1].end_s > PAUSE_S:
            yield group
            group = []
        group.append(word)
        if _ends_sentence(word.text):
            yield group
            group = []
        elif len(group) >= MOST_WORDS or word.end_s - group[0].start_s > LONGEST_S:
            cut = _best_cut(group)
            yield group[:cut]
            group = group[cut:]
    if group:
        yield group


def _ends_sentence(word: str) -> bool:
    return bool(_END.search(word)) and not _ABBREVIATION.match(word)


def _best_cut(group: Sequence[SpokenWord]) -> int:
    """Behind the word with the longest pause, in the second half; a comma counts as a pause."""
    half = len(group) // 2

    def pause(position: int) -> float:
        word = group[position - 1]
        comma = 0.3 if word.text.endswith((",", ";", ":")) else 0.0
        return group[position].start_s - word.end_s + comma

    return max(range(max(half, 1), len(group)), key=pause, default=len(group))


def _segment(words: Sequence[SpokenWord], between: str, language: str | None) -> SpokenSegment:
    letters = [max(1, len(word.text)) for word in words]
    confidence = sum(
        word.confidence * count for word, count in zip(words, letters, strict=True)
    ) / sum(letters)
    return SpokenSegment(
        text=between.join(word.text for word in words),
        start_s=words[0].start_s,
        end_s=max(word.end_s for word in words),
        confidence=min(1.0, confidence),
        words=tuple(words),
        language=language,
    )
