"""The checker that ships: a trained reader and the rules, of which neither may be against a claim.

The trained reader knows how things are said, the rules know numbers, names and negation, and each
is taken in by claims that the other sees through. The odds against a claim that each gives are
therefore added. Of rows of tables the reader knows nothing: there the rules decide alone. Card:
docs/checker.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import Field

from pincite.answers import Label
from pincite.grounding.checking import Judgement, SpotChecker, SpotJudge
from pincite.grounding.rules import Rules
from pincite.grounding.spots import Spot
from pincite.grounding.trained import TrainedJudge
from pincite.models.ports import TextEncoder
from pincite.values import Value

FILE: Final = "combination.json"
EVEN: Final = 0.5
_LEAST: Final = 0.003
"""Probabilities nearer to 0 or 1 count as this."""


class Platt(Value):
    """A line over log odds, which makes a score a probability (Platt 1999)."""

    slope: float
    bias: float

    def log_odds(self, of: float) -> float:
        return self.slope * of + self.bias


class Combination(Value):
    """As `scripts.train_checker.combine` fits it on sources kept from training."""

    trained: Platt
    rules: Platt
    both: Platt
    supported_from: float = Field(gt=0, lt=1)
    """Probability from which a claim is called supported: the one operating point."""
    languages: tuple[str, ...] = ()
    """That the judges were trained on, ISO 639-1."""

    def probability(self, trained: float, rules: float) -> float:
        """Of the claim, from the probabilities that each judge gives it."""
        against = math.exp(-self.trained.log_odds(log_odds(trained))) + math.exp(
            -self.rules.log_odds(log_odds(rules))
        )
        return 1 / (1 + math.exp(-self.both.log_odds(-math.log(against))))


def log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


class CombinedJudge:
    """Implements `SpotJudge`."""

    def __init__(self, trained: SpotJudge, rules: SpotJudge, combination: Combination) -> None:
        self._trained, self._rules, self._combination = trained, rules, combination

    @property
    def id(self) -> str:
        return f"combined-1/{self._trained.id}/{self._rules.id}"

    @property
    def supported_from(self) -> float:
        return self._combination.supported_from

    def judge(self, claim: str, spots: Sequence[Spot]) -> Judgement:
        ruled = self._rules.judge(claim, spots)
        if ruled.spots and ruled.spots[0].row is not None:
            return self._by_rules(ruled)
        read = self._trained.judge(claim, spots)
        likely = self._combination.probability(read.probability, ruled.probability)
        if likely >= self.supported_from:
            reason = "The source says so in other words."
            return Judgement(Label.SUPPORTED, likely, reason, ruled.spots)
        surer = ruled if ruled.label is not Label.SUPPORTED else read
        return Judgement(
            Label.CONTRADICTED if _is_against(read, ruled, likely) else Label.UNSUPPORTED,
            likely,
            _UNSURE if surer.label is Label.SUPPORTED else surer.reason,
            surer.spots,
            read.doubtful,
        )

    def _by_rules(self, ruled: Judgement) -> Judgement:
        """On the scale of this judge: as far above or below its operating point as above theirs."""
        own, theirs, p = self.supported_from, self._rules.supported_from, ruled.probability
        above = own + (1 - own) * (p - theirs) / (1 - theirs)
        return ruled._replace(probability=above if p >= theirs else own * p / theirs)


_UNSURE: Final = "The source says something like it, but not surely this."


def _is_against(read: Judgement, ruled: Judgement, likely: float) -> bool:
    """A rule that finds another value or the opposite, or a reader who finds the claim unlikely."""
    if ruled.label is Label.CONTRADICTED:
        return True
    return read.label is Label.CONTRADICTED and likely < EVEN


def combined_checker(folder: Path, encoder: TextEncoder) -> SpotChecker:
    """By the weights in a folder; they are loaded at the first claim."""
    told = (folder / FILE).read_text(encoding="utf-8")
    judge = CombinedJudge(
        TrainedJudge(folder), Rules(encoder), Combination.model_validate_json(told)
    )
    return SpotChecker(judge)
