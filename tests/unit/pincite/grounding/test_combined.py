"""How the trained reader and the rules become one verdict, without the model."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pincite.answers import Label
from pincite.grounding.checking import Judgement, SpotJudge
from pincite.grounding.combined import Combination, CombinedJudge, Platt
from pincite.grounding.spots import Spot
from tests.unit.agent.library import element

EVEN = Platt(slope=1.0, bias=0.0)
PLAIN = Combination(trained=EVEN, rules=EVEN, both=EVEN, supported_from=0.6)


class Says:
    """A judge that always says the same."""

    def __init__(
        self, label: Label, probability: float, reason: str = "", spots: tuple[Spot, ...] = ()
    ) -> None:
        self._judgement = Judgement(label, probability, reason, spots, ((0, 3),))

    id = "says"
    supported_from = 0.5

    def judge(self, claim: str, spots: Sequence[Spot]) -> Judgement:
        return self._judgement


def judged(trained: SpotJudge, rules: SpotJudge) -> Judgement:
    return CombinedJudge(trained, rules, PLAIN).judge("a claim", ())


def test_the_odds_against_a_claim_are_added() -> None:
    """One to four and one to one against are five to four."""
    assert PLAIN.probability(0.8, 0.5) == pytest.approx(4 / 9)


def test_neither_can_make_good_what_the_other_finds() -> None:
    sure = PLAIN.probability(0.99, 0.99)
    assert PLAIN.probability(0.99, 0.1) < 0.11 < sure
    assert PLAIN.probability(0.1, 0.99) < 0.11


def test_no_probability_is_beyond_its_bounds() -> None:
    assert 0 < PLAIN.probability(0.0, 0.0) < PLAIN.probability(1.0, 1.0) < 1


def test_a_claim_is_supported_where_both_are_for_it() -> None:
    both = Says(Label.SUPPORTED, 0.95)
    assert judged(both, both).label is Label.SUPPORTED


def test_the_reason_is_of_the_one_that_is_against() -> None:
    found = judged(
        Says(Label.SUPPORTED, 0.9, "fine"), Says(Label.UNSUPPORTED, 0.2, "another figure")
    )
    assert found.label is Label.UNSUPPORTED
    assert found.reason == "another figure"
    assert found.doubtful == ((0, 3),)


def test_what_a_rule_contradicts_is_contradicted() -> None:
    found = judged(Says(Label.SUPPORTED, 0.9), Says(Label.CONTRADICTED, 0.05))
    assert found.label is Label.CONTRADICTED


def test_a_reader_alone_contradicts_only_what_is_unlikely() -> None:
    agreed = Says(Label.SUPPORTED, 0.95)
    assert judged(Says(Label.CONTRADICTED, 0.55), agreed).label is Label.UNSUPPORTED
    assert judged(Says(Label.CONTRADICTED, 0.2), agreed).label is Label.CONTRADICTED


def test_where_both_are_half_for_it_that_is_said() -> None:
    half = Says(Label.SUPPORTED, 0.7, "fine")
    found = judged(half, half)
    assert found.label is Label.UNSUPPORTED
    assert "not surely" in found.reason


@pytest.mark.parametrize(
    ("label", "ruled", "said"),
    [(Label.SUPPORTED, 0.75, 0.8), (Label.SUPPORTED, 0.5, 0.6), (Label.CONTRADICTED, 0.25, 0.3)],
)
def test_of_a_row_of_a_table_the_rules_decide_alone(
    label: Label, ruled: float, said: float
) -> None:
    row = Spot(element("Item: bearing; Weight: 38 kg"), "Item: bearing; Weight: 38 kg", "", row=1)
    found = judged(Says(Label.CONTRADICTED, 0.01), Says(label, ruled, "by rule", (row,)))
    assert (found.label, found.reason) == (label, "by rule")
    assert found.probability == pytest.approx(said)
