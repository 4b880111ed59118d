"""The claim checker that ships, and where its probabilities are cut."""

from __future__ import annotations

from typing import Final, NamedTuple

from pincite.grounding.memory import remembering
from pincite.grounding.rules import RuleChecker
from pincite.models.ports import ClaimChecker, TextEncoder


class Cut(NamedTuple):
    """Probabilities below which something is said not to hold; one for all kinds of texts."""

    answer: float
    """An answer, by its worst claim."""
    claim: float
    """A claim, where the words that are not borne out are to be marked."""


CUTS: Final = {"rules-1": Cut(answer=0.06, claim=0.06)}
"""By the first part of a checker's id; `scripts/choose_cuts.py` finds them on training data."""
_OTHER: Final = Cut(answer=0.5, claim=0.5)


def shipped_checker(encoder: TextEncoder) -> ClaimChecker:
    """The one that every surface uses."""
    return RuleChecker(remembering(encoder))


def cut_of(checker: ClaimChecker) -> Cut:
    return CUTS.get(checker.id.partition("/")[0], _OTHER)
