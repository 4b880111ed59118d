"""Dates, amounts and numbers as files write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from agent.extracting.typed import day_first, typed
from pincite.extractions import AmountValue, ColumnKind, DateValue


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/12/2018 8:13:39 PM", date(2018, 12, 25)),
        ("12 MAR 18", date(2018, 3, 12)),
        ("12-MAR-2018", date(2018, 3, 12)),
        ("March 5, 2019", date(2019, 3, 5)),
        ("2018-01-25", date(2018, 1, 25)),
        ("5.1.2018", date(2018, 1, 5)),
        ("22 de marzo de 2018", date(2018, 3, 22)),
        ("3. Oktober 2020", date(2020, 10, 3)),
        ("2O/O3/2018", date(2018, 3, 20)),
        ("2018年3月5日", date(2018, 3, 5)),
    ],
)
def test_a_date_names_its_day(text: str, day: date) -> None:
    [found] = typed(ColumnKind.DATE, text, bare=True)
    assert isinstance(found.value, DateValue)
    assert found.value.day == day


@pytest.mark.parametrize("text", ["31/02/2018", "room 12.3", "1.2.3.4", "10:20:30", "99/99/2018"])
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    assert typed(ColumnKind.DATE, text) == []


def test_a_date_that_may_be_read_both_ways_keeps_both() -> None:
    [found] = typed(ColumnKind.DATE, "03/04/2018")
    assert isinstance(found.value, DateValue)
    assert {found.value.day, found.value.or_else} == {date(2018, 4, 3), date(2018, 3, 4)}
    assert day_first("03/04/2018") is None
    assert day_first("23/04/2018") is True
    assert day_first("04/23/2018") is False


@pytest.mark.parametrize(
    ("text", "number", "currency"),
    [
        ("Total RM 1,234.50", "1234.50", "RM"),
        ("1.234,56 €", "1234.56", "€"),
        ("$5 million", "5000000", "$"),
        ("(1,200.00)", "-1200.00", ""),
        ("12 .50", "12.50", ""),
        ("-5.00", "-5.00", ""),
        ("it cost 15,000 euros.", "15000", "euros"),
        ("9.99 on 12/03/2018 10:22", "9.99", ""),
    ],
)
def test_an_amount_is_an_exact_number_with_its_currency(
    text: str, number: str, currency: str
) -> None:
    [found] = typed(ColumnKind.AMOUNT, text)
    assert found.value == AmountValue(number=Decimal(number), currency=currency)


def test_a_bare_number_is_an_amount_in_a_field_only() -> None:
    assert typed(ColumnKind.AMOUNT, "room 12 has 5000 seats") == []
    [found] = typed(ColumnKind.AMOUNT, "5000", bare=True)
    assert found.value == AmountValue(number=Decimal(5000))


def test_dates_and_shares_are_no_amounts() -> None:
    assert typed(ColumnKind.AMOUNT, "12.50% since 12.03.2018") == []
