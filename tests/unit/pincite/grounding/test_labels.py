"""Values of forms, and the labels that they stand under."""

from __future__ import annotations

import pytest

from pincite.answers import Claim, Label
from pincite.elements import FormField, Kind
from pincite.grounding.labels import under_another
from pincite.grounding.rules import RuleChecker
from pincite.grounding.spots import Spot, spots_of
from pincite.models.fakes import FakeTextEncoder
from pincite.models.ports import Numbered
from tests.unit.agent.library import WHERE, element

LINES = ("From: R. W. Richardson", "Subject: Progress report", "Lorillard", "Miami 33 12")


def _field(ordinal: int, label: str, value: str) -> Numbered:
    told = FormField(label=label, value=value, value_locators=(WHERE,))
    item = element(f"{label} {value}", ordinal, kind=Kind.FIELD, field=told)
    return Numbered(number=ordinal, element=item)


def _evidence() -> list[Numbered]:
    lines = [Numbered(number=n, element=element(text, n)) for n, text in enumerate(LINES, 1)]
    return [*lines, _field(9, "Advertiser", "Lorillard")]


def _spots() -> list[Spot]:
    return [spot for item in _evidence() for spot in spots_of(item.element)]


@pytest.mark.parametrize(
    ("claim", "label"),
    [
        ("The subject is R. W. Richardson.", "From"),
        ("The product is Lorillard.", "Advertiser"),
        ("The sender of the form is Progress report.", "Subject"),
        ("The advertiser is Lorillard.", None),
        ("The subject is Progress report.", None),
        ("The city is Miami 33 12.", None),
        ("R. W. Richardson wrote a progress report.", None),
        ("What the long and winding subject of it is said to be is R. W. Richardson.", None),
    ],
)
def test_a_value_of_another_label_is_known_by_it(claim: str, label: str | None) -> None:
    found = under_another(claim, _spots())
    assert (found.label if found else None) == label


def test_it_contradicts_the_claim_and_says_where_the_value_stands() -> None:
    checker = RuleChecker(FakeTextEncoder())
    claim = Claim(text="The product is Lorillard.", start=0, end=25)
    verdict = checker.check(claim, _evidence())
    assert verdict.label is Label.CONTRADICTED
    assert "“Advertiser”" in verdict.reason
