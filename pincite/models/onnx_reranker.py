"""A cross-encoder by ONNX Runtime: question and passage are read together, without torch."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from pincite import config
from pincite.errors import BadSettings
from pincite.models.checkpoints import local_folder
from pincite.models.embedding_recipe import facts_in
from pincite.models.onnx_text import Floats, OnnxModel, batches, onnx_file
from pincite.models.ports import Modality
from pincite.models.store import file_sha256

LONGEST = 512
"""Tokens of question and passage together, where the model's positions allow them."""
BATCH_TOKENS = 1_024
_OFFSET_POSITIONS = {"roberta", "xlm-roberta"}
"""Families whose positions begin behind that of the padding."""


class OnnxCrossEncoder:
    """Any sequence classifier with one label, or with two of which the second means relevant."""

    def __init__(self, settings: config.OnnxReranker) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._loaded: OnnxModel | None = None

    @property
    def id(self) -> str:
        """Reads all weights once, 0.5 s per GB."""
        return self._id

    @cached_property
    def _id(self) -> str:
        return f"{self._folder.name}@{file_sha256(onnx_file(self._folder))[:16]}"

    @property
    def modalities(self) -> frozenset[Modality]:
        return frozenset({"text"})

    def scores(self, question: str, items: Sequence[str | bytes]) -> list[float]:
        if not items:
            return []
        model = self._model()
        encodings = model.tokens([(question, item) for item in items if isinstance(item, str)])
        if len(encodings) != len(items):
            raise BadSettings("this reranker reads texts only, and was given a picture")
        found = np.zeros(len(items), dtype=np.float32)
        for rows in batches([len(encoding.ids) for encoding in encodings], BATCH_TOKENS):
            logits, _ = model.run([encodings[row] for row in rows])
            found[rows] = relevance(logits)
        return [float(score) for score in found]

    def warm_up(self) -> None:
        self.scores("warm", ["up"])

    @cached_property
    def _folder(self) -> Path:
        return local_folder(self._settings.folder, "PINCITE_RERANKER__FOLDER")

    def _model(self) -> OnnxModel:
        with self._lock:
            if self._loaded is None:
                self._loaded = OnnxModel(
                    self._folder, threads=self._settings.threads, longest=self._longest()
                )
            return self._loaded

    def _longest(self) -> int:
        facts = facts_in(self._folder / "config.json")
        shift = 2 if facts.get("model_type") in _OFFSET_POSITIONS else 0
        return min(LONGEST, int(facts.get("max_position_embeddings", LONGEST)) - shift)


def relevance(logits: Floats) -> Floats:
    """In [0, 1]: the sigmoid of one logit, or the second share of two.

    Raises BadSettings for a classifier of more labels.
    """
    rows = logits.reshape(len(logits), -1).astype(np.float64)
    if rows.shape[1] == 1:
        said = rows[:, 0]
    elif rows.shape[1] == 2:
        said = rows[:, 1] - rows[:, 0]
    else:
        raise BadSettings(
            f"the model of PINCITE_RERANKER has {rows.shape[1]} labels, so it is no reranker; "
            "one has a single one, or irrelevant and relevant"
        )
    return (1 / (1 + np.exp(-said.clip(-60, 60)))).astype(np.float32)
