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
    layout = scores.layout.macro_f1
    assert layout > scores.majority.macro_f1 + 0.3
    assert layout > scores.text_only.macro_f1 + 0.15
    assert layout > scores.shuffled.macro_f1 + 0.3
