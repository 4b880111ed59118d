"""What becomes of the model's reading, without the model."""

from __future__ import annotations

import pytest

from pincite.grounding.signals import Signals
from pincite.grounding.trained import Calibration, doubtful_words
from pincite.models.onnx_claim_checker import ClaimReading, Mark

CLAIM = "The pump cost 15,000 euros in North Hamburg."


def reading(*pieces: str, logit: float = 2.0) -> ClaimReading:
    """Marks on these pieces of the claim; all others are borne out."""
    marks = [
        Mark(at, at + len(piece), logit) for piece in pieces if (at := CLAIM.index(piece)) >= 0
    ]
    return ClaimReading(0.0, 1.0, 0.0, (Mark(0, 3, -3.0), *marks))


def test_a_piece_of_a_number_marks_the_whole_number() -> None:
    [(start, end)] = doubtful_words(CLAIM, reading("000"))
    assert CLAIM[start:end] == "15,000"


def test_neighbouring_words_are_one_span() -> None:
    [(start, end)] = doubtful_words(CLAIM, reading("North", "burg"))
    assert CLAIM[start:end] == "North Hamburg"


def test_words_far_apart_are_two_spans() -> None:
    assert len(doubtful_words(CLAIM, reading("pump", "North"))) == 2


def test_nothing_is_doubtful_below_the_cut() -> None:
    assert doubtful_words(CLAIM, reading("pump", logit=0.4), 0.5) == ()


def test_the_probability_is_a_logistic_function_of_the_signals() -> None:
    weights = dict.fromkeys(Signals._fields, 0.0) | {"margin": 2.0}
    calibration = Calibration(weights=weights, bias=-1.0, supported_from=0.5)
    assert calibration.probability(Signals(0.5, 9.0, 1.0, 1.0, 1.0, 0.0)) == pytest.approx(0.5)
    assert calibration.probability(Signals(99.0, 0.0, 0.0, 0.0, 0.0, 0.0)) <= 1
