from __future__ import annotations

import pytest

from pincite.models.anchoring import anchored


def _split(text: str) -> list[str]:
    return text.split()


RECEIPT = _split("BIG MART SDN BHD Invoice No : 1023-A Milk 2.50 Bread 2.50 TOTAL RM 5.00")


def _places(*values: str) -> list[tuple[int, ...]]:
    return [anchor.words for anchor in anchored(values, RECEIPT)]


def test_a_value_of_several_words_is_found_whatever_its_case_and_marks() -> None:
    assert _places("big mart, sdn. bhd.") == [(0, 1, 2, 3)]


def test_a_value_cut_otherwise_than_the_words_is_found() -> None:
    assert anchored(["Bread2.50"], RECEIPT)[0].words == (10, 11)
    assert anchored(["1023 - A"], RECEIPT)[0].words == (7,)


def test_marks_between_the_words_are_no_part_of_it() -> None:
    assert anchored(["Invoice No 1023-A"], RECEIPT)[0].words == (4, 5, 7)


def test_equal_values_get_different_places_in_the_order_of_the_page() -> None:
    assert _places("Milk", "2.50", "Bread", "2.50") == [(8,), (9,), (10,), (11,)]


def test_a_value_that_stands_once_may_be_given_twice() -> None:
    assert _places("5.00", "5.00") == [(14,), (14,)]


def test_a_slip_in_letters_is_forgiven_and_lowers_the_likeness() -> None:
    [anchor] = anchored(["BIG MARF SDN BHD"], RECEIPT)
    assert anchor.words == (0, 1, 2, 3)
    assert 0.85 <= anchor.likeness < 1


@pytest.mark.parametrize("value", ["6.00", "1024-A", "11023-A", "Butter", "", " - "])
def test_another_number_or_word_is_nowhere(value: str) -> None:
    assert _places(value) == [()]


def test_a_page_without_words_has_no_places() -> None:
    assert anchored(["x"], [])[0].words == ()
