"""The plain methods that the claim checker is compared with."""

from __future__ import annotations

from evals.plain_checkers import OverlapChecker, SimilarityChecker
from pincite.answers import Label
from pincite.checking import Checking
from pincite.models.fake_text import FakeTextEncoder

RENT = "The rent is 980 EUR a month. Dogs are welcome in the garden."


def test_shared_words_count_wherever_they_stand() -> None:
    plain = Checking(OverlapChecker())
    (whole,) = plain.check("The garden rent is 980 EUR.", [RENT])
    assert (whole.verdict, whole.probability) == (Label.SUPPORTED, 1)
    (half,) = plain.check("Garden cats purr; rent.", [RENT])
    assert half.probability == 0.5
    (none,) = plain.check("Cats purr.", [])
    assert (none.verdict, none.probability) == (Label.UNSUPPORTED, 0)


def test_the_nearest_sentence_counts_alone_and_is_pointed_at() -> None:
    plain = Checking(SimilarityChecker(FakeTextEncoder()))
    (claim,) = plain.check("Dogs are welcome in the garden.", [RENT])
    assert claim.probability > 0.99
    assert [RENT[spot.start : spot.end] for spot in claim.spots] == [RENT[29:]]
    (other,) = plain.check("Cats purr.", [RENT])
    assert other.probability < claim.probability
    (none,) = plain.check("Cats purr.", [""])
    assert (none.probability, none.spots) == (0, ())
