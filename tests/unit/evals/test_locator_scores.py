import numpy as np
import pytest

from evals.scorers.alike import AGREES, likeness
from evals.scorers.once import Holder, times_held


def test_likeness_is_dice_over_letter_pairs() -> None:
    assert likeness("night", "nacht") == pytest.approx(2 * 3 / 12)
    assert likeness("Total: 9.00", "9 00 TOTAL") == 1
    assert likeness("abc", "xyz") == 0
    assert likeness("…", "") == 1


def test_a_slip_of_the_reader_agrees_and_a_line_too_many_does_not() -> None:
    line = "the harbour office keeps a record of every ship"
    assert likeness(line, line.replace("record", "rccord")) > AGREES
    assert likeness(line, line + " and the name of the pilot who brought it in") < AGREES


def row(text: str, top: float = 0) -> tuple[str, list[tuple[float, ...]]]:
    blank = (np.nan,) * 4
    boxes = [
        blank if letter == " " else (10.0 * n, top, 10.0 * n + 8, top + 10)
        for n, letter in enumerate(text)
    ]
    return text, boxes


def held(text: str, *holders: Holder) -> tuple[int, ...]:
    letters, boxes = row(text)
    return times_held(letters, np.array(boxes), holders)


WHOLE = (0, 0, 200, 10)


def test_each_character_in_one_element_is_right() -> None:
    assert held("ab cd", Holder("ab", [(0, 0, 20, 10)]), Holder("cd", [(30, 0, 50, 10)])) == (
        *(4, 4, 0, 0),
    )


def test_what_no_element_says_or_none_surrounds_is_lost() -> None:
    assert held("abcd", Holder("ab", [WHOLE])) == (4, 2, 2, 0)
    assert held("abcd", Holder("abcd", [(0, 0, 19, 10)])) == (4, 2, 2, 0)


def test_what_two_elements_say_is_counted_as_such() -> None:
    assert held("abc", Holder("abc", [WHOLE]), Holder("c", [WHOLE])) == (3, 2, 0, 1)


def test_boxes_that_overlap_cost_nothing_where_texts_do_not() -> None:
    both = Holder("ab", [WHOLE]), Holder("cd", [(0, 0, 200, 10)])
    assert held("abcd", *both) == (4, 4, 0, 0)


def test_ligatures_bullets_and_hyphens_may_be_set_straight() -> None:
    assert held("▪ﬁn-", Holder("• fin", [WHOLE]))[:2] == (3, 3)
