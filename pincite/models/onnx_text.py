"""Text vectors by ONNX Runtime and the tokenizers library: no torch, no download.

`OnnxModel` and `batches` know nothing of vectors: other small encoders can stand on them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from pincite import config
from pincite.errors import BadSettings
from pincite.models.checkpoints import local_folder
from pincite.models.embedding_recipe import LONGEST, Recipe, facts_in, recipe_of
from pincite.models.onnx_int8 import with_int8_products
from pincite.models.onnx_options import cpu_options, usable_cores
from pincite.models.ports import Vectors
from pincite.models.store import ModelStore, file_sha256

__all__ = ["LONGEST", "OnnxModel", "OnnxTextEncoder", "batches", "onnx_file"]

BATCH_TOKENS = 1_024
"""Padded tokens in one run of the model; more is not faster on a CPU and takes memory."""

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


class OnnxModel:
    """A transformer in a folder: `tokenizer.json` and what `onnx_file` finds. Thread-safe."""

    def __init__(
        self, folder: Path, *, threads: int = 0, longest: int = LONGEST, int8: bool = False
    ) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(longest)  # pyright: ignore[reportUnknownMemberType]
        self._tokenizer.no_padding()
        options = cpu_options(threads or usable_cores(), int8_products=True)
        weights = onnx_file(folder)
        self._session: Any = cast("Any", onnxruntime).InferenceSession(
            with_int8_products(weights.read_bytes()) if int8 else str(weights),
            options,
            providers=["CPUExecutionProvider"],
        )
        self._wanted = {item.name for item in self._session.get_inputs()}

    def tokens(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> list[Encoding]:
        """Of texts, or of pairs that are read together; the longer one of a pair is cut first."""
        return self._tokenizer.encode_batch(list(texts))

    def run(self, encodings: Sequence[Encoding]) -> tuple[Floats, Floats]:
        """First output of the model and the mask of real tokens, shape (texts, tokens, 1)."""
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        given = {name: np.zeros(shape, dtype=np.int64) for name in _INPUTS}
        for row, encoding in enumerate(encodings):
            length = len(encoding.ids)
            given["input_ids"][row, :length] = encoding.ids
            given["attention_mask"][row, :length] = 1
            given["token_type_ids"][row, :length] = encoding.type_ids
        fed = {name: array for name, array in given.items() if name in self._wanted}
        output = cast("Floats", self._session.run(None, fed)[0])
        return output, given["attention_mask"][..., None].astype(np.float32)


_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class OnnxTextEncoder:
    """A model of the store, or one that its user brings; see `embedding_recipe` for its files."""

    def __init__(self, settings: config.OnnxEncoder, store: ModelStore) -> None:
        self._settings = settings
        self._store = store
        self._lock = threading.Lock()
        self._loaded: OnnxModel | None = None
        self._query = lru_cache(maxsize=256)(self._embed_question)

    @property
    def id(self) -> str:
        return self._id

    @cached_property
    def _id(self) -> str:
        """Hashes weights that are not the store's; 0.5 s per GB."""
        name = self._settings.model
        computed = "/int8" if self._is_int8 else ""
        if self._is_stored:
            recipe = Recipe(document_prefix=self._settings.document_prefix or "")
            return recipe.marked(f"{name}{computed}@{self._store.sha256(name)[:16]}")
        digest = file_sha256(onnx_file(self._folder))[:16]
        return self._recipe.marked(f"{Path(name).name}{computed}@{digest}")

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @cached_property
    def _dimensions(self) -> int:
        """Read from the model's `config.json`; loads no weights."""
        found = facts_in(self._folder / "config.json").get("hidden_size")
        if not found:
            raise BadSettings(f"{self._folder} has no config.json that says hidden_size")
        return int(found)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return self._embed([self._recipe.document_prefix + text for text in texts])

    def embed_query(self, text: str) -> Floats:
        """The last few questions are remembered."""
        return self._query(text)

    def warm_up(self) -> None:
        self._embed(["warm"])

    @property
    def _is_int8(self) -> bool:
        wanted = self._settings.precision
        return self._is_stored if wanted == "auto" else wanted == "int8"

    @property
    def _is_stored(self) -> bool:
        name = self._settings.model
        return name in self._store.manifest.models or not Path(name).parts[1:]

    @cached_property
    def _folder(self) -> Path:
        if self._is_stored:
            return self._store.path(self._settings.model)
        return local_folder(self._settings.model, "PINCITE_ENCODER__MODEL")

    @cached_property
    def _recipe(self) -> Recipe:
        return recipe_of(self._folder, self._settings)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if not texts:
            return vectors
        model = self._model()
        encodings = model.tokens(texts)
        recipe = self._recipe

        def embed(rows: list[int]) -> None:
            output, mask = model.run([encodings[row] for row in rows])
            vectors[rows] = _pooled(output, mask, recipe)

        lengths = [len(encoding.ids) for encoding in encodings]
        if not self._is_int8:
            for rows in batches(lengths, BATCH_TOKENS):
                embed(rows)
        elif len(texts) == 1:
            embed([0])
        else:  # one by one: in int8 a text's numbers would depend on those beside it
            with ThreadPoolExecutor(self._settings.threads or usable_cores()) as pool:
                list(pool.map(embed, batches(lengths, 1)))
        return vectors

    def _embed_question(self, text: str) -> Floats:
        vector = self._embed([self._recipe.query_prefix + text])[0]
        vector.flags.writeable = False  # shared by all who ask the same
        return vector

    def _model(self) -> OnnxModel:
        with self._lock:
            if self._loaded is None:
                self._loaded = OnnxModel(
                    self._folder,
                    # one thread for each of the texts that are computed side by side
                    threads=1 if self._is_int8 else self._settings.threads,
                    longest=self._recipe.longest,
                    int8=self._is_int8,
                )
            return self._loaded


def onnx_file(folder: Path) -> Path:
    """Raises BadSettings."""
    for name in ("model.onnx", "onnx/model.onnx"):
        if (folder / name).is_file():
            return folder / name
    raise BadSettings(f"{folder} has neither model.onnx nor onnx/model.onnx")


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Split positions into runs of similar length, longest first, each at most `budget` padded.

    A text longer than the budget gets a run of its own.
    """
    order = sorted(range(len(lengths)), key=lambda position: -lengths[position])
    start = 0
    while start < len(order):
        size = max(1, budget // max(1, lengths[order[start]]))
        yield order[start : start + size]
        start += size


def _pooled(output: Floats, mask: Floats, recipe: Recipe) -> Floats:
    """One vector per text, of length 1; a model that pools by itself gives them as they are."""
    if output.ndim == 2:
        pooled = output
    elif recipe.pooling == "cls":
        pooled = output[:, 0]
    else:
        pooled = (output * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
    lengths = np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
    return (pooled / lengths).astype(np.float32)
