"""Weights of what speaks for an answer, fitted on made-up questions."""

from __future__ import annotations

import numpy as np
import pytest

from agent.sufficiency import Signals
from scripts.fit_sufficiency import OVER_REFUSED, Row, fitted, meant, sigmoid, tell

RANDOM = np.random.default_rng(1)


def test_a_logistic_function_is_found_again() -> None:
    values = RANDOM.normal(size=(4_000, 2))
    truth = RANDOM.random(4_000) < sigmoid(values @ np.array([2.0, -1.0]) + 0.5)
    weights, bias = fitted(values, truth)
    assert weights == pytest.approx([2.0, -1.0], abs=0.2)
    assert bias == pytest.approx(0.5, abs=0.2)


def test_a_signal_that_would_count_the_wrong_way_round_is_left_out() -> None:
    values = RANDOM.normal(size=(2_000, 3))
    truth = RANDOM.random(2_000) < sigmoid(values @ np.array([2.0, -1.0, -1.0]))
    weights, _ = meant(values, truth, ("similarity", "words", "doubt"))
    assert weights[0] > 1
    assert weights[1] == 0
    assert weights[2] < -0.5


def test_what_is_printed_can_be_read_as_weights(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        Row(
            set_, f"article {n % 3}", bool(n % 2), Signals(similarity=0.2 + 0.5 * (n % 2) + n / 999)
        )
        for set_ in ("closed", "open")
        for n in range(60)
    ]
    tell(rows, ("similarity", "words"))
    said = capsys.readouterr().out
    assert said.startswith("Weights(")
    assert "closed: 60 questions" in said
    assert f"refuses {OVER_REFUSED:.2f}" in said
