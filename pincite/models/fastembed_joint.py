"""CLIP by ONNX Runtime through `fastembed` (extra `fastembed`): no torch, nothing is fetched."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pincite import config
from pincite.errors import BadSettings
from pincite.models.checkpoints import local_folder
from pincite.models.fastembed_library import fastembed_library
from pincite.models.joint_space import TEMPLATES, ensembled, mark_of, not_embedded, unit_length
from pincite.models.ports import Calibration, Modality, Picture, Vectors, Wave
from pincite.models.store import file_sha256

_CLIP_SCALE = 100.0
"""Of the released CLIP models: their exported towers do not hold it."""


class FastEmbedEncoder:
    """Implements `JointEncoder`: one ONNX model for texts, one for pictures, of the same space."""

    modalities: frozenset[Modality] = frozenset({"text", "picture"})
    degraded = ""
    calibration = Calibration(scale=_CLIP_SCALE)

    def __init__(self, settings: config.FastEmbedImages) -> None:
        self._settings = settings
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return self._id

    @cached_property
    def _id(self) -> str:
        towers = (self._folder("texts"), self._folder("pictures"))
        marks = "-".join(_mark(folder) for folder in towers)
        return f"fastembed-{marks}-{mark_of(TEMPLATES)}"

    @property
    def dimensions(self) -> int:
        return int(fastembed_library().ImageEmbedding.get_embedding_size(self._settings.pictures))

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """See `JointEncoder.embed_texts`. Raises MissingExtra, BadSettings."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._lock:
            model = self._texts
        return ensembled(texts, TEMPLATES, lambda filled: np.stack(list(model.embed(list(filled)))))

    def embed_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        """See `JointEncoder.embed_pictures`. Raises MissingExtra, BadSettings."""
        if not pictures:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._lock:
            model = self._pictures
        return unit_length(list(model.embed([Image.fromarray(picture) for picture in pictures])))

    def embed_sounds(self, sounds: Sequence[Wave]) -> Vectors:
        raise not_embedded(self.id, "sound")

    def warm_up(self) -> None:
        with self._lock:
            _ = self._texts, self._pictures

    @cached_property
    def _texts(self) -> Any:
        return self._model(fastembed_library().TextEmbedding, "texts")

    @cached_property
    def _pictures(self) -> Any:
        return self._model(fastembed_library().ImageEmbedding, "pictures")

    def _model(self, kind: Any, tower: str) -> Any:
        name = str(getattr(self._settings, tower))
        known = [each["model"] for each in kind.list_supported_models()]
        if name not in known:
            setting = f"PINCITE_IMAGES__{tower.upper()}"
            raise BadSettings(f"{setting}: fastembed knows no {name}; it knows: {', '.join(known)}")
        return kind(
            name,
            specific_model_path=str(self._folder(tower)),
            local_files_only=True,
            threads=self._settings.threads or None,
        )

    def _folder(self, tower: str) -> Path:
        chosen = getattr(self._settings, f"{tower}_folder") or getattr(self._settings, tower)
        return local_folder(str(chosen), f"PINCITE_IMAGES__{tower.upper()}_FOLDER")


def _mark(folder: Path) -> str:
    weights = folder / "model.onnx"
    if not weights.is_file():
        raise BadSettings(f"{folder} has no model.onnx, so it is no model of fastembed")
    return file_sha256(weights)[:12]
