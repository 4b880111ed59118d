"""A claim model that is shown a question says whether a passage answers it."""

from __future__ import annotations

import math

import pytest

from pincite.models.onnx_claim_checker import ClaimReading, Mark
from pincite.models.passage_reader import told


def test_supported_stands_against_either_of_the_others() -> None:
    found = told(ClaimReading(2.0, 0.0, 0.0, (Mark(0, 3, -1.0), Mark(4, 9, 0.5))))
    assert found.answered == pytest.approx(2 - math.log(2))
    assert found.doubt == 0.5
    far = told(ClaimReading(-50.0, 60.0, -900.0, ()))
    assert (far.answered, far.doubt) == (-110.0, 0.0)
