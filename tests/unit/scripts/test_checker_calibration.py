"""From logits to probabilities and one threshold."""

from __future__ import annotations

import numpy as np
import pytest

from pincite.grounding.signals import Signals, margin
from scripts.train_checker.calibration import (
    Answers,
    answers,
    auroc,
    crossed,
    even,
    f1,
    fitted,
    reliability,
    scores,
    sigmoid,
    threshold_of,
)
from scripts.train_checker.examples import CONTRADICTED, SUPPORTED, Example


def claims(*rows: tuple[str, int, str]) -> list[Example]:
    return [Example(origin, "g", "c", "e", label, (), response) for origin, label, response in rows]


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    p, y = np.array([0.9, 0.8, 0.3, 0.3]), np.array([1.0, 0.0, 1.0, 0.0])
    assert auroc(p, y) == pytest.approx((1 + 1 + 0 + 0.5) / 4)


def test_a_fit_finds_the_weights_that_made_the_labels() -> None:
    rng = np.random.default_rng(1)
    x = np.zeros((4_000, len(Signals._fields)))
    x[:, 0] = rng.normal(size=4_000)
    y = (rng.random(4_000) < sigmoid(2 * x[:, 0] - 0.5)).astype(float)
    fit = fitted(x, y, np.ones(4_000), ("margin",))
    assert fit.weights[0] == pytest.approx(2, abs=0.2)
    assert fit.bias == pytest.approx(-0.5, abs=0.15)
    assert set(fit.weights[1:]) == {0.0}
    groups = [f"g{n % 50}" for n in range(4_000)]
    found = scores(crossed(x, y, np.ones(4_000), groups, ("margin",)), y, np.ones(4_000))
    assert found.ece < 0.03


def test_reliability_counts_every_claim_once() -> None:
    p, y = np.array([0.0, 0.05, 0.95, 1.0]), np.array([0.0, 1.0, 1.0, 1.0])
    assert reliability(p, y) == [(0.025, 0.5, 2), (0.975, 1.0, 2)]


def test_an_answer_is_as_probable_as_its_worst_claim() -> None:
    told = claims(("a", SUPPORTED, "1"), ("a", CONTRADICTED, "1"), ("b", SUPPORTED, "2"))
    found = answers(told, np.array([0.9, 0.2, 0.8]))
    assert found.tasks == ["a", "b"]
    assert list(found.worst) == [0.2, 0.8]
    assert list(found.bad) == [True, False]


def test_f1_of_the_tasks_together_or_evenly() -> None:
    found = Answers(["a", "a", "b"], np.array([0.1, 0.9, 0.1]), np.array([True, False, False]))
    assert f1(found, 0.5) == pytest.approx(2 / 3)
    assert f1(found, 0.5, "a") == 1
    assert f1(found, 0.5, even=True) == pytest.approx(0.5)
    assert 0.1 < threshold_of(found) <= 0.9


def test_every_origin_weighs_the_same() -> None:
    weight = even(claims(("a", 0, ""), ("a", 0, ""), ("a", 0, ""), ("b", 0, "")))
    assert weight[:3].sum() == pytest.approx(weight[3])


def test_the_margin_is_the_log_odds_of_the_first() -> None:
    p = np.exp([1.0, 0.2, -0.5]) / np.exp([1.0, 0.2, -0.5]).sum()
    assert margin([1.0, 0.2, -0.5]) == pytest.approx(np.log(p[0] / (1 - p[0])))
