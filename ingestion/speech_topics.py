"""Which sentences of a recording make a passage together: those about one thing. Pure.

After TextTiling (Hearst 1997, "TextTiling: segmenting text into multi-paragraph subtopic
passages", Computational Linguistics 23): the words on both sides of a gap between two sentences
are compared, and the subject changes where they are less alike than around it. Where a passage may
end is bounded, so one ends at the deepest such dip within its bounds; a pause counts as well.

Cost: about 1 ms for a minute of speech.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from pincite.index.terms import terms

SHORTEST_S, LONGEST_S = 15.0, 45.0
_SIDE = 25
"""Terms on a side of a gap that are compared, in whole sentences; about 15 seconds of speech."""
_PAUSE_S = 1.0
"""A silence of this length counts as much as a dip from full likeness to none."""
_WHOLE_SENTENCE = 2.0
"""What the end of a sentence counts, so that others end a passage only where there is none."""
_LENGTH = 0.1
"""What the greatest length counts: without any sign a passage is rather long."""
_ENDS = ".!?…。！？"


class Sentence(NamedTuple):
    text: str
    start_s: float
    end_s: float
    size: int
    """In any unit of which a passage may hold so many."""


def passage_starts(sentences: Sequence[Sentence], *, room: int) -> list[int]:
    """Positions of the sentences that begin a passage; the first one is not told.

    A passage lasts at most `LONGEST_S` and holds at most `room`, unless it is a single sentence;
    it lasts at least `SHORTEST_S` where that and `room` allow it.
    """
    likeness = _dips(sentences)
    starts: list[int] = []
    first = 0
    while (end := _reach(sentences, first, room)) < len(sentences):
        first = _best(sentences, likeness, first, end)
        starts.append(first)
    return starts


def _reach(sentences: Sequence[Sentence], first: int, room: int) -> int:
    """The first position that no longer fits into a passage that begins at `first`."""
    size = 0
    for position in range(first, len(sentences)):
        size += sentences[position].size
        too_long = sentences[position].end_s - sentences[first].start_s > LONGEST_S
        if position > first and (too_long or size > room):
            return position
    return len(sentences)


def _best(sentences: Sequence[Sentence], dips: Sequence[float], first: int, end: int) -> int:
    """Where to begin anew, behind `first` and not behind `end`."""
    start_s, end_s = sentences[first].start_s, sentences[-1].end_s

    def worth(position: int) -> float:
        before, after = sentences[position - 1], sentences[position]
        pause = min(max(after.start_s - before.end_s, 0.0) / _PAUSE_S, 2.0)
        whole = _WHOLE_SENTENCE if before.text[-1:] in _ENDS else 0.0
        length = _LENGTH * (before.end_s - start_s) / LONGEST_S
        return dips[position] + pause + whole + length

    allowed = [
        position
        for position in range(first + 1, end + 1)
        if sentences[position - 1].end_s - start_s >= SHORTEST_S
        and end_s - sentences[position].start_s >= SHORTEST_S
    ]
    return max(allowed or [end], key=lambda position: (worth(position), position))


def _dips(sentences: Sequence[Sentence]) -> list[float]:
    """How far likeness falls at the gap before each sentence, from 0 to 2; at the first one 0."""
    words = [Counter(terms(sentence.text)) for sentence in sentences]
    likeness = [_likeness(words, position) for position in range(1, len(words))]
    falls = [
        _climb(likeness[at::-1]) + _climb(likeness[at:]) - 2 * likeness[at]
        for at in range(len(likeness))
    ]
    return [0.0, *falls]


def _climb(likeness: Sequence[float]) -> float:
    """The height reached from the first one on before it falls again."""
    height = likeness[0]
    for value in likeness[1:]:
        if value < height:
            break
        height = value
    return height


def _likeness(words: Sequence[Counter[str]], position: int) -> float:
    """Cosine of what stands on either side of the gap before `position`."""
    before = _side(words[position - 1 :: -1])
    after = _side(words[position:])
    product = sum(count * after[term] for term, count in before.items())
    lengths = sum(n * n for n in before.values()) * sum(n * n for n in after.values())
    return product / sqrt(lengths) if lengths else 0.0


def _side(words: Sequence[Counter[str]]) -> Counter[str]:
    side = Counter[str]()
    for sentence in words:
        side += sentence
        if side.total() >= _SIDE:
            break
    return side
