"""The int8 encoder says what the published weights say, closely enough to rank alike."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from pincite.config import OnnxEncoder
from pincite.models.onnx_text import OnnxTextEncoder
from pincite.models.store import ModelStore
from tests.integration.official_minilm import OfficialMiniLm

TEXTS = (
    "The turbine was inspected in May and taken out of service for eleven days.",
    "Invoice 4711: 3 pumps at EUR 1,240.50 each, payable within 30 days.",
    "Who signed the contract with the harbour authority?",
    "Rainfall in the northern valley exceeded 212 mm between 3 and 9 October 2021.",
    "The board approved the merger by seven votes to two, with one abstention.",
    "Revenue fell by 4.2 % to $1.8 billion; operating margin was 11.3 %.",
    "She said the samples had been kept at minus eighty degrees the whole time.",
    "Table 3. Median time to first response, by region and age group",
    "how long is the warranty",
    "Do not open the valve while the system is under pressure. "
    "Wait until the gauge reads zero, then turn the handle a quarter turn to the left, "
    "and only then remove the four bolts of the cover.",
)


CLOSE = [("float", 0.99, 0.02), ("int8", 0.985, 0.03)]
"""Precision, least cosine with the published vector, largest difference of a similarity."""


@pytest.mark.real
@pytest.mark.parametrize(("precision", "cosine", "similarity"), CLOSE)
def test_vectors_agree_with_the_published_weights(
    store: ModelStore, precision: Literal["float", "int8"], cosine: float, similarity: float
) -> None:
    official = OfficialMiniLm(store.path("all-minilm-l6-v2"))
    published = np.stack([official.embed(text) for text in TEXTS])
    ours = OnnxTextEncoder(OnnxEncoder(precision=precision), store).embed_documents(TEXTS)
    cosines = (published * ours).sum(axis=1)
    assert cosines.min() >= cosine, cosines
    differences = np.abs(published @ published.T - ours @ ours.T)
    assert differences.max() <= similarity
