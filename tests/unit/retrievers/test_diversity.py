from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrievers.diversity import (
    capped,
    marginal_relevance,
    shares_runs,
    without_near_duplicates,
)

RULES = "The harbour master may close the north quay when the wind is stronger than force nine."
COPY = "The harbour master may close the north quay when the wind is stronger than force ten."
OTHER = "Fees are due on the first day of each month and are paid to the office at the gate."


def same(text: str) -> str:
    return text


def test_a_copy_with_a_changed_word_is_a_near_duplicate() -> None:
    assert shares_runs(RULES, RULES) == 1
    assert 0.7 < shares_runs(RULES, COPY) < 1
    assert shares_runs(RULES, OTHER) == 0
    assert without_near_duplicates([RULES, COPY, OTHER], same, least=0.7) == [RULES, OTHER]


def test_the_same_sentence_about_another_year_is_no_duplicate() -> None:
    one, other = (f"{RULES} It was so in {year}." for year in (2018, 2019))
    assert shares_runs(one, other) == 0
    assert without_near_duplicates([one, other], same, least=0.5) == [one, other]


def test_above_one_everything_stays() -> None:
    assert without_near_duplicates([RULES, RULES], same, least=1.1) == [RULES, RULES]


def test_texts_without_words_are_not_taken_for_one() -> None:
    assert without_near_duplicates(["", "…", "—"], same, least=0.8) == ["", "…", "—"]


def test_what_says_something_new_comes_before_the_same_again() -> None:
    scores = {RULES: 1.0, COPY: 0.9, OTHER: 0.6}
    order = marginal_relevance(list(scores), same, scores.__getitem__, relevance=0.5, keep=2)
    assert order == [RULES, OTHER]
    order = marginal_relevance(list(scores), same, scores.__getitem__, relevance=1, keep=2)
    assert order == [RULES, COPY]


def test_a_long_file_does_not_fill_the_list() -> None:
    items = ["a1", "a2", "a3", "b1", "a4", "c1"]
    assert capped(items, lambda item: item[0], most=2) == ["a1", "a2", "b1", "c1", "a3", "a4"]
    assert capped(items, lambda item: item[0], most=0) == items


TEXTS = st.lists(st.sampled_from([RULES, COPY, OTHER, "", "7 cranes", "8 cranes"]), max_size=8)


@given(TEXTS, st.floats(0.1, 1), st.integers(1, 5))
def test_nothing_is_made_up_and_the_first_stays_first(
    texts: list[str], share: float, most: int
) -> None:
    kept = without_near_duplicates(texts, same, least=share)
    assert kept[:1] == texts[:1]
    assert set(kept) <= set(texts)
    assert sorted(capped(texts, same, most=most)) == sorted(texts)
    order = marginal_relevance(texts, same, len, relevance=share, keep=len(texts))
    assert sorted(order) == sorted(texts)
