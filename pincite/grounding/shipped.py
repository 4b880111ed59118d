"""The claim checker that ships, and where its probabilities are cut."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from pincite.grounding.combined import FILE, Combination, combined_checker
from pincite.grounding.memory import remembering
from pincite.models.ports import ClaimChecker, TextEncoder


class Cut(NamedTuple):
    """Probabilities below which something is said not to hold; one for all kinds of texts."""

    answer: float
    """An answer, by the probability that all its claims are borne out."""
    claim: float
    """A claim, where the words that are not borne out are to be marked."""


WEIGHTS: Final = Path(__file__).with_name("weights")
CUTS: Final = {
    "combined-1": Cut(answer=0.188, claim=0.55),
    "rules-1": Cut(answer=0.06, claim=0.06),
}
"""By the first part of a checker's id; `scripts.train_checker.measure` finds them on sources that
were kept from training."""
_OTHER: Final = Cut(answer=0.5, claim=0.5)


def shipped_checker(encoder: TextEncoder) -> ClaimChecker:
    """The one that every surface uses."""
    return combined_checker(WEIGHTS, remembering(encoder))


def shipped_languages() -> tuple[str, ...]:
    """That it was trained on, as its weights say; ISO 639-1."""
    told = (WEIGHTS / FILE).read_text(encoding="utf-8")
    return Combination.model_validate_json(told).languages


def cut_of(checker: ClaimChecker) -> Cut:
    return CUTS.get(checker.id.partition("/")[0], _OTHER)
