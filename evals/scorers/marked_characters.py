"""Characters that were marked, against those that people marked (RAGTruth's span level)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

Span = tuple[int, int]
"""Characters [start, end)."""


class Overlap(NamedTuple):
    """In characters; sums over texts are what precision, recall and F1 are made from."""

    both: int
    found: int
    gold: int


def overlap(found: Iterable[Span], gold: Iterable[Span]) -> Overlap:
    """Spans may overlap among themselves; each character counts once."""
    ours, theirs = merged(found), merged(gold)
    both = sum(
        max(0, min(end, other_end) - max(start, other))
        for start, end in ours
        for other, other_end in theirs
    )
    return Overlap(both, _length(ours), _length(theirs))


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, without overlaps or empty ones."""
    done: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if done and start <= done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((start, end))
    return done


def f1(overlaps: Sequence[Overlap]) -> float:
    """Over all texts together; nought where nothing is shared."""
    both = sum(each.both for each in overlaps)
    marked = sum(each.found + each.gold for each in overlaps)
    return 2 * both / marked if marked else 0.0


def _length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)
