from __future__ import annotations

import pytest

from retrievers.wording import asked_for, periods_written_out


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What was the revenue? Round to two decimal places.", "What was the revenue?"),
        ("How many? Please write the answer as a list, e.g. [1]", "How many?"),
        (
            "Does Acme have an improving gross margin? If gross margin is not a useful metric for "
            "a company like this, then state that and explain why.",
            "Does Acme have an improving gross margin?",
        ),
        (
            "Assume that you are an analyst. Answer the following question by using the balance "
            "sheet: what is the net debt of Acme? Answer in millions.",
            "what is the net debt of Acme?",
        ),
        ("What is the total of row 4?Answer in percent.", "What is the total of row 4?"),
        ("Which valve leaked on Monday?", "Which valve leaked on Monday?"),
    ],
)
def test_how_to_answer_is_not_what_is_asked_for(question: str, asked: str) -> None:
    shortened = asked_for(question)
    assert shortened == asked or shortened.startswith(asked[: len(shortened)])


@pytest.mark.parametrize("question", ["", "Answer in USD.", "Give me the report", "revenue"])
def test_a_question_never_loses_all_its_words(question: str) -> None:
    assert asked_for(question) == question


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("FY2018", "fiscal year 2018"),
        ("FY19", "fiscal year 2019"),
        ("FY '21", "fiscal year 2021"),
        ("Q2 of FY2024", "Q2 second quarter fiscal year 2024"),
        ("FY2023Q1", "Q1 first quarter fiscal year 2023"),
        ("Q4 2022", "Q4 fourth quarter fiscal year 2022"),
        ("the FY of 12 months", "the FY of 12 months"),
        ("IQ4 2022", "IQ4 2022"),
    ],
)
def test_periods_of_accounts_are_written_out(written: str, spelt: str) -> None:
    assert periods_written_out(written) == spelt
