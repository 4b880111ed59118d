"""Cross-encoders give what the libraries' own pipelines give, on a model that was trained here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pincite.config import CrossEncoderReranker, OnnxReranker
from pincite.models.factory import reranker
from pincite.models.optional_package import optional_package
from pincite.models.torch_library import torch_library, transformers_library
from scripts.train_tiny_reranker import SEED, cases, measured, train

pytestmark = [pytest.mark.torch, pytest.mark.timeout(1800)]
TOLERANCE = 1e-4
ASKED = cases(SEED + 1, 6, held_out=True)
LONG = ("what is the price of the pump", "the crane is 9 tonnes heavy " * 40)
"""Cut at the model's limit, by every pipeline at the same token."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("tiny-reranker"))


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    return [(case.question, text) for case in ASKED for text in case.passages] + [LONG]


def sigmoid(logits: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    return 1 / (1 + np.exp(-np.asarray(logits, dtype=np.float64).reshape(-1)))


def ours(chosen: OnnxReranker | CrossEncoderReranker, pairs: list[tuple[str, str]]) -> list[float]:
    model = reranker(chosen)
    assert model is not None
    return [model.scores(question, [text])[0] for question, text in pairs]


def test_it_answers_held_out_questions_where_shared_words_mislead(folder: Path) -> None:
    scores = measured(folder)
    assert scores.words <= 0.2
    assert scores.reranker >= 0.7


def test_onnx_scores_are_those_of_transformers(folder: Path, pairs: list[tuple[str, str]]) -> None:
    library = transformers_library()
    tokenizer = library.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = library.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    fed = tokenizer(
        [question for question, _ in pairs],
        [text for _, text in pairs],
        padding=True,
        truncation=True,
        max_length=64,
        return_tensors="pt",
    )
    with torch_library().inference_mode():
        expected = sigmoid(model(**fed).logits.numpy())
    found = ours(OnnxReranker(folder=str(folder), threads=1), pairs)
    assert np.abs(np.array(found) - expected).max() < TOLERANCE
    assert expected.std() > 0.1, "the model says the same of everything"


def test_onnx_scores_are_those_of_fastembed(folder: Path, pairs: list[tuple[str, str]]) -> None:
    library = optional_package("fastembed.rerank.cross_encoder", extra="fastembed").TextCrossEncoder
    described = optional_package("fastembed.common.model_description", extra="fastembed")
    library.add_custom_model(
        model="pincite/tiny-reranker",
        model_file="model.onnx",
        sources=described.ModelSource(hf="pincite/tiny-reranker"),
    )
    theirs = library("pincite/tiny-reranker", specific_model_path=str(folder), threads=1)
    expected = sigmoid(list(theirs.rerank_pairs(pairs)))
    found = ours(OnnxReranker(folder=str(folder), threads=1), pairs)
    assert np.abs(np.array(found) - expected).max() < TOLERANCE


def test_cross_encoder_scores_are_those_of_sentence_transformers(
    folder: Path, pairs: list[tuple[str, str]]
) -> None:
    library = optional_package("sentence_transformers", extra="rerank")
    theirs = library.CrossEncoder(str(folder), device="cpu", local_files_only=True)
    # With one label the library itself answers with the sigmoid.
    expected = np.asarray(theirs.predict(pairs, show_progress_bar=False), dtype=np.float64)
    found = ours(CrossEncoderReranker(checkpoint=str(folder), device="cpu"), pairs)
    assert np.abs(np.array(found) - expected.reshape(-1)).max() < TOLERANCE


def test_a_batch_gives_the_scores_of_one_after_the_other(folder: Path) -> None:
    model = reranker(OnnxReranker(folder=str(folder), threads=1))
    assert model is not None
    for case in ASKED:
        together = model.scores(case.question, case.passages)
        alone = [model.scores(case.question, [text])[0] for text in case.passages]
        assert together == pytest.approx(alone, abs=TOLERANCE)
