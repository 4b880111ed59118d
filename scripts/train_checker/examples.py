"""What the checker learns from: a claim, the evidence that it is read against, and the truth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pincite.elements import SourceId
from pincite.grounding.contexts import placed
from pincite.grounding.evidence_window import window
from pincite.grounding.signals import by_rule, signals
from pincite.grounding.spots import Spot, spots_of

SUPPORTED: Final = 0
CONTRADICTED: Final = 1
UNSUPPORTED: Final = 2

REAL: Final = ("ragtruth", "summedits")
"""What origins begin with whose claims were written by models and judged by people."""

Spans = tuple[tuple[int, int], ...]


class Example(NamedTuple):
    origin: str
    """Data set and kind, e.g. `ragtruth-qa` or `synthetic-number`."""
    group: str
    """Of its source: what shares it is never split between training and validation."""
    claim: str
    evidence: str
    label: int
    """Place in the model's logits: supported, contradicted, unsupported."""
    marks: Spans | None
    """Characters of the claim that are not borne out; None where nobody marked them."""
    response: str = ""
    """The answer it is a part of; empty where it stands alone."""
    rules: tuple[float, ...] = ()
    """The signals of the rules, for those real examples that thresholds are chosen on."""


class Text(NamedTuple):
    """A source that claims are made about."""

    group: str
    spots: tuple[Spot, ...]


def text_of(group: str, contexts: Iterable[str]) -> Text:
    """Through the same code as the contexts of `pincite.check`."""
    spots = [
        spot
        for context in contexts
        for each in placed(context, SourceId(group))
        for spot in spots_of(each.element)
    ]
    return Text(group, tuple(spots))


def example(text: Text, origin: str, claim: str, label: int, marks: Spans | None = ()) -> Example:
    found = window(claim, text.spots)
    made = Example(origin, text.group, claim, found.text, label, marks)
    if validates(text.group) and origin.startswith(REAL):
        rules = signals(claim, (0.0, 0.0, 0.0), 0.0, by_rule(claim, found))
        return made._replace(rules=tuple(rules[2:]))
    return made


def validates(group: str) -> bool:
    """Whether a source is kept from training to choose thresholds on: one in seven."""
    return int(hashlib.sha256(b"validation" + group.encode()).hexdigest(), 16) % 7 == 0


def split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """For training and for validation, of which the most frequent kinds are thinned out."""
    parts: tuple[list[Example], list[Example]] = ([], [])
    for each in examples:
        parts[validates(each.group)].append(each)
    return parts[0], [each for each in parts[1] if _told(each)]


def _told(each: Example) -> bool:
    """Whole answers of a third of the questions; of what stands alone one in four; all else."""
    if each.origin.startswith(REAL) and each.origin != "ragtruth-qa":
        return True
    part = 3 if each.response else 4
    return hashlib.sha256((each.response or each.claim).encode()).digest()[0] % part == 0
