"""The name of a file, as context of the claims that rest on it."""

from __future__ import annotations

import pytest

from pincite.grounding.evidence_window import window
from pincite.grounding.features import Reading, missing_numbers
from pincite.grounding.names import missing_names, names_in
from pincite.grounding.signals import by_rule
from pincite.grounding.spots import Spot, spots_of
from tests.unit.agent.library import element

CAPEX = "Purchases of property, plant and equipment were $1,577 million."


def _spots(text: str, name: str = "") -> list[Spot]:
    return spots_of(element(text, 1), name)


def test_a_claim_may_name_what_only_the_name_of_the_file_names() -> None:
    claim = "In FY2018 Adobe spent $1,577 million on property, plant and equipment."
    assert by_rule(claim, window(claim, _spots(CAPEX))).names == ("Adobe",)
    named = by_rule(claim, window(claim, _spots(CAPEX, "ADOBE_2018_10K.pdf")))
    assert (named.names, named.numbers) == ((), ())


def test_another_name_is_still_missing() -> None:
    claim = "In 2018 Boeing spent $1,577 million on property, plant and equipment."
    spots = _spots(CAPEX, "ADOBE_2018_10K.pdf")
    assert by_rule(claim, window(claim, spots)).names == ("Boeing",)


def test_a_name_of_a_digit_and_a_letter_is_no_number() -> None:
    claim = Reading.of("3M spent $1,577 million on property.")
    assert not missing_numbers(claim, _spots(CAPEX, "3M_2018_10K.pdf"))
    assert missing_numbers(claim, _spots(CAPEX, "ADOBE_2018_10K.pdf"))


def test_a_number_of_the_name_that_is_no_year_bears_nothing_out() -> None:
    spots = _spots("The invoice is paid.", "invoice_4471.pdf")
    assert missing_numbers(Reading.of("The invoice is over 4471 euros."), spots)


def test_the_window_says_the_name_only_where_the_claim_needs_it() -> None:
    spots = _spots(CAPEX, "ADOBE_2018_10K.pdf")
    assert window("Then Adobe bought equipment.", spots).text == f"ADOBE 2018 10K: {CAPEX}"
    assert window("They bought equipment.", spots).text == CAPEX


@pytest.mark.parametrize("year", ["FY2022", "FY22", "Q2", "CY-2021", "H1"])
def test_a_business_year_is_no_name(year: str) -> None:
    assert names_in(f"The margin fell in {year}.") == []


def test_a_business_year_is_known_by_its_year() -> None:
    assert missing_names("It rose in FY2022.", "It rose in 2022.") == []


@pytest.mark.parametrize("head", ["(Millions)", "(Dollars in millions, except per share)"])
def test_a_head_in_millions_multiplies(head: str) -> None:
    spots = _spots(f"{head}: Net property: 8,738")
    assert not missing_numbers(Reading.of("Net property is $8.738 billion."), spots)
