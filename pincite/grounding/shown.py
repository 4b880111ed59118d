"""From the words of a claim as it was checked back to those that stand in the answer."""

from __future__ import annotations

from collections.abc import Sequence

from pincite.answers import Claim
from pincite.grounding.marks import marks_in


def in_answer(
    claim: Claim, answer: str, spans: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """Spans of a claim's text as characters [start, end) of the answer that its place is in.

    A claim's text is what stands there with characters left out, and with words added of which the
    claim knows. A span that is all added falls on the word that it stands for (`it`), and is left
    out where there is none.
    """
    places = _places(claim, answer)
    found: list[tuple[int, int]] = []
    for start, end in spans:
        inside = [places[n] for n in range(start, end) if n in places]
        if inside:
            found.append((inside[0], inside[-1] + 1))
        elif (gap := _gap(claim, answer, places, start)) is not None:
            found.append(gap)
    return tuple(found)


def _places(claim: Claim, answer: str) -> dict[int, int]:
    """Where each character of the text that was not added stands; followed from the end."""
    added = {n for start, end in claim.added for n in range(start, end)}
    own = [n for n in range(len(claim.text)) if n not in added]
    marked = {
        claim.start + n
        for mark in marks_in(answer[claim.start : claim.end])
        for n in range(mark.start, mark.end)
    }
    places: dict[int, int] = {}
    for place in range(claim.end - 1, claim.start - 1, -1):
        if own and place not in marked and answer[place] == claim.text[own[-1]]:
            places[own.pop()] = place
    return places


def _gap(claim: Claim, answer: str, places: dict[int, int], at: int) -> tuple[int, int] | None:
    """What stands in the answer in the place of the added words around `at`."""
    start, end = next(((s, e) for s, e in claim.added if s <= at < e), (at, at))
    left = max((place + 1 for n, place in places.items() if n < start), default=claim.start)
    right = min((place for n, place in places.items() if n >= end), default=claim.end)
    word = answer[left:right]
    lead = len(word) - len(word.lstrip(" *`-•"))
    trail = len(word) - len(word.rstrip(" *`"))
    return (left + lead, right - trail) if any(map(str.isalpha, word)) else None
