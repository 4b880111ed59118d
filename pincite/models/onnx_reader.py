"""A small cross-encoder that reads a passage and a question together, by ONNX Runtime.

It says whether the passage answers the question, and with which words. Three outputs: `answered`, a
logit for each pair, and `start` and `end`, a logit for every token; those of the first token stand
for no answer (Devlin et al. 2019).
"""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from pincite.models.onnx_options import cpu_options
from pincite.models.ports import PassageReading
from pincite.models.store import file_sha256

LONGEST: Final = 224
"""Word pieces of passage and question together; the longer of the two is cut."""
LONGEST_ANSWER: Final = 16
"""Word pieces."""
_PASSAGE: Final = 0
_OUTPUTS: Final = ("answered", "start", "end")

Floats = npt.NDArray[np.float32]


class OnnxReader:
    """Implements `PassageReader` by `model.onnx` and `tokenizer.json` in a folder.

    Loads at the first call. Thread-safe.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Tokenizer] | None = None

    @property
    def id(self) -> str:
        """Reads all weights once."""
        return self._id

    @cached_property
    def _id(self) -> str:
        return f"reader@{file_sha256(self._folder / 'model.onnx')[:16]}"

    def read(self, question: str, passage: str) -> PassageReading:
        """One run for one pair: in int8 its numbers would depend on those beside it."""
        session, tokenizer = self._load()
        encoding = tokenizer.encode(passage, question)
        fed = {
            "input_ids": _row(encoding.ids),
            "attention_mask": _row(encoding.attention_mask),
            "token_type_ids": _row(encoding.type_ids),
        }
        answered, start, end = cast("list[Floats]", session.run(list(_OUTPUTS), fed))
        return reading(encoding, float(answered[0]), start[0], end[0])

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


def reading(encoding: Encoding, answered: float, start: Floats, end: Floats) -> PassageReading:
    """The best span of at most `LONGEST_ANSWER` tokens of the passage."""
    places = [
        place
        for place, (sequence, (a, b)) in enumerate(
            zip(encoding.sequence_ids, encoding.offsets, strict=True)
        )
        if sequence == _PASSAGE and b > a
    ]
    if not places:
        return PassageReading(answered=answered, span=0.0, start=0, end=0)
    first, count = places[0], len(places)
    sums = start[first : first + count, None] + end[None, first : first + count]
    lengths = np.arange(count)[None] - np.arange(count)[:, None]
    sums = np.where((lengths >= 0) & (lengths < LONGEST_ANSWER), sums, -np.inf)
    begin, finish = divmod(int(np.argmax(sums)), count)
    span = float(sums[begin, finish] - start[0] - end[0])
    offsets = encoding.offsets
    return PassageReading(
        answered=answered,
        span=span,
        start=offsets[first + begin][0],
        end=offsets[first + finish][1],
    )
