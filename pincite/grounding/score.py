"""From features to the probability that a claim is supported: a logistic function.

The weights are set by hand. `scripts/fit_rule_checker.py` fits others on RAGTruth (responses split
into sentences; a sentence that no annotator marked counts as supported) and measures both;
docs/performance.md has the figures.
"""

from __future__ import annotations

import math
from typing import Final

from pincite.grounding.features import Features

BIAS: Final = -6.0
WEIGHTS: Final = Features(
    cosine=4.0,
    words_near=2.0,
    words_all=4.0,
    pairs=1.5,
    numbers_missing=-3.0,
    names_missing=-2.0,
    turned=-2.0,
    length=-0.2,
)
SUPPORTED_FROM: Final = 0.5
"""Probability from which a claim is called supported, if no rule forbids it."""


def probability(features: Features) -> float:
    total = BIAS + sum(w * x for w, x in zip(WEIGHTS, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
