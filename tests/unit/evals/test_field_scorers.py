from __future__ import annotations

import pytest

from evals.datasets.marked import MarkedText
from evals.scorers.fields import Box, amount_of, day_of, gold_boxes, overlap, same_value


def line(text: str, left: float, top: float) -> MarkedText:
    return MarkedText(text=text, left=left, top=top, right=left + 100, bottom=top + 10)


@pytest.mark.parametrize(
    ("found", "gold"),
    [
        ("25/12/2018", "25-12-18"),
        ("10 MAR 2018", "10/03/2018"),
        ("2018/02/22", "22.02.2018"),
        ("Mar 9, 2018", "9/3/2018"),
    ],
)
def test_dates_are_the_same_day_however_they_are_written(found: str, gold: str) -> None:
    assert same_value("date", found, gold)


def test_another_day_is_wrong() -> None:
    assert day_of("25/12/2018") == "2018-12-25"
    assert not same_value("date", "26/12/2018", "25/12/2018")


def test_amounts_are_compared_as_numbers() -> None:
    assert amount_of("RM 1,007.50") == amount_of("1007.5") == "1007.50"
    assert amount_of("1.234,50 €") == "1234.50"
    assert same_value("total", "$8.60", "8.60")
    assert not same_value("total", "8.60", "86.0")


def test_names_are_compared_by_letters_and_digits() -> None:
    assert same_value("company", "Book Ta.K(Taman Daya) Sdn Bhd", "BOOK TA .K (TAMAN DAYA) SDN BHD")
    assert not same_value("company", "BOOK TA SDN BND", "BOOK TA SDN BHD")


def test_a_value_stands_in_each_line_that_contains_it() -> None:
    lines = [line("TOTAL: 9.00", 0, 0), line("9.00", 0, 50), line("10.00", 0, 70)]
    assert gold_boxes("total", "9.00", lines) == [Box(0, 0, 100, 10), Box(0, 50, 100, 60)]


def test_an_address_stands_in_its_lines_together() -> None:
    lines = [line("12, LONG ROAD,", 0, 0), line("81100 TOWN", 20, 12), line("TEL: 1", 0, 40)]
    assert gold_boxes("address", "12, LONG ROAD, 81100 TOWN", lines) == [Box(0, 0, 120, 22)]


def test_a_line_elsewhere_that_is_like_a_part_of_an_address_is_none_of_it() -> None:
    lines = [line("12, LONG ROAD,", 0, 0), line("81100 TOWN", 0, 12), line("TOWN", 0, 400)]
    assert gold_boxes("address", "12, LONG ROAD, 81100 TOWN", lines) == [Box(0, 0, 100, 22)]


def test_a_value_that_no_line_has_has_no_box() -> None:
    assert gold_boxes("total", "9.00", [line("8.00", 0, 0)]) == []


def test_overlap_is_intersection_over_union() -> None:
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap(Box(0, 0, 1, 1), Box(2, 2, 3, 3)) == 0
