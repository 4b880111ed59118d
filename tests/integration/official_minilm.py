"""all-MiniLM-L6-v2 as its authors published it, computed with nothing but NumPy."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12


def read_safetensors(path: Path) -> dict[str, Floats]:
    """The 32-bit tensors of a file: length of the header, header in JSON, bytes."""
    data = path.read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    tensors: dict[str, Floats] = {}
    for name, entry in json.loads(data[8:begin]).items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            flat = np.frombuffer(data[begin + first : begin + last], dtype="<f4")
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


class OfficialMiniLm:
    def __init__(self, folder: Path) -> None:
        self._weights = read_safetensors(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(256)  # pyright: ignore[reportUnknownMemberType]

    def embed(self, text: str) -> Floats:
        """Mean of the last layer's token vectors, of length 1."""
        state = self._embeddings(self._tokenizer.encode(text).ids)
        for layer in range(LAYERS):
            state = self._layer(state, f"encoder.layer.{layer}")
        mean = state.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def _embeddings(self, ids: list[int]) -> Floats:
        words = self._weights["embeddings.word_embeddings.weight"][ids]
        places = self._weights["embeddings.position_embeddings.weight"][: len(ids)]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._norm(words + places + kind, "embeddings.LayerNorm")

    def _layer(self, state: Floats, name: str) -> Floats:
        seen = self._dense(
            self._attention(state, f"{name}.attention.self"), f"{name}.attention.output.dense"
        )
        state = self._norm(state + seen, f"{name}.attention.output.LayerNorm")
        wide = _gelu(self._dense(state, f"{name}.intermediate.dense"))
        return self._norm(
            state + self._dense(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm"
        )

    def _attention(self, state: Floats, name: str) -> Floats:
        def heads(part: str) -> Floats:
            flat = self._dense(state, f"{name}.{part}")
            return flat.reshape(len(state), HEADS, WIDTH // HEADS).transpose(1, 0, 2)

        scores = heads("query") @ heads("key").transpose(0, 2, 1) / sqrt(WIDTH // HEADS)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return (weights @ heads("value")).transpose(1, 0, 2).reshape(len(state), WIDTH)

    def _dense(self, state: Floats, name: str) -> Floats:
        return state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, state: Floats, name: str) -> Floats:
        centred = state - state.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
        return centred / scale * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _gelu(x: Floats) -> Floats:
    """With the error function, after Abramowitz and Stegun 7.1.26 (off by less than 2e-7)."""
    half = np.abs(x) / sqrt(2)
    t = 1 / (1 + 0.3275911 * half)
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    erf = np.sign(x) * (1 - series * np.exp(-(half**2)))
    return (0.5 * x * (1 + erf)).astype(np.float32)
