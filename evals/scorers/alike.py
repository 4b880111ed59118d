"""How alike two readings of the same place are, whatever the order of their words.

Dice's coefficient of the multisets of letter pairs (White 1992), each word padded at both ends,
over runs of letters and digits in Unicode NFKC, case-folded. 1 is the
same, 0 is nothing in common.
"""

from __future__ import annotations

from collections import Counter

from evals.scorers.words import words_of

AGREES = 0.8
"""Likeness from which two readings are taken for the same text: room for a reader's own slips, none
for a line too many or too few."""


def likeness(one: str, other: str) -> float:
    ours, theirs = _pairs(one), _pairs(other)
    both = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / both if both else 1.0


def _pairs(text: str) -> Counter[str]:
    padded = (f" {word} " for word in words_of(text))
    return Counter(word[index : index + 2] for word in padded for index in range(len(word) - 1))
