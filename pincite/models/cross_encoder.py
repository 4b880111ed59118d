"""A cross-encoder of the library sentence-transformers (torch), from weights on this machine."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pincite import config
from pincite.models.checkpoints import Checkpoint, checkpoint
from pincite.models.onnx_reranker import relevance
from pincite.models.ports import Modality
from pincite.models.sentence_transformers_library import loaded
from pincite.models.torch_library import torch_library

BATCH = 16


class CrossEncoderReranker:
    """Length and tokens are those of the model's own files."""

    def __init__(self, settings: config.CrossEncoderReranker) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        """One call at a time: the tokenizer keeps its padding in itself."""
        self._loaded: Any = None

    @property
    def id(self) -> str:
        """Reads all weights once, 0.5 s per GB."""
        return self._id

    @cached_property
    def _id(self) -> str:
        return f"{Path(self._settings.checkpoint).name}@{self._checkpoint.fingerprint()}"

    @property
    def modalities(self) -> frozenset[Modality]:
        return frozenset({"text"})

    def scores(self, question: str, items: Sequence[str | bytes]) -> list[float]:
        if not items:
            return []
        with self._lock:
            model = self._model()
            logits = model.predict(
                [(question, item) for item in items],
                batch_size=BATCH,
                activation_fn=torch_library().nn.Identity(),
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        found = relevance(np.asarray(logits, dtype=np.float32).reshape(len(items), -1))
        return [float(score) for score in found]

    def warm_up(self) -> None:
        self.scores("warm", ["up"])

    @cached_property
    def _checkpoint(self) -> Checkpoint:
        return checkpoint(
            self._settings.checkpoint,
            setting="PINCITE_RERANKER__CHECKPOINT",
            accept_non_commercial=self._settings.accept_non_commercial,
        )

    def _model(self) -> Any:
        if self._loaded is None:
            device = self._settings.device
            self._loaded = loaded("CrossEncoder", self._checkpoint, device=device)
        return self._loaded
