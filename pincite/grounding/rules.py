"""Checker v1: rules for numbers, dates, names and negation, with semantic and lexical support."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pincite.answers import Label
from pincite.grounding.checking import Judgement, SpotChecker
from pincite.grounding.extremes import beaten_by
from pincite.grounding.features import Findings, Reading, compare
from pincite.grounding.memory import remembering
from pincite.grounding.score import SUPPORTED_FROM, probability
from pincite.grounding.spots import Spot
from pincite.models.ports import TextEncoder

CONTRADICTED_AT_MOST: Final = 0.05
LACKING_AT_MOST: Final = 0.3
"""Probability of a claim with a number or name that the evidence does not hold."""
SAME_TOPIC: Final = 0.5
"""Cosine from which two statements about other numbers are about the same thing."""


class Rules:
    """Implements `SpotJudge`; needs a text encoder and nothing else."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = remembering(encoder)

    @property
    def id(self) -> str:
        return f"rules-1/{self._encoder.id}"

    @property
    def supported_from(self) -> float:
        return SUPPORTED_FROM

    def judge(self, claim: str, spots: Sequence[Spot]) -> Judgement:
        vector = self._encoder.embed_query(claim)
        vectors = self._encoder.embed_documents([spot.text for spot in spots])
        reading = Reading.of(claim)
        findings = compare(reading, vector, spots, vectors)
        if findings is None:
            raise ValueError("a claim was judged without spots")
        judged = judge(findings)
        more = beaten_by(reading, judged.spots[0], spots) if judged.spots else None
        return _beaten(judged, more) if more and judged.label is Label.SUPPORTED else judged


def _beaten(judged: Judgement, by: Spot) -> Judgement:
    reason = f"Another row of the table goes further: “{by.text}”."
    least = min(judged.probability, CONTRADICTED_AT_MOST)
    return Judgement(Label.CONTRADICTED, least, reason, (judged.spots[0], by))


class RuleChecker(SpotChecker):
    """Implements `ClaimChecker` by rules and an encoder."""

    def __init__(self, encoder: TextEncoder) -> None:
        super().__init__(Rules(encoder))


def judge(findings: Findings) -> Judgement:
    """The rules: what contradicts, what is lacking, and otherwise the probability."""
    features, spots = findings.features, (findings.best, *findings.nearest[1:2])
    likely = probability(features)
    about_the_same = features.cosine >= SAME_TOPIC
    if findings.instead and about_the_same:
        said, stated = findings.missing_numbers[0], " and ".join(findings.other_numbers[:2])
        reason = f"The claim has “{said}” where the source has “{stated}”."
        least = min(likely, CONTRADICTED_AT_MOST)
        return Judgement(Label.CONTRADICTED, least, reason, (findings.instead,))
    if findings.turned and about_the_same:
        reason = f"The source says the opposite: {findings.turned}."
        return Judgement(Label.CONTRADICTED, min(likely, CONTRADICTED_AT_MOST), reason, spots[:1])
    for lacking, what in ((findings.missing_numbers, "figure"), (findings.missing_names, "name")):
        if lacking:
            reason = f"The {what} “{lacking[0]}” is not in the source."
            return Judgement(Label.UNSUPPORTED, min(likely, LACKING_AT_MOST), reason, spots[:1])
    if likely >= SUPPORTED_FROM:
        return Judgement(Label.SUPPORTED, likely, "The source says so in other words.", spots)
    reason = "The source speaks of something else, or of part of this only."
    return Judgement(Label.UNSUPPORTED, likely, reason, spots[:1])
