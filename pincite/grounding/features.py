"""What a claim and the spots it may rest on have in common, in numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pincite.grounding.names import missing_names
from pincite.grounding.negation import flipped, opposed
from pincite.grounding.numbers import Quantity, comparable, quantities, same
from pincite.grounding.spots import Spot
from pincite.grounding.words import content, folded
from pincite.models.ports import Vectors

_FRAME = re.compile(r"^The source says:\s*")
"""How a repaired sentence introduces its quote."""
_WORD = re.compile(r"\w+")
NEAREST = 4
"""Spots that count together as what the claim rests on."""
ON_TOPIC = 0.5
"""Share of a claim's words that a spot must hold to speak of the same thing."""


@dataclass(frozen=True)
class Reading:
    """A claim as it is compared; made once per claim."""

    text: str
    stems: tuple[str, ...]
    """Of its telling words without its quantities, which have rules of their own."""
    numerals: frozenset[str]
    quantities: tuple[Quantity, ...]

    @classmethod
    def of(cls, text: str) -> Reading:
        found = quantities(text)
        years = {str(m.year) for each in found for m in each.moments if m.year}
        numerals = frozenset(stem for stem in content(text) if stem[0].isdigit()) | years
        spoken = [stem for stem in content(_without(text, found)) if not stem[0].isdigit()]
        return cls(text, tuple(spoken or content(text)), numerals, tuple(found))


def _without(text: str, found: Sequence[Quantity]) -> str:
    """The text without its quantities: `EUR` and `million` are no words to be found again."""
    for quantity in reversed(found):
        text = f"{text[: quantity.start]} {text[quantity.end :]}"
    return text


class Features(NamedTuple):
    """Shares are in [0, 1]; the order is that of the weights in `score.py`."""

    cosine: float
    """Of the claim and its nearest spot."""
    words_near: float
    """Share of the claim's content words in the best spot and its context."""
    words_all: float
    """The same in the nearest spots together."""
    pairs: float
    """Share of its neighbouring word pairs that stand so in the nearest spots."""
    numbers_missing: float
    """Share of its quantities that the nearest spots do not state."""
    names_missing: float
    """Share of its names that the spots and their context do not hold."""
    turned: float
    """1 where the best spot says the opposite."""
    length: float
    """Content words of the claim over 10, at most 3."""


class Findings(NamedTuple):
    """The features with what they rest on, for the verdict and its reason."""

    features: Features
    best: Spot
    nearest: tuple[Spot, ...]
    missing_numbers: tuple[str, ...]
    other_numbers: tuple[str, ...]
    """What a spot on the same topic has where the claim has a missing number."""
    instead: Spot | None
    """That spot."""
    missing_names: tuple[str, ...]
    turned: str
    """What the opposite is, in words; empty where there is none."""


def compare(
    claim: Reading, vector: Vectors, spots: Sequence[Spot], vectors: Vectors
) -> Findings | None:
    """Hold a claim against spots, whose vectors are `vectors`, in order; None without spots."""
    if not spots:
        return None
    cosines = np.clip(vectors @ vector, -1, 1)
    shares = [_share(claim.stems, spot.stems | spot.context_stems) for spot in spots]
    order = sorted(range(len(spots)), key=lambda i: -(float(cosines[i]) + shares[i]))
    nearest = tuple(spots[i] for i in order[:NEAREST])
    best = nearest[0]
    held = frozenset[str]().union(*(spot.stems | spot.context_stems for spot in nearest))
    pairs = frozenset[tuple[str, str]]().union(*(spot.pairs for spot in nearest))
    numbers = missing_numbers(claim, bearing(claim, nearest))
    names = _names(claim.text, spots)
    turned = _turned(claim, best)
    features = Features(
        cosine=float(max(cosines[i] for i in order[:NEAREST])),
        words_near=shares[order[0]],
        words_all=_share(claim.stems, held),
        pairs=_pair_share(claim.stems, pairs),
        numbers_missing=len(numbers) / max(len(claim.quantities), 1),
        names_missing=min(1.0, len(names) / 2),
        turned=1.0 if turned else 0.0,
        length=min(len(claim.stems) / 10, 3.0),
    )
    instead = _instead(claim, numbers, nearest) if numbers else None
    other = other_numbers(claim, instead, numbers) if instead else ()
    missing = tuple(quantity.text for quantity in numbers)
    return Findings(features, best, nearest, missing, other, instead, tuple(names), turned)


