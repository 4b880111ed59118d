"""What speaks for a claim: the model's reading, and what rules find in the same window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from pincite.grounding.evidence_window import Window
from pincite.grounding.features import ON_TOPIC, Reading, bearing, missing_numbers
from pincite.grounding.names import missing_names
from pincite.grounding.negation import flipped, opposed


class Signals(NamedTuple):
    """In the order of the weights that a checker ships with."""

    margin: float
    """Logit of supported against the two others together."""
    mark: float
    """Highest logit among the claim's word pieces: how sure the model is of the worst one."""
    numbers_missing: float
    """Share of the claim's quantities that the window does not state."""
    names_missing: float
    """1 where two names or more are not in the window, 0.5 for one."""
    turned: float
    """1 where the nearest spot on the topic says the opposite by rule."""
    words: float
    """Share of the claim's content words that are in the window."""


class ByRule(NamedTuple):
    """What the rules found; the first of each is for the reader."""

    numbers: tuple[str, ...]
    names: tuple[str, ...]
    turned: bool
    words: float


def margin(logits: Sequence[float]) -> float:
    """Of the first against the log of the sum of the others."""
    first, *others = logits
    top = max(others)
    return first - top - math.log(sum(math.exp(other - top) for other in others))


def by_rule(text: str, window: Window) -> ByRule:
    claim, spots = Reading.of(text), window.spots
    held = frozenset[str]().union(*(spot.stems | spot.context_stems for spot in spots))
    said = " ".join(f"{spot.text} . {spot.surroundings} . " for spot in spots)
    near = spots[0].stems | spots[0].context_stems if spots else frozenset[str]()
    share = sum(stem in near for stem in claim.stems) / max(len(claim.stems), 1)
    turned = (
        bool(spots)
        and share >= ON_TOPIC
        and bool(flipped(text, spots[0].text) or opposed(text, spots[0].text))
    )
    return ByRule(
        numbers=tuple(q.text for q in missing_numbers(claim, bearing(claim, spots))),
        names=tuple(missing_names(text, said, misread=any(spot.misread for spot in spots))),
        turned=turned,
        words=sum(stem in held for stem in claim.stems) / max(len(claim.stems), 1),
    )


def signals(text: str, logits: Sequence[float], mark: float, rules: ByRule) -> Signals:
    quantities = Reading.of(text).quantities
    return Signals(
        margin=margin(logits),
        mark=mark,
        numbers_missing=len(rules.numbers) / max(len(quantities), 1),
        names_missing=min(1.0, len(rules.names) / 2),
        turned=float(rules.turned),
        words=rules.words,
    )
