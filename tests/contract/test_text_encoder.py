"""What every text encoder promises, asked of the fake and of the real one."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from pincite.config import Encoder
from pincite.errors import MissingModel
from pincite.models.factory import text_encoder
from pincite.models.onnx_text import LONGEST, OnnxTextEncoder, batches
from pincite.models.ports import TextEncoder
from pincite.models.store import ModelStore


@pytest.fixture(scope="module", params=["fake", pytest.param("onnx", marks=pytest.mark.real)])
def encoder(request: pytest.FixtureRequest, store: ModelStore) -> TextEncoder:
    return text_encoder(Encoder(kind=request.param), store)


TEXTS = [
    "The turbine was inspected in May.",
    "Rain.",
    "",
    "A very long account of the weather. " * 200,
    "東京都の人口は",
    "The turbine was inspected in May.",
]


def test_vectors_come_in_order_and_have_length_one(encoder: TextEncoder) -> None:
    vectors = encoder.embed_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert encoder.embed_documents([text])[0] @ vector > 0.999


def test_a_vector_depends_on_its_own_text_only(encoder: TextEncoder) -> None:
    alone = encoder.embed_documents(TEXTS[:1])[0]
    assert np.allclose(encoder.embed_documents(TEXTS)[0], alone, atol=1e-4)
    assert np.allclose(encoder.embed_documents(TEXTS)[5], alone, atol=1e-4)


def test_no_texts_give_no_vectors(encoder: TextEncoder) -> None:
    assert encoder.embed_documents([]).shape == (0, encoder.dimensions)


def test_a_question_is_nearest_to_what_answers_it(encoder: TextEncoder) -> None:
    documents = encoder.embed_documents(
        ["The turbine was inspected in May.", "Lunch is served at noon.", "Rain fell all week."]
    )
    scores = documents @ encoder.embed_query("When was the turbine inspected?")
    assert int(np.argmax(scores)) == 0
    assert encoder.embed_query("x").shape == (encoder.dimensions,)


def test_the_id_names_the_model_and_stays(encoder: TextEncoder) -> None:
    assert encoder.id
    assert encoder.id == encoder.id


def test_threads_may_share_it(encoder: TextEncoder) -> None:
    expected = encoder.embed_documents(TEXTS[:3])
    found: list[bool] = []

    def ask() -> None:
        found.append(bool(np.allclose(encoder.embed_documents(TEXTS[:3]), expected, atol=1e-4)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


@pytest.mark.real
def test_the_end_of_an_over_long_text_is_not_read(store: ModelStore) -> None:
    encoder = OnnxTextEncoder(Encoder(), store)
    start = "word " * (LONGEST + 10)
    one, other = encoder.embed_documents([start + "cat", start + "submarine"])
    assert np.allclose(one, other, atol=1e-5)


@pytest.mark.real
def test_the_id_changes_with_the_weights(store: ModelStore) -> None:
    assert store.sha256("all-minilm-l6-v2-int8")[:16] in OnnxTextEncoder(Encoder(), store).id


def test_without_weights_the_first_use_says_what_to_run(store: ModelStore) -> None:
    nowhere = ModelStore(store.settings.model_copy(update={"dir": store.dir / "nowhere"}))
    encoder = OnnxTextEncoder(Encoder(), nowhere)
    with pytest.raises(MissingModel, match="pincite models pull all-minilm-l6-v2-int8"):
        encoder.warm_up()


def test_batches_cover_every_text_once_and_keep_to_the_budget() -> None:
    lengths = [3, 200, 7, 7, 256, 1, 90, 5_000]
    runs = list(batches(lengths, 512))
    assert sorted(row for rows in runs for row in rows) == list(range(len(lengths)))
    assert all(len(rows) == 1 or len(rows) * max(lengths[r] for r in rows) <= 512 for rows in runs)