def bearing(claim: Reading, spots: Sequence[Spot]) -> list[Spot]:
    """The spots whose numbers may stand behind the claim's.

    Of table rows only those whose own words fit the claim best: the figure of another row is
    another figure.
    """
    rows = [spot for spot in spots if spot.row is not None]
    if not rows:
        return list(spots)
    fits = [len(frozenset(claim.stems) & spot.label) for spot in rows]
    kept = [spot for spot, fit in zip(rows, fits, strict=True) if fit == max(fits)]
    return [spot for spot in spots if spot.row is None] + kept


def missing_numbers(claim: Reading, spots: Sequence[Spot]) -> list[Quantity]:
    """Quantities of the claim that no spot states."""
    stated = [q for spot in spots for q in (*in_right_column(claim, spot), *spot.around)]
    codes = {code for spot in spots for code in spot.origin.casefold().split() if code.isalnum()}
    return [
        q
        for q in claim.quantities
        if not any(same(q, other) for other in stated) and _code(claim.text, q) not in codes
    ]


def _code(text: str, quantity: Quantity) -> str:
    """The word of letters and digits (`3M`) that looks like a quantity; empty for a mere number."""
    for word in _WORD.finditer(text):
        if word.start() <= quantity.start < word.end() and not word.group().isdigit():
            return word.group().casefold()
    return ""


def in_right_column(claim: Reading, spot: Spot) -> list[Quantity]:
    """The spot's quantities; of a table row only those under the header that the claim names."""
    named = frozenset(claim.stems) | claim.numerals
    fits = [len(named & frozenset(content(head))) for head, _ in spot.columns]
    if not fits or min(fits) == max(fits):
        return list(spot.quantities)
    kept = [
        (head, text)
        for fit, (head, text) in zip(fits, spot.columns, strict=True)
        if fit == max(fits) or not head
    ]
    return list(spot.quantities_under(kept))


def is_verbatim(claim: str, spot: Spot) -> bool:
    """Whether the claim stands in the spot word for word, and is most of it."""
    said, source = folded(_FRAME.sub("", claim)).strip(" .!?\"'"), folded(spot.text)
    return bool(said) and said in source and len(said) >= 0.5 * len(source)


def _share(stems: Sequence[str], held: frozenset[str]) -> float:
    return sum(stem in held for stem in stems) / max(len(stems), 1)


def _pair_share(stems: Sequence[str], held: frozenset[tuple[str, str]]) -> float:
    own = list(pairwise(stems))
    return sum(pair in held for pair in own) / max(len(own), 1)


def _names(claim: str, spots: Sequence[Spot]) -> list[str]:
    text = " ".join(f"{spot.text} . {spot.surroundings} . " for spot in spots)
    return missing_names(claim, text, misread=any(spot.misread for spot in spots))


def _turned(claim: Reading, spot: Spot) -> str:
    if _share(claim.stems, spot.stems | spot.context_stems) < ON_TOPIC:
        return ""
    if stem := flipped(claim.text, spot.text):
        return f"“{stem}…” is affirmed in one and denied in the other"
    if pair := opposed(claim.text, spot.text):
        return f"“{pair[1]}…” stands where the claim has “{pair[0]}…”"
    return ""


def _instead(claim: Reading, missing: Sequence[Quantity], nearest: Sequence[Spot]) -> Spot | None:
    """The spot that states another figure of the same thing.

    It shares words with the claim, and itself or a neighbour in its element shares enough of them.
    """

    def share(spot: Spot) -> float:
        return _share(claim.stems, spot.stems | spot.context_stems)

    on_topic = {spot.element.id for spot in nearest if share(spot) >= ON_TOPIC}
    for spot in nearest:
        near = spot.element.id in on_topic and share(spot) > 0
        if near and other_numbers(claim, spot, missing):
            return spot
    return None


def other_numbers(
    claim: Reading, spot: Spot, missing: Sequence[Quantity] | None = None
) -> tuple[str, ...]:
    """What the spot states in place of the missing numbers: same kind, and not in the claim.

    `missing` is what of the claim is stated nowhere near; by default, not in this spot.
    """
    if missing is None:
        missing = missing_numbers(claim, [spot])
    free = [q for q in spot.quantities if not any(same(mine, q) for mine in claim.quantities)]
    return tuple(
        dict.fromkeys(
            q.text
            for q in free
            if any(comparable(mine, q) and mine.dimension == q.dimension for mine in missing)
        )
    )
