"""Text vectors by ONNX Runtime and the tokenizers library: no torch, no download.

`OnnxModel` and `batches` know nothing of vectors: other small encoders can stand on them.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from pincite import config
from pincite.models.ports import Vectors
from pincite.models.store import ModelStore

LONGEST = 256
"""Tokens of a text that are read; what the model was trained with."""
BATCH_TOKENS = 1_024
"""Padded tokens in one run of the model; more is not faster on a CPU and takes memory."""

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


class OnnxModel:
    """A transformer encoder in a folder: `model.onnx` and `tokenizer.json`. Thread-safe."""

    def __init__(self, folder: Path, *, threads: int = 0, longest: int = LONGEST) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(longest)  # pyright: ignore[reportUnknownMemberType]
        self._tokenizer.no_padding()
        options = cast("Any", onnxruntime).SessionOptions()
        options.intra_op_num_threads = threads or usable_cores()
        # Spinning threads take the cores that parsers need while a batch waits.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # it keeps 200 MB and makes nothing faster here
        self._session: Any = cast("Any", onnxruntime).InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._wanted = {item.name for item in self._session.get_inputs()}

    def tokens(self, texts: Sequence[str]) -> list[Encoding]:
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
    """Mean of the token vectors, scaled to length 1."""

    def __init__(self, settings: config.Encoder, store: ModelStore) -> None:
        self._settings = settings
        self._store = store
        self._lock = threading.Lock()
        self._loaded: OnnxModel | None = None
        self._dimensions: int | None = None
        self._query = lru_cache(maxsize=256)(self._embed_one)

    @property
    def id(self) -> str:
        name = self._settings.model
        return f"{name}@{self._store.sha256(name)[:16]}"

    @property
    def dimensions(self) -> int:
        """Read from the model's `config.json`; loads no weights."""
        if self._dimensions is None:
            file = self._store.path(self._settings.model) / "config.json"
            facts = cast("dict[str, Any]", json.loads(file.read_text(encoding="utf-8")))
            self._dimensions = int(facts["hidden_size"])
        return self._dimensions

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if not texts:
            return vectors
        model = self._model()
        encodings = model.tokens(texts)
        for rows in batches([len(encoding.ids) for encoding in encodings], BATCH_TOKENS):
            vectors[rows] = _pooled(*model.run([encodings[row] for row in rows]))
        return vectors

    def embed_query(self, text: str) -> Floats:
        """The last few questions are remembered."""
        return self._query(text)

    def warm_up(self) -> None:
        self._model().run(self._model().tokens(["warm"]))

    def _embed_one(self, text: str) -> Floats:
        vector = self.embed_documents([text])[0]
        vector.flags.writeable = False  # shared by all who ask the same
        return vector

    def _model(self) -> OnnxModel:
        with self._lock:
            if self._loaded is None:
                folder = self._store.path(self._settings.model)
                self._loaded = OnnxModel(folder, threads=self._settings.threads)
            return self._loaded


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


def usable_cores() -> int:
    """Cores this process may run on, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pooled(hidden: Floats, mask: Floats) -> Floats:
    mean = (hidden * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
    return (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
