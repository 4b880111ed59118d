"""A small cross-encoder that reads evidence and claim together, by ONNX Runtime, without torch.

Two outputs: `logits` of supported, contradicted and unsupported (in that order), and `marks`, for
each word piece how likely it is that the evidence does not bear it out.
"""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from pincite.models.onnx_options import cpu_options
from pincite.models.store import file_sha256

LONGEST: Final = 320
"""Word pieces of evidence and claim together; the longer of the two is cut."""
LONGEST_CLAIM: Final = 1_200
"""Characters of a claim that are read."""
_EVIDENCE, _CLAIM = 0, 1
_OUTPUTS = ("logits", "marks")

Floats = npt.NDArray[np.float32]


class Mark(NamedTuple):
    """A word piece of the claim."""

    start: int
    """Characters [start, end) of the claim."""
    end: int
    logit: float
    """Above 0: rather not borne out."""


class ClaimReading(NamedTuple):
    supported: float
    """Logits."""
    contradicted: float
    unsupported: float
    marks: tuple[Mark, ...]


class OnnxClaimModel:
    """`model.onnx` and `tokenizer.json` in a folder; loads at the first call. Thread-safe."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Tokenizer] | None = None

    @cached_property
    def id(self) -> str:
        return f"claims@{file_sha256(self._folder / 'model.onnx')[:16]}"

    def read(self, evidence: str, claim: str) -> ClaimReading:
        """One run for one pair: in int8 its numbers would depend on those beside it."""
        session, tokenizer = self._load()
        encoding = tokenizer.encode(evidence, claim[:LONGEST_CLAIM])
        fed = {
            "input_ids": _row(encoding.ids),
            "attention_mask": _row(encoding.attention_mask),
            "token_type_ids": _row(encoding.type_ids),
        }
        logits, marks = cast("list[Floats]", session.run(list(_OUTPUTS), fed))
        supported, contradicted, unsupported = (float(value) for value in logits[0])
        return ClaimReading(supported, contradicted, unsupported, _marks(encoding, marks[0]))

    def warm_up(self) -> None:
        self.read("warm", "up")

    def _load(self) -> tuple[Any, Tokenizer]:
        with self._lock:
            if self._loaded is None:
                self._loaded = (self._session(), tokenizer_in(self._folder))
            return self._loaded

    def _session(self) -> Any:
        options = cpu_options(self._threads, int8_products=True)
        return cast("Any", onnxruntime).InferenceSession(
            str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )


def tokenizer_in(folder: Path) -> Tokenizer:
    """As the model reads: cut at `LONGEST`, nothing filled up."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)  # pyright: ignore[reportUnknownMemberType]
    tokenizer.no_padding()
    return tokenizer


def _row(values: list[int]) -> npt.NDArray[np.int64]:
    return np.asarray([values], dtype=np.int64)


def _marks(encoding: Encoding, logits: Floats) -> tuple[Mark, ...]:
    return tuple(
        Mark(start, end, float(logits[place]))
        for place, (sequence, (start, end)) in enumerate(
            zip(encoding.sequence_ids, encoding.offsets, strict=True)
        )
        if sequence == _CLAIM and end > start
    )
