"""What every text encoder promises, asked of the fake and of each library with real weights."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from pincite.config import (
    Encoder,
    FakeEncoder,
    FastEmbedEncoder,
    LiteLLMEncoder,
    OnnxEncoder,
    SentenceTransformersEncoder,
)
from pincite.errors import BadSettings, MissingModel, ModelUnavailable, Withheld
from pincite.models.factory import text_encoder
from pincite.models.fakes import FakeTextEncoder
from pincite.models.onnx_text import LONGEST, OnnxTextEncoder, batches
from pincite.models.ports import TextEncoder
from pincite.models.store import ModelStore

# LiteLLM uses its own pydantic models in ways that pydantic warns of.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Accessing the 'model_:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict:UserWarning"),
]
MINILM, INT8 = "all-minilm-l6-v2", "all-minilm-l6-v2-int8"
REAL = pytest.mark.real
KINDS = [
    "fake",
    "litellm",
    pytest.param("onnx", marks=REAL),
    pytest.param("int8", marks=REAL),
    pytest.param("folder", marks=REAL),
    pytest.param("fastembed", marks=REAL),
    pytest.param("fastembed_folder", marks=REAL),
    pytest.param("sentence_transformers", marks=pytest.mark.torch),
]


class Endpoint(ThreadingHTTPServer):
    """Speaks the embedding part of the OpenAI protocol on loopback; backwards, as one may."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.daemon_threads = True
        self.inputs: list[list[str]] = []
        self.status = 200
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def settings(self, **more: object) -> LiteLLMEncoder:
        url = f"http://127.0.0.1:{self.server_address[1]}/v1"
        given = {"model": "openai/made-up", "dimensions": 128, "api_base": url, "batch": 4, **more}
        return LiteLLMEncoder.model_validate(given)


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.inputs.append(asked["input"])
        vectors = 3 * FakeTextEncoder().embed_documents(asked["input"])
        rows = [
            {"object": "embedding", "index": row, "embedding": vectors[row].tolist()}
            for row in reversed(range(len(vectors)))
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        body = json.dumps({"object": "list", "model": "m", "data": rows, "usage": usage}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        del args


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as server:
        yield server
        server.shutdown()


@pytest.fixture(scope="module", params=KINDS)
def encoder(request: pytest.FixtureRequest, store: ModelStore, endpoint: Endpoint) -> TextEncoder:
    def minilm() -> str:
        return str(store.path(INT8))

    known = "sentence-transformers/all-MiniLM-L6-v2"
    chosen: dict[str, Callable[[], Encoder]] = {
        "fake": FakeEncoder,
        "litellm": endpoint.settings,
        "onnx": lambda: OnnxEncoder(precision="float"),
        "int8": lambda: OnnxEncoder(precision="int8"),
        "folder": lambda: OnnxEncoder(model=minilm()),
        "fastembed": lambda: FastEmbedEncoder(model=known, folder=Path(minilm())),
        "fastembed_folder": lambda: FastEmbedEncoder(model="made-up/m", folder=Path(minilm())),
        "sentence_transformers": lambda: SentenceTransformersEncoder(
            checkpoint=str(store.path(MINILM))
        ),
    }
    return text_encoder(chosen[request.param](), store)


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


SENTENCES = [
    "The turbine was inspected in May and taken out of service for eleven days.",
    "Invoice 4711: 3 pumps at EUR 1,240.50 each, payable within 30 days.",
    "Rain.",
    "Do not open the valve while the system is under pressure. " * 6,
]
SAME, ALIKE = 0.9999, 0.99
"""Cosine of the same weights in two libraries, and of int8 weights with the published ones."""


@pytest.mark.real
@pytest.mark.parametrize("name", ["sentence-transformers/all-MiniLM-L6-v2", "made-up/minilm"])
def test_fastembed_says_what_the_shipped_encoder_says(store: ModelStore, name: str) -> None:
    ours = OnnxTextEncoder(OnnxEncoder(precision="float"), store)
    theirs = text_encoder(FastEmbedEncoder(model=name, folder=store.path(INT8)), store)
    assert ours.dimensions == theirs.dimensions
    cosines = (ours.embed_documents(SENTENCES) * theirs.embed_documents(SENTENCES)).sum(axis=1)
    assert cosines.min() > SAME
    assert ours.embed_query(SENTENCES[0]) @ theirs.embed_query(SENTENCES[0]) > SAME


@pytest.mark.torch
def test_sentence_transformers_say_what_the_shipped_encoder_says(store: ModelStore) -> None:
    ours = OnnxTextEncoder(OnnxEncoder(precision="float"), store)
    theirs = text_encoder(SentenceTransformersEncoder(checkpoint=str(store.path(MINILM))), store)
    cosines = (ours.embed_documents(SENTENCES) * theirs.embed_documents(SENTENCES)).sum(axis=1)
    assert cosines.min() > ALIKE


@pytest.mark.real
def test_computing_in_int8_says_nearly_the_same_under_another_id(store: ModelStore) -> None:
    usual = OnnxTextEncoder(OnnxEncoder(precision="float"), store)
    quick = OnnxTextEncoder(OnnxEncoder(precision="int8"), store)
    cosines = (usual.embed_documents(SENTENCES) * quick.embed_documents(SENTENCES)).sum(axis=1)
    assert 0.98 < cosines.min() < SAME
    assert usual.id != quick.id


@pytest.mark.torch
def test_vectors_can_be_cut_for_models_that_were_trained_for_it(store: ModelStore) -> None:
    folder = str(store.path(MINILM))
    whole = text_encoder(SentenceTransformersEncoder(checkpoint=folder), store)
    cut = text_encoder(SentenceTransformersEncoder(checkpoint=folder, dimensions=64), store)
    assert cut.dimensions == 64
    start = whole.embed_query(SENTENCES[0])[:64]
    assert cut.embed_query(SENTENCES[0]) @ (start / np.linalg.norm(start)) > SAME
    assert cut.id != whole.id


@pytest.mark.real
def test_prefixes_come_from_the_settings_or_the_files_beside_the_model(
    store: ModelStore, tmp_path: Path
) -> None:
    plain = OnnxTextEncoder(OnnxEncoder(), store)
    e5 = {"query_prefix": "query: ", "document_prefix": "passage: "}
    told = OnnxTextEncoder(OnnxEncoder.model_validate(e5), store)
    assert np.allclose(told.embed_query("rain"), plain.embed_query("query: rain"), atol=1e-5)
    prefixed = plain.embed_documents(["passage: rain"])
    assert np.allclose(told.embed_documents(["rain"]), prefixed, atol=1e-5)
    assert told.id != plain.id
    asked_only = OnnxTextEncoder(OnnxEncoder(query_prefix="query: "), store)
    assert asked_only.id == plain.id, "passages need not be embedded anew"

    for file in store.path(INT8).iterdir():
        (tmp_path / file.name).symlink_to(file)
    prompts = {"query": "query: ", "passage": "passage: "}
    (tmp_path / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    filed = OnnxTextEncoder(OnnxEncoder(model=str(tmp_path), precision="int8"), store)
    assert np.allclose(filed.embed_query("rain"), told.embed_query("rain"), atol=1e-5)
    assert np.allclose(filed.embed_documents(["rain"]), prefixed, atol=1e-5)


@pytest.mark.real
def test_pooling_and_length_come_from_the_files_beside_the_model(
    store: ModelStore, tmp_path: Path
) -> None:
    for file in store.path(INT8).iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "1_Pooling").mkdir()
    pooling = tmp_path / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps({"pooling_mode_cls_token": True}))
    (tmp_path / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 4}))
    encoder = OnnxTextEncoder(OnnxEncoder(model=str(tmp_path)), store)
    one, other = encoder.embed_documents(["word word word cat", "word word word submarine"])
    assert np.allclose(one, other, atol=1e-5)
    mean = OnnxTextEncoder(OnnxEncoder(), store).embed_query("word word")
    assert encoder.embed_query("word word") @ mean < SAME
    pooling.write_text(json.dumps({"pooling_mode_lasttoken": True}))
    with pytest.raises(BadSettings, match="KIND=sentence_transformers"):
        OnnxTextEncoder(OnnxEncoder(model=str(tmp_path)), store).warm_up()


