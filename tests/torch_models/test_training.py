"""A short training: a model that was shown pages reads places, not just words."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.train_tiny_layout import SHORT, trained

pytestmark = [pytest.mark.torch, pytest.mark.timeout(1800)]


def test_a_trained_model_beats_majority_and_text_and_drops_when_boxes_are_shuffled(
    tmp_path: Path,
) -> None:
    scores = trained("layoutlm", SHORT, tmp_path)
    assert scores.layout.accuracy > scores.text_only.accuracy + 0.05
    assert scores.layout.accuracy > scores.majority.accuracy + 0.1
    assert scores.layout.accuracy > scores.shuffled.accuracy + 0.1
    assert scores.layout.macro_f1 > scores.text_only.macro_f1 + 0.1
