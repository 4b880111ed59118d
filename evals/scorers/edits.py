"""Edit distance (Levenshtein 1966): fewest insertions, deletions and replacements."""

from __future__ import annotations

from collections.abc import Sequence


def distance(expected: Sequence[str], got: Sequence[str]) -> int:
    """Of characters where strings are given, of words where lists of them are.

    Time grows with the product of the lengths.
    """
    if len(got) > len(expected):
        expected, got = got, expected
    above = list(range(len(got) + 1))
    for row, ours in enumerate(expected, start=1):
        here = [row]
        for column, theirs in enumerate(got, start=1):
            replaced = above[column - 1] + (ours != theirs)
            here.append(min(replaced, above[column] + 1, here[-1] + 1))
        above = here
    return above[-1]
