"""Claims that say what stands under a label: a value of another label is no support."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pincite.grounding.spots import Spot
from pincite.grounding.words import content, folded

_SAYS: Final = re.compile(
    r"^\W*(?:the\s+)?(?P<label>[^.;:]{2,60}?)(?:\s+of\s+the\s+(?:form|receipt|page|document))?"
    r"\s+(?:is|was|are|were)\s+(?P<value>.+?)[\s.]*$",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"^\W*(?P<label>[^:;\n]{2,40}):\s*(?P<value>[^:\n]{1,120})$")
MOST_WORDS: Final = 6
"""Of a label; a longer subject makes a sentence of its own kind."""


class Pair(NamedTuple):
    label: str
    value: str
    spot: Spot


def under_another(claim: str, spots: Sequence[Spot]) -> Pair | None:
    """The pair that holds the claim's value, where only labels do that the claim does not name.

    None for claims of another form, and where the value also stands beside words of its label.
    """
    said = _SAYS.match(claim)
    if not said or len(said["label"].split()) > MOST_WORDS:
        return None
    label, value = _plain(said["label"]), _plain(said["value"])
    if len(value) < 3 or not label:
        return None
    holding = [spot for spot in spots if value in _plain(spot.text)]
    pairs = [pair for spot in holding for pair in _pairs(spot) if value in _plain(pair.value)]
    beside = (f"{spot.text} {spot.context}".replace(value, "") for spot in holding)
    if not pairs or any(_alike(said["label"], each) for each in beside):
        return None
    return None if any(_alike(said["label"], pair.label) for pair in pairs) else pairs[0]


def _pairs(spot: Spot) -> Iterator[Pair]:
    field = spot.element.field
    if field:
        yield Pair(f"{field.label} {field.name}".strip(), field.value, spot)
    elif spot.row is None and (found := _PAIR.match(spot.text)):
        yield Pair(found["label"], found["value"], spot)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", folded(text))


def _alike(said: str, label: str) -> bool:
    """Whether they share a telling word, or the beginning of one: scans are misread."""
    a, b = ({stem[:4] for stem in content(text)} for text in (said, label))
    return bool(a & b) or _plain(said) in _plain(label)
