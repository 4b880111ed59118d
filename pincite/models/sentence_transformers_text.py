"""Text vectors by the library sentence-transformers (torch), from weights on this machine."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pincite import config
from pincite.errors import UnsafeWeights
from pincite.models.checkpoints import Checkpoint, checkpoint
from pincite.models.embedding_recipe import Recipe, prefixes_of
from pincite.models.ports import Vectors
from pincite.models.sentence_transformers_library import loaded


class SentenceTransformersTextEncoder:
    """Pooling, length and prompts are those of the model's own files."""

    def __init__(self, settings: config.SentenceTransformersEncoder) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        """One call at a time: the tokenizer keeps its padding in itself."""
        self._loaded: Any = None

    @property
    def id(self) -> str:
        return self._id

    @cached_property
    def _id(self) -> str:
        """Reads all weights once, 0.5 s per GB."""
        name = Path(self._settings.checkpoint).name
        cut = f"/{self._settings.dimensions}" if self._settings.dimensions else ""
        fingerprint = self._checkpoint.fingerprint()
        return self._recipe.marked(f"sentence-transformers/{name}{cut}@{fingerprint}")

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @cached_property
    def _dimensions(self) -> int:
        """Loads the model: its last layer decides."""
        with self._lock:
            return int(self._model().get_embedding_dimension())

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return self._embed(texts, self._recipe.document_prefix)

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        return self._embed([text], self._recipe.query_prefix)[0]

    def warm_up(self) -> None:
        self.embed_query("warm")

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        with self._lock:
            found = self._model().encode(
                list(texts),
                prompt=prefix,
                batch_size=self._settings.batch,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(found, dtype=np.float32)

    @cached_property
    def _checkpoint(self) -> Checkpoint:
        found = checkpoint(
            self._settings.checkpoint,
            setting="PINCITE_ENCODER__CHECKPOINT",
            accept_non_commercial=self._settings.accept_non_commercial,
        )
        for pickle in found.folder.glob("*_*/*.bin"):  # layers beside the transformer
            if not pickle.with_name("model.safetensors").exists():
                raise UnsafeWeights(
                    f"{pickle} is a pickle, which can run code; only safetensors are loaded"
                )
        return found

    @cached_property
    def _recipe(self) -> Recipe:
        return prefixes_of(self._checkpoint.folder, self._settings)

    def _model(self) -> Any:
        if self._loaded is None:
            self._loaded = loaded(
                "SentenceTransformer",
                self._checkpoint,
                device=self._settings.device,
                truncate_dim=self._settings.dimensions,
            )
        return self._loaded
