"""How alike two strings are: Indel ratio, best part of a longer text, near matches."""

from __future__ import annotations


def ratio(one: str, other: str) -> float:
    """1 - insertions and deletions over the length of both; two empty strings are alike."""
    total = len(one) + len(other)
    return 2 * _common(one, other) / total if total else 1.0


def partial_ratio(one: str, other: str) -> float:
    """The best `ratio` of the shorter string with a part of the longer, at most as long as it."""
    short, long = sorted((one, other), key=len)
    if not short:
        return 0.0 if long else 1.0
    if short in long:
        return 1.0
    size = len(short)
    starts = range(1 - size, len(long))
    return max(ratio(short, long[max(0, start) : start + size]) for start in starts)


def first_and_last_match(query: str, text: str, most_edits: int) -> tuple[int, int] | None:
    """Where the first and the last near match of `query` start; None where there is none.

    A near match is a part of `text` within `most_edits` insertions, deletions and substitutions
    (Sellers 1980).
    """
    if most_edits == 0:
        first = text.find(query)
        return None if first < 0 else (first, text.rfind(query))
    starts = _near_starts(query, text, most_edits)
    return (min(starts), max(starts)) if starts else None


def _near_starts(query: str, text: str, most_edits: int) -> list[int]:
    """Starts of the nearest match that ends at each place where there is one."""
    edits = list(range(len(query) + 1))
    starts = [0] * (len(query) + 1)
    found: list[int] = []
    for end, letter in enumerate(text, start=1):
        before, began = edits, starts
        edits, starts = [0], [end]
        for row, wanted in enumerate(query, start=1):
            choices = (
                (before[row - 1] + (letter != wanted), began[row - 1]),
                (before[row] + 1, began[row]),
                (edits[row - 1] + 1, starts[row - 1]),
            )
            best = min(choices, key=lambda choice: choice[0])
            edits.append(best[0])
            starts.append(best[1])
        if edits[-1] <= most_edits:
            found.append(starts[-1])
    return found


def _common(one: str, other: str) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for index, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << index
    everything = (1 << len(one)) - 1
    row = everything
    for letter in other:
        matched = row & places.get(letter, 0)
        row = ((row + matched) | (row - matched)) & everything
    return len(one) - row.bit_count()
