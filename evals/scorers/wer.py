"""Word error rate, and how far off the times of recognized words are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from evals.datasets.speech import TimedWord
from evals.scorers.edits import distance
from evals.scorers.spoken import spoken_words, written_words
from pincite.values import Value


class WordErrors(Value):
    """Of one transcript; the rate of a set is the sum of errors over the sum of words."""

    errors: int
    """Words inserted, deleted or replaced."""
    words: int
    """Of the reference."""


def word_errors(
    expected: str, got: str, words_of: Callable[[str], list[str]] = written_words
) -> WordErrors:
    """Errors between two transcripts in one of the normal forms of `evals.scorers.spoken`."""
    wanted = words_of(expected)
    return WordErrors(errors=distance(wanted, words_of(got)), words=len(wanted))


def time_errors(expected: Sequence[TimedWord], got: Sequence[TimedWord]) -> list[float]:
    """Seconds by which start and end of each word that both have are off, two values per word."""
    ours = [spoken_words(word.text) for word in got]
    theirs = [spoken_words(word.text) for word in expected]
    same = SequenceMatcher(
        a=[" ".join(words) for words in theirs],
        b=[" ".join(words) for words in ours],
        autojunk=False,
    )
    return [
        error
        for block in same.get_matching_blocks()
        for step in range(block.size)
        for error in _apart(expected[block.a + step], got[block.b + step])
    ]


def _apart(one: TimedWord, other: TimedWord) -> tuple[float, float]:
    return abs(one.start_s - other.start_s), abs(one.end_s - other.end_s)
