from __future__ import annotations

import time

import pytest

from pincite.grounding.numbers import quantities, same


def agree(claimed: str, stated: str) -> bool:
    [a], found = quantities(claimed), quantities(stated)
    return any(same(a, b) for b in found)


@pytest.mark.parametrize(
    ("claimed", "stated"),
    [
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1,234,567.89"),
        ("1 234 567", "1,234,567"),
        ("12,5 %", "12.5 percent"),
        ("$1.2 million", "1,200,000 USD"),
        ("$1.2 million", "$1,234,567"),
        ("€3bn", "3,000,000,000 euros"),
        ("two dozen", "24"),
        ("twenty-five people", "25 persons"),
        ("two hundred and twelve", "212"),
        ("5 km", "5,000 metres"),
        ("90 minutes", "1.5 hours"),
        ("about 5,000", "4,870"),
        ("more than 5,000", "5,012"),
        ("3 May 2024", "2024-05-03"),
        ("May 3rd, 2024", "on 3 May 2024 at noon"),
        ("May 2024", "3 May 2024"),
        ("2024", "in the year 2024"),
        ("03/05/2024", "3 May 2024"),
        ("05/03/2024", "3 May 2024"),
        ("2:30 pm", "14:30"),
        ("Q3 2023", "third quarter of 2023"),
        ("3rd", "third"),
        ("-5 °C", "−5 °C"),
        ("3.5e-4", "0.00035"),
        ("11.3 per cent", "11.3 %"),
        ("1.5 x 10^3", "1,500"),
        ("1.5 × 10³ units", "1500 units"),
        ("4 × 10⁻² m", "0.04 m"),
        ("2½ hours", "2.5 hours"),
        ("2 1/2 hours", "150 minutes"),
        ("¾", "0.75"),
        ("three quarters of the pumps", "75 per cent of the pumps"),
        ("a third of all", "33 %"),
        ("Chapter IV", "chapter 4"),
        ("Henry VIII", "8"),
        ("MCMXCIX", "1999"),
        ("Super Bowl L", "Super Bowl 50"),
    ],
)
def test_the_same_quantity_in_another_dress_agrees(claimed: str, stated: str) -> None:
    assert agree(claimed, stated)


@pytest.mark.parametrize(
    ("claimed", "stated"),
    [
        ("15,000 euros", "16,000 euros"),
        ("3½ hours", "2.5 hours"),
        ("1.5 × 10³", "150"),
        ("Henry VIII", "Henry VII"),
        ("Super Bowl L", "Super Bowl XLIX"),
        ("two thirds of them", "75 % of them"),
        ("15,000 euros", "15,000 dollars"),
        ("5 km", "5 miles"),
        ("5 kg", "5 km"),
        ("4.5 %", "4.5 million"),
        ("1,234", "1,243"),
        ("$1.25 million", "$1.2 million"),
        ("about 5,000", "7,000"),
        ("more than 5,000", "4,900"),
        ("3 May 2024", "May 2024"),
        ("3 May 2024", "4 May 2024"),
        ("3 May 2024", "3 May 2023"),
        ("14:30", "4:30"),
        ("2024", "2,024 items"),
        ("third", "3 items"),
    ],
)
def test_another_quantity_does_not_agree(claimed: str, stated: str) -> None:
    assert not agree(claimed, stated)


def test_codes_are_no_quantities() -> None:
    assert (
        quantities("Form 10-K for pump P-101, part B-12, release v2.1.3, COVID-19, one of them")
        == []
    )


def test_a_number_in_brackets_may_be_negative() -> None:
    assert agree("-1,234", "a loss of (1,234)")
    assert agree("1,234", "a loss of (1,234)")


def test_a_german_thousand_has_two_readings() -> None:
    assert agree("1.234", "1,234")
    assert agree("1.234", "1.2340")


@pytest.mark.parametrize("text", ["1 " * 8_000, "5 euro in 2019, " * 2_000, "IVXLCDM" * 3_000])
def test_a_text_full_of_numbers_takes_no_more_time_than_its_length(text: str) -> None:
    began = time.process_time()
    quantities(text)
    assert time.process_time() - began < 5
