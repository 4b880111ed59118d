from __future__ import annotations

import numpy as np

from pincite.models.onnx_weights import without_vanishing


def _field(number: int, content: bytes) -> bytes:
    size = len(content)
    assert size < 1 << 14
    long = bytes([size & 127 | 128, size >> 7]) if size > 127 else bytes([size])
    return bytes([number << 3 | 2]) + long + content


def _number(number: int, value: int) -> bytes:
    return bytes([number << 3, value])


def _tensor(values: bytes, kind: int) -> bytes:
    dimension, kind_of = _number(1, 4), _number(2, kind)
    return _field(5, dimension + kind_of + _field(8, b"weights") + _field(9, values))


def _model(*tensors: bytes) -> bytes:
    other_kinds = bytes([12 << 3 | 5, 1, 2, 3, 4, 13 << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8])
    return _number(1, 8) + other_kinds + _field(7, _field(2, b"graph") + b"".join(tensors))


def test_weights_that_vanish_become_zero_and_nothing_else_changes() -> None:
    weights = np.array([0.5, 1e-40, -1e-35, -2.0], dtype="<f4").tobytes()
    kept = np.array([0.5, 0.0, 0.0, -2.0], dtype="<f4").tobytes()
    assert without_vanishing(_model(_tensor(weights, 1))) == _model(_tensor(kept, 1))


def test_tensors_of_other_types_stay_as_they_are() -> None:
    model = _model(_tensor(bytes(range(1, 17)), 7), _tensor(b"\x01\x00\x00\x00" * 40, 6))
    assert without_vanishing(model) == model


def test_bytes_without_a_graph_stay_as_they_are() -> None:
    assert without_vanishing(_number(1, 8)) == _number(1, 8)
