"""The claim path with the weights that ship, on what no one would call a good answer.

Limits that these tests state: evidence in another language bears nothing out, however true; a
statement of more than 120 words and all claims after the 400th are not checked, and say so.
"""

from __future__ import annotations

import time

import pytest

from pincite.answers import Label
from pincite.checking import MOST_CLAIMS, Checking
from pincite.config import OnnxEncoder
from pincite.grounding.rules import RuleChecker
from pincite.grounding.shipped import shipped_checker
from pincite.models.factory import text_encoder
from pincite.models.store import ModelStore

pytestmark = pytest.mark.real
RENT = "The rent is 980 EUR a month. Heating costs 95 EUR. The flat has three rooms."
GERMAN = "Die Miete beträgt 980 Euro im Monat. Die Heizung kostet 95 Euro."


@pytest.fixture(scope="module")
def checking(store: ModelStore) -> Checking:
    return Checking(shipped_checker(text_encoder(OnnxEncoder(), store)))


@pytest.fixture(scope="module")
def rules(store: ModelStore) -> Checking:
    return Checking(RuleChecker(text_encoder(OnnxEncoder(), store)))


def labels(checking: Checking, answer: str, *contexts: str) -> list[Label]:
    return [claim.verdict for claim in checking.check(answer, contexts)]


def test_without_evidence_nothing_is_supported(checking: Checking) -> None:
    for contexts in ((), ("",), ("   \n",)):
        assert labels(checking, "The rent is 980 EUR a month.", *contexts) == [Label.UNSUPPORTED]


def test_evidence_in_another_language_supports_no_wrong_figure(checking: Checking) -> None:
    assert labels(checking, "The rent is 950 EUR a month.", GERMAN) != [Label.SUPPORTED]
    assert labels(checking, "Die Miete beträgt 950 Euro im Monat.", RENT) != [Label.SUPPORTED]
    assert labels(checking, "家賃は月額950ユーロです。", RENT) != [Label.SUPPORTED]
    assert labels(checking, "Die Miete beträgt 980 Euro im Monat.", GERMAN) == [Label.SUPPORTED]


def test_a_long_answer_is_checked_up_to_a_bound_and_says_where_it_ends(
    checking: Checking,
) -> None:
    said = [f"The pump {n} cost {n * 13 + 5} euro in May." for n in range(MOST_CLAIMS + 200)]
    answer = " ".join(said)
    assert len(answer.split()) >= 4_800
    began = time.process_time()
    found = checking.check(answer, [RENT])
    assert time.process_time() - began < 60
    assert len(found) == len(said)
    assert Label.NOT_CHECKABLE not in {claim.verdict for claim in found[:MOST_CLAIMS]}
    for claim in found[MOST_CLAIMS:]:
        assert claim.verdict is Label.NOT_CHECKABLE
        assert "only the first" in claim.reason


def test_a_statement_without_end_is_not_checked(checking: Checking) -> None:
    began = time.process_time()
    assert labels(checking, "The rent is " + "very " * 5_000 + "high.", RENT) == [
        Label.NOT_CHECKABLE
    ]
    assert time.process_time() - began < 10


@pytest.mark.parametrize("answer", ["", "  \n", "?!", "Sure! Here you go:", "What is the rent?"])
def test_an_answer_without_claims_has_none(checking: Checking, answer: str) -> None:
    assert labels(checking, answer, RENT) == []


def test_code_is_not_checkable_and_makes_no_answer_supported(checking: Checking) -> None:
    whole = checking.whole("```python\nrent = 980\n```", [RENT])
    assert [claim.verdict for claim in whole.claims] == [Label.NOT_CHECKABLE]
    assert not whole.supported


def test_the_wrong_cell_of_a_table_is_not_supported(checking: Checking) -> None:
    answer = "| Item | EUR a month |\n|---|---|\n| The rent | 980 |\n| Heating costs | 120 |"
    assert labels(checking, answer, RENT)[1] is not Label.SUPPORTED
    assert len(labels(checking, answer, RENT)) == 2


def test_a_claim_that_cites_the_wrong_source_is_told_which_one_bears_it_out(
    checking: Checking,
) -> None:
    other = "The house has nine floors."
    [claim] = checking.check("The rent is 980 EUR a month [1].", [other, RENT])
    assert claim.verdict is Label.SUPPORTED
    assert "[2]" in claim.reason
    [invented] = checking.check("The rent is 980 EUR a month [9].", [other, RENT])
    assert invented.verdict is Label.UNSUPPORTED
    [both] = checking.check("The rent is 985 EUR a month [1].", [other, RENT])
    assert both.verdict is not Label.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "source", "is_same"),
    [
        ("The rent is 1.234,56 EUR a month.", "The rent is 1,234.56 EUR a month.", True),
        ("The rent is 1 234.56 EUR a month.", "The rent is 1,234.56 EUR a month.", True),
        ("The rent is 1'234.56 EUR a month.", "The rent is 1,234.56 EUR a month.", True),
        ("The rent is 1.243,56 EUR a month.", "The rent is 1,234.56 EUR a month.", False),
        ("The rent is 12,345.60 EUR a month.", "The rent is 1,234.56 EUR a month.", False),
        ("The length is 1.5e-3 m.", "The length is 0.0015 m.", True),
        ("The length is 1.5e-3 m.", "The length is 0.015 m.", False),
        ("The dose was 1.5 × 10³ units.", "The dose was 1,500 units.", True),
        ("The dose was 1.5 x 10^4 units.", "The dose was 1,500 units.", False),
        ("He worked 2½ hours on the pump.", "He worked 2.5 hours on the pump.", True),
        ("He worked 3 1/2 hours on the pump.", "He worked 2.5 hours on the pump.", False),
        ("Three quarters of the pumps failed.", "75 per cent of the pumps failed.", True),
        ("Chapter IV covers the pumps.", "Chapter 4 covers the pumps.", True),
        ("Chapter VI covers the pumps.", "Chapter 4 covers the pumps.", False),
        ("King Henry VIII built the tower.", "King Henry VII built the tower.", False),
        ("Losses fell to 11.3 % of it.", "Losses fell to 11.3 per cent of it.", True),
        ("Losses fell to 13.9 % of it.", "Losses fell to 11.3 per cent of it.", False),
    ],
)
def test_numbers_are_compared_by_what_they_mean(
    rules: Checking, claim: str, source: str, *, is_same: bool
) -> None:
    assert (labels(rules, claim, source) == [Label.SUPPORTED]) is is_same
