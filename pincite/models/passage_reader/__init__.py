"""The small reader that says whether a passage answers a question."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from pincite.models.onnx_claim_checker import ClaimReading, OnnxClaimModel
from pincite.models.ports import PassageReader, PassageReading

FOLDER: Final = Path(__file__).parent
"""Holds `model.onnx` and `tokenizer.json`, if weights are installed."""


class QuestionReader:
    """Implements `PassageReader` by a claim model that is shown the question as if it was a claim.

    What a passage must say to answer a question is what must bear out a claim with its words; which
    words have no support is what the model was trained to mark.
    """

    def __init__(self, folder: Path) -> None:
        self._model = OnnxClaimModel(folder)

    @property
    def id(self) -> str:
        """Reads all weights once."""
        return self._model.id

    def read(self, question: str, passage: str) -> PassageReading:
        return told(self._model.read(passage, question))


def told(found: ClaimReading) -> PassageReading:
    """Supported against either of the others; the mark that stands out most."""
    top = max(found.contradicted, found.unsupported)
    low = min(found.contradicted, found.unsupported)
    either = top + math.log1p(math.exp(low - top))
    doubt = max((mark.logit for mark in found.marks), default=0.0)
    return PassageReading(answered=found.supported - either, doubt=doubt)


def shipped_reader() -> PassageReader | None:
    """None where its weights are absent: `pincite doctor` says so, and other signals decide."""
    return QuestionReader(FOLDER) if (FOLDER / "model.onnx").is_file() else None
