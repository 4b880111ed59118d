"""Which questions are put to every file, and what is then done with the files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from agent.exhaustive_questions import looks_exhaustive, recognised
from pincite.elements import Medium
from pincite.extractions import ColumnKind

TODAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("question", "task", "noun", "columns"),
    [
        ("List all invoices with date and total", "list", "invoices", ["date", "total"]),
        ("List all receipts.", "list", "receipts", ["company", "date", "total"]),
        ("What is the date of each receipt?", "list", "receipts", ["date"]),
        ("For each invoice, what is the date and the company?", "list", "invoices", None),
        ("Compare the rent across all contracts", "list", "contracts", ["rent"]),
        ("How many receipts are there?", "count", "receipts", []),
        ("How many files do we have?", "count", "files", []),
        ("What is the total of all receipts?", "sum", "receipts", ["total"]),
        ("What do all receipts add up to?", "sum", "receipts", ["total"]),
        ("Add up the totals of all invoices", "sum", "invoices", ["total"]),
        ("How much did we spend across all receipts?", "sum", "receipts", ["total"]),
        ("What is the average total of the receipts?", "mean", "receipts", ["total"]),
        ("Which receipt has the highest total?", "max", "receipts", ["total"]),
        ("Which receipt is the most expensive?", "max", "receipts", ["total"]),
        ("What is the earliest date of all invoices?", "min", "invoices", ["date"]),
        ("list the company and address of every receipt", "list", "receipts", None),
    ],
)
def test_a_question_about_all_files_is_recognised(
    question: str, task: str, noun: str, columns: list[str] | None
) -> None:
    found = recognised(question, TODAY)
    assert found is not None
    assert (found.task, found.noun) == (task, noun)
    if columns is not None:
        assert [column.name for column in found.columns] == columns


@pytest.mark.parametrize(
    "question",
    [
        "How many ships were counted in April?",
        "How many employees does the company have?",
        "What is the total revenue of the report?",
        "What is the address in the letter?",
        "What is the first order in the report?",
        "What are the risks in the reports?",
        "List all persons mentioned in the report",
        "What does the report say about all invoices?",
        "When was the harbour pump replaced?",
        "How many reports mention climate change?",
    ],
)
def test_another_question_is_not(question: str) -> None:
    assert recognised(question, TODAY) is None


def test_conditions_become_bounds_with_the_columns_that_they_look_at() -> None:
    period = recognised("How many invoices from March 2018?", TODAY)
    assert period is not None
    assert period.period == (date(2018, 3, 1), date(2018, 3, 31))
    assert [column.kind for column in period.columns] == [ColumnKind.DATE]
    bounded = recognised("list all invoices with date and total above 1,000 EUR", TODAY)
    assert bounded is not None
    assert bounded.least == Decimal(1000)


def test_recordings_and_photos_are_files_of_their_medium() -> None:
    found = recognised("How many recordings are there?", TODAY)
    assert found is not None
    assert (found.kind, found.media) == ("", {Medium.AUDIO})


def test_what_asks_for_everything_in_other_words_looks_exhaustive() -> None:
    assert looks_exhaustive("List all persons mentioned in the report")
    assert looks_exhaustive("How many times is the crane mentioned?")
    assert not looks_exhaustive("When was the harbour pump replaced?")
