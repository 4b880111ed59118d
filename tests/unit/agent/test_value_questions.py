"""Which value is asked for, and which file is meant."""

from __future__ import annotations

import pytest

from agent.value_questions import asked_values, fits, named

RECEIPT = "LIM SENG THO HARDWARÉ TRADING\nNo 7, Jalan 2\nDate: 29 Dec 2017 18:25\nTotal: RM 6.00"


@pytest.mark.parametrize(
    ("question", "name", "about"),
    [
        ("What is the total of the receipt from Acme?", "total", "the receipt from Acme"),
        ("what's the invoice number on the bill of Acme", "invoice number", "the bill of Acme"),
        ("Please tell me, what is the date of birth of Ada Byron?", "date of birth", "Ada Byron"),
        ("Which company issued the receipt of 3 May 2021?", "company", "the receipt of 3 May 2021"),
        ("When was the invoice of Acme issued?", "date", "the invoice of Acme"),
        ("How much was paid to Acme on 3 May 2021?", "total", "Acme on 3 May 2021"),
        ("What is the gross weight?", "gross weight", ""),
    ],
)
def test_a_value_and_its_file_are_taken_apart(question: str, name: str, about: str) -> None:
    assert (name, about) in {(each.column.name, each.about) for each in asked_values(question)}


def test_the_longest_name_is_tried_first() -> None:
    names = [each.column.name for each in asked_values("What is the date of birth of Ada?")]
    assert names == ["date of birth of Ada", "date of birth", "date"]


@pytest.mark.parametrize(
    "question",
    [
        *("Why did the pump fail?", "How many receipts are there?", "Where is the pump", ""),
        "What is the total of the receipt from Acme? And its date?",
    ],
)
def test_other_questions_ask_for_no_value(question: str) -> None:
    assert asked_values(question) == ()


@pytest.mark.parametrize(
    ("about", "is_meant"),
    [
        ("the receipt from LIM SENG THO HARDWARE TRADING of 29/12/2017", True),
        ("the receipt of 29-12-17 with a total of 6.00", True),
        ("the receipt from LIM SENG THO HARDWARE TRADING of 28/12/2017", False),
        ("the receipt from LIM SENG THO HARDWARE TRADING with a total of 6.10", False),
        ("the receipt from Northern Ironmongers of 29/12/2017", False),
    ],
)
def test_a_file_is_meant_if_it_has_the_days_and_amounts_and_most_words(
    about: str, *, is_meant: bool
) -> None:
    assert (fits(named(about), "001.jpg", RECEIPT) > 0) is is_meant


def test_words_that_say_only_what_kind_of_file_it_is_name_none() -> None:
    assert not named("the receipt").says_something
