import pytest

from evals.datasets.marked import MarkedText
from evals.scorers.edits import distance
from evals.scorers.words import WordCounts, compare, marked_lines, unmatched, words_of


def item(text: str, left: float = 0, top: float = 0, width: float = 10) -> MarkedText:
    return MarkedText(
        text=text, left=left, top=top, right=left + width * len(text), bottom=top + 10
    )


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("kitten", "sitting", 3), ("", "abc", 3), ("flaw", "lawn", 2), ("same", "same", 0)],
)
def test_edit_distance_is_the_textbook_one(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == distance(other, one) == edits


def test_words_are_runs_of_letters_and_digits_in_normal_form() -> None:
    assert words_of("Total: $1,214.00 — ﬁne_print STRASSE") == [
        *("total", "1", "214", "00", "fine", "print", "strasse")
    ]


def test_a_word_counts_as_often_as_both_have_it() -> None:
    counts = compare([item("a a b")], [item("a b b c")])
    assert (counts.matched, counts.expected, counts.got) == (2, 3, 4)
    assert counts.precision == 2 / 4
    assert counts.recall == 2 / 3
    assert counts.f1 == pytest.approx(4 / 7)


def test_the_order_of_lines_costs_no_character() -> None:
    wanted = [item("first line", top=0), item("second", top=40)]
    counts = compare(wanted, [item("second", top=41), item("first", top=1), item("line", 60, 1)])
    assert counts.edits == 0
    assert counts.characters == 15


def test_a_wrong_letter_a_lost_word_and_noise_cost_what_they_are_long() -> None:
    wanted = [item("total", top=0), item("gone", top=40)]
    counts = compare(wanted, [item("tofal", top=0), item("xy", left=500, top=900)])
    assert counts.edits == 1 + 4 + 2
    assert counts.cer == pytest.approx(7 / 9)


def test_a_wide_gap_parts_a_line() -> None:
    lines = marked_lines([item("right", left=200), item("left"), item("low", top=30)])
    assert [[word.text for word in line] for line in lines] == [["left"], ["right"], ["low"]]


def test_an_empty_page_that_is_read_as_empty_is_right() -> None:
    assert compare([], []).f1 == 1
    assert WordCounts().cer == 0
    assert compare([], [item("noise")]).f1 == 0


def test_items_that_were_not_read_are_found() -> None:
    wanted = [item("Date:"), item("total"), item("total")]
    assert unmatched(wanted, [item("date"), item("total")]) == wanted[2:]
