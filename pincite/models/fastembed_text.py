"""Text vectors by the library fastembed: its list of models, or one of the user's own folder."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pincite import config
from pincite.errors import BadSettings
from pincite.models.checkpoints import local_folder
from pincite.models.embedding_recipe import Recipe, facts_in, prefixes_of, recipe_of
from pincite.models.fastembed_library import fastembed_library
from pincite.models.onnx_options import usable_cores
from pincite.models.onnx_text import onnx_file
from pincite.models.ports import Vectors
from pincite.models.store import file_sha256

BATCH = 16
"""Texts of like length in one run; the library pads them to the longest."""


class FastEmbedTextEncoder:
    """Pooling and length are those that fastembed knows of its model."""

    def __init__(self, settings: config.FastEmbedEncoder) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._loaded: Any = None

    @property
    def id(self) -> str:
        return self._id

    @cached_property
    def _id(self) -> str:
        name = self._settings.model.rpartition("/")[2]
        return self._recipe.marked(f"fastembed/{name}@{file_sha256(self._weights)[:16]}")

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @cached_property
    def _dimensions(self) -> int:
        if self._known is not None:
            return int(self._known["dim"])
        found = facts_in(self._folder / "config.json").get("hidden_size")
        if not found:
            raise BadSettings(f"{self._folder} has no config.json that says hidden_size")
        return int(found)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Texts of like length are run together."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        model, prefix = self._model(), self._recipe.document_prefix
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        found = model.passage_embed([prefix + texts[row] for row in order], batch_size=BATCH)
        for row, vector in zip(order, found, strict=True):
            vectors[row] = _unit(vector)
        return vectors

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        return _unit(next(iter(self._model().query_embed(self._recipe.query_prefix + text))))

    def warm_up(self) -> None:
        self.embed_query("warm")

    @cached_property
    def _known(self) -> dict[str, Any] | None:
        """As fastembed describes the model; None where it does not know it."""
        library = fastembed_library().TextEmbedding
        wanted = self._settings.model.casefold()
        described: list[dict[str, Any]] = library.list_supported_models()
        return next((each for each in described if each["model"].casefold() == wanted), None)

    @cached_property
    def _folder(self) -> Path:
        if self._settings.folder is not None:
            return local_folder(str(self._settings.folder), "PINCITE_ENCODER__FOLDER")
        if self._known is None or not self._known["sources"].get("hf"):
            raise BadSettings(
                f"fastembed offers no {self._settings.model!r} on the hub; give its folder in "
                "PINCITE_ENCODER__FOLDER"
            )
        return local_folder(self._known["sources"]["hf"], "PINCITE_ENCODER__MODEL")

    @cached_property
    def _weights(self) -> Path:
        if self._known is None:
            return onnx_file(self._folder)
        named = self._folder / self._known["model_file"]
        if not named.is_file():
            raise BadSettings(f"fastembed wants {named}, which is not there")
        return named

    @cached_property
    def _recipe(self) -> Recipe:
        if self._known is None:
            return recipe_of(self._folder, self._settings)
        return prefixes_of(self._folder, self._settings)

    def _model(self) -> Any:
        with self._lock:
            if self._loaded is None:
                library = fastembed_library()
                if self._known is None:
                    self._introduce(library)
                self._loaded = library.TextEmbedding(
                    self._settings.model,
                    specific_model_path=str(self._folder),
                    local_files_only=True,
                    threads=self._settings.threads or usable_cores(),
                    providers=["CPUExecutionProvider"],
                )
            return self._loaded

    def _introduce(self, library: Any) -> None:
        described = library.common.model_description
        library.TextEmbedding.add_custom_model(
            model=self._settings.model,
            pooling=described.PoolingType[self._recipe.pooling.upper()],
            normalization=True,
            sources=described.ModelSource(hf=self._settings.model),
            dim=self.dimensions,
            model_file=self._weights.relative_to(self._folder).as_posix(),
        )


def _unit(vector: Any) -> npt.NDArray[np.float32]:
    found = np.asarray(vector, dtype=np.float32)
    return found / max(float(np.linalg.norm(found)), 1e-12)