def test_an_endpoint_is_asked_in_small_lots_with_prefixes(
    endpoint: Endpoint, store: ModelStore
) -> None:
    endpoint.inputs.clear()
    encoder = text_encoder(endpoint.settings(document_prefix="passage: "), store)
    encoder.embed_documents(TEXTS)
    assert [len(texts) for texts in endpoint.inputs] == [4, 2]
    assert all(text.startswith("passage: ") for texts in endpoint.inputs for text in texts)


def test_an_endpoint_that_fails_or_gives_other_vectors_is_named(
    endpoint: Endpoint, store: ModelStore
) -> None:
    endpoint.status = 500
    with pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1 did not answer"):
        text_encoder(endpoint.settings(), store).embed_query("x")
    endpoint.status = 200
    with pytest.raises(BadSettings, match="PINCITE_ENCODER__DIMENSIONS=128"):
        text_encoder(endpoint.settings(dimensions=64), store).embed_query("x")


def test_nothing_is_sent_to_another_machine_unasked(store: ModelStore) -> None:
    hosted = LiteLLMEncoder(model="openai/text-embedding-3-small", dimensions=1536)
    encoder = text_encoder(hosted, store)
    assert "api.openai.com" in encoder.id
    with pytest.raises(Withheld, match=r"nothing may be sent to api\.openai\.com"):
        encoder.embed_documents(["x"])
    with pytest.raises(Withheld):
        encoder.embed_query("x")


def test_weights_that_are_not_on_this_machine_are_named_with_the_command(store: ModelStore) -> None:
    wanted = OnnxEncoder(model="intfloat/multilingual-e5-small")
    with pytest.raises(BadSettings, match="run: hf download intfloat/multilingual-e5-small"):
        text_encoder(wanted, store).embed_query("x")


@pytest.mark.real
def test_the_end_of_an_over_long_text_is_not_read(store: ModelStore) -> None:
    encoder = OnnxTextEncoder(OnnxEncoder(), store)
    start = "word " * (LONGEST + 10)
    one, other = encoder.embed_documents([start + "cat", start + "submarine"])
    assert np.allclose(one, other, atol=1e-5)


@pytest.mark.real
def test_the_id_changes_with_the_weights(store: ModelStore) -> None:
    assert store.sha256("all-minilm-l6-v2-int8")[:16] in OnnxTextEncoder(OnnxEncoder(), store).id


def test_without_weights_the_first_use_says_what_to_run(store: ModelStore) -> None:
    nowhere = ModelStore(store.settings.model_copy(update={"dir": store.dir / "nowhere"}))
    encoder = OnnxTextEncoder(OnnxEncoder(), nowhere)
    with pytest.raises(MissingModel, match="pincite models pull all-minilm-l6-v2-int8"):
        encoder.warm_up()


def test_batches_cover_every_text_once_and_keep_to_the_budget() -> None:
    lengths = [3, 200, 7, 7, 256, 1, 90, 5_000]
    runs = list(batches(lengths, 512))
    assert sorted(row for rows in runs for row in rows) == list(range(len(lengths)))
    assert all(len(rows) == 1 or len(rows) * max(lengths[r] for r in rows) <= 512 for rows in runs)
