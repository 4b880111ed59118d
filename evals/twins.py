"""A right claim and its wrong twins."""

from __future__ import annotations

from evals.datasets.answerable import Medium
from evals.datasets.pages import Page
from pincite.values import Value


class Wrong(Value):
    kind: str
    text: str
    held_against: str = ""
    """Another file than the pair's; empty for the same."""


class Pair(Value):
    """Claims that differ in one place, held against the pages that the right one stands on."""

    id: str
    medium: Medium
    pages: tuple[Page, ...]
    right: str
    value: str
    """What of the claim the page was asked for; tells which element is cited."""
    wrong: tuple[Wrong, ...]
    question: str = ""
    """Gives meaning to claims that are fragments."""


def twin(kind: str, text: str | None, right: str, held_against: str = "") -> tuple[Wrong, ...]:
    """None where nothing could be turned, or where it came out the same."""
    if text is None or (text == right and not held_against):
        return ()
    return (Wrong(kind=kind, text=text, held_against=held_against),)
