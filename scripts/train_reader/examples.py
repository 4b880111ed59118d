"""What the reader learns from: a question, a window of text, and where the answer stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

from pincite.grounding.evidence_window import window
from pincite.grounding.spots import Spot
from pincite.models.ports import READ_TOKENS
from scripts.train_checker.examples import Text

Span = tuple[int, int]
SOMEWHERE: Final = (-1, -1)
"""An answer is there, and nobody said where."""


class Example(NamedTuple):
    origin: str
    """Data set and kind, e.g. `squad` or `changed-name`."""
    group: str
    """The article; one is never split between training and validation."""
    question: str
    window: str
    answer: Span | None
    """Characters [start, end) of the window, or `SOMEWHERE`; None where it holds no answer."""


class Answer(NamedTuple):
    """In a source: which spot holds it, and its words."""

    spot: int
    text: str


def validates(article: str) -> bool:
    """Articles kept from training, on which the reader's word is weighed with other signals."""
    return int(hashlib.sha256(b"reader" + article.encode()).hexdigest(), 16) % 4 == 0


def example(
    origin: str, group: str, question: str, text: Text, answer: Answer | None
) -> Example | None:
    """With the window that is read in use; None where the window leaves the answer out."""
    near = window(question, text.spots, READ_TOKENS)
    if answer is None:
        return Example(origin, group, question, near.text, None)
    held = text.spots[answer.spot]
    if held not in near.spots:
        return None
    span = _within(near.text, held, answer.text)
    return Example(origin, group, question, near.text, span)


def found_in(spots: Sequence[Spot], context: str, answer: str, start: int) -> Answer | None:
    """The spot that holds the character `start` of the context."""
    cursor = 0
    for place, spot in enumerate(spots):
        at = context.find(spot.text, cursor)
        if at < 0:
            return None
        cursor = at + len(spot.text)
        if at <= start < cursor:
            return Answer(place, answer) if answer in spot.text else None
    return None


def _within(text: str, spot: Spot, answer: str) -> Span:
    sentence = text.find(" ".join(spot.text.split()))
    at = text.find(" ".join(answer.split()), max(sentence, 0))
    return (at, at + len(" ".join(answer.split()))) if at >= 0 else SOMEWHERE
