"""Decisions, rankings and marked characters, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evals.scorers.binary import Counts, auroc, best_cut, counts
from evals.scorers.marked_characters import Overlap, f1, merged, overlap
from evals.scorers.selective import area_under_risk, recall_at


def flags(text: str) -> np.ndarray:
    return np.array([letter == "+" for letter in text])


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_decisions_are_counted_against_the_truth() -> None:
    found = counts(flags("++--"), flags("+-+-"))
    assert found == Counts(hits=1, false_alarms=1, misses=1, rest=1)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    assert counts(flags("+++-"), flags("++++")).f1 == pytest.approx(6 / 7)
    assert counts(flags("+++-"), flags("++++")).balanced_accuracy == 0.5
    assert counts(flags("--"), flags("--")).f1 == 0


def test_the_area_is_the_chance_to_rank_a_true_one_above_a_false_one() -> None:
    assert auroc(flags("++--"), scores(0.9, 0.8, 0.2, 0.1)) == 1
    assert auroc(flags("+-+-"), scores(0.9, 0.8, 0.2, 0.1)) == 0.75
    assert auroc(flags("+-"), scores(0.5, 0.5)) == 0.5
    assert auroc(flags("+-+"), scores(0.5, 0.5, 0.9)) == 0.75
    assert auroc(flags("++"), scores(0.1, 0.2)) == 0.5


def test_a_cut_is_chosen_between_two_scores_and_never_inside_equal_ones() -> None:
    cut, f1_there = best_cut(flags("+-+-"), scores(0.9, 0.8, 0.7, 0.1))
    assert cut == pytest.approx(0.4)
    assert f1_there == pytest.approx(0.8)
    cut, f1_there = best_cut(flags("+--"), scores(0.9, 0.9, 0.9))
    assert cut < 0.9
    assert f1_there == pytest.approx(0.5)


def test_each_character_counts_once_however_often_it_is_marked() -> None:
    assert merged([(3, 5), (0, 4), (7, 7), (9, 12)]) == [(0, 5), (9, 12)]
    assert overlap([(0, 10), (5, 12)], [(10, 20)]) == Overlap(both=2, found=12, gold=10)
    assert overlap([], [(0, 3)]) == Overlap(0, 0, 3)
    assert f1([Overlap(2, 12, 10), Overlap(0, 0, 3)]) == pytest.approx(4 / 25)
    assert f1([Overlap(0, 0, 0)]) == 0


def test_the_risk_is_averaged_over_all_coverages() -> None:
    # Surest first: right, wrong, right → risks 0, 1/2, 1/3.
    assert area_under_risk(flags("+-+"), scores(3, 2, 1)) == pytest.approx((1 / 2 + 1 / 3) / 3)
    assert area_under_risk(flags("+-"), scores(1, 1)) == 0.5
    assert area_under_risk(flags(""), scores()) == 0


def test_refusals_are_counted_at_the_best_cut_that_refuses_few_answerable_questions() -> None:
    answerable = flags("+-+--+")
    asked = scores(0.9, 0.8, 0.7, 0.3, 0.2, 0.1)
    assert recall_at(answerable, asked, most=0.15) == 0
    assert recall_at(answerable, asked, most=0.34) == pytest.approx(2 / 3)
    assert recall_at(answerable, asked, most=1) == 1
    assert recall_at(flags("++"), scores(1, 2), most=0.15) == 0
