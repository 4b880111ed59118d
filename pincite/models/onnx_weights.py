"""ONNX files edited as bytes: weights that vanish are made zero.

Only as much of the format (protobuf, `onnx.proto3`) is read as this needs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_GRAPH, _INITIALIZER, _TYPE, _RAW = 7, 5, 2, 9
_FLOAT = 1
_VARINT, _LENGTH = 0, 2
_FIXED = {1: 8, 5: 4}
_VANISHING = 1e-30


def without_vanishing(model: bytes) -> bytearray:
    """Float weights below 1e-30 made zero; nothing else changes.

    Such numbers say nothing, but processors work on them up to a hundred times slower (they are
    denormal): two layers of PP-OCRv6's detector took two thirds of its time. About 0.1 s.
    """
    edited = bytearray(model)
    for graph in _fields(model, slice(0, len(model)), _GRAPH):
        for tensor in _fields(model, graph, _INITIALIZER):
            kinds = [_varint(model, kind.start)[0] for kind in _fields(model, tensor, _TYPE)]
            if kinds != [_FLOAT]:
                continue
            for raw in _fields(model, tensor, _RAW):
                values = np.frombuffer(model, "<f4", (raw.stop - raw.start) // 4, raw.start)
                kept = np.where(np.abs(values) < _VANISHING, np.float32(0), values)
                edited[raw] = kept.astype("<f4").tobytes()
    return edited


def _fields(model: bytes, message: slice, number: int) -> Iterator[slice]:
    """Contents of the fields of that number."""
    at = message.start
    while at < message.stop:
        key, begin = _varint(model, at)
        kind = key & 7
        if kind == _VARINT:
            _, at = _varint(model, begin)
        elif kind == _LENGTH:
            size, begin = _varint(model, begin)
            at = begin + size
        else:
            at = begin + _FIXED[kind]
        if key >> 3 == number:
            yield slice(begin, at)


def _varint(model: bytes, at: int) -> tuple[int, int]:
    """A number, and where it ends."""
    value = shift = 0
    while True:
        byte = model[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
