"""From torch to the folder that ships: int8 ONNX, tokenizer, and what the logits mean."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime

from pincite.models.optional_package import optional_package
from pincite.models.torch_library import EXTRA, torch_library
from scripts.train_checker.batches import Read

_INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")


def export(network: Any, encoder: Path, folder: Path) -> Path:
    """Writes `model.onnx` (int8 weights, products in int8) and `tokenizer.json`; needs onnx."""
    torch = torch_library()
    optional_package("onnx", extra=EXTRA)
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "float.onnx"
    fed = tuple(torch.ones((2, 9), dtype=torch.long) for _ in _INPUTS)
    free = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of what is constant here
        torch.onnx.export(
            network.eval().cpu(),
            fed,
            str(whole),
            input_names=list(_INPUTS),
            output_names=["logits", "marks"],
            dynamic_axes={**dict.fromkeys(_INPUTS, free), "logits": {0: "batch"}, "marks": free},
            opset_version=17,
            dynamo=False,
        )
    quantize(whole, folder / "model.onnx")
    whole.unlink()
    shutil.copyfile(encoder / "tokenizer.json", folder / "tokenizer.json")
    return folder / "model.onnx"


def quantize(whole: Path, small: Path) -> None:
    """Weights of products and embeddings in 8 bits, a scale for each column."""
    quantization = optional_package("onnxruntime.quantization", extra=EXTRA)
    quantization.quantize_dynamic(
        str(whole),
        str(small),
        per_channel=True,
        reduce_range=False,
        op_types_to_quantize=["MatMul", "Gather"],
        weight_type=quantization.QuantType.QInt8,
    )


def logits_of(file: Path, reads: list[Read]) -> tuple[Any, Any]:
    """Labels and the highest mark by ONNX Runtime, one pair at a time as in use."""

    session: Any = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    labels = np.zeros((len(reads), 3), dtype=np.float32)
    worst = np.zeros(len(reads), dtype=np.float32)
    for row, each in enumerate(reads):
        ids = each.ids.astype(np.int64)[None]
        types = np.zeros_like(ids)
        types[0, each.claim_from :] = 1
        fed = dict(zip(_INPUTS, (ids, np.ones_like(ids), types), strict=True))
        found, marks = session.run(["logits", "marks"], fed)
        labels[row], worst[row] = found[0], marks[0, each.claim_from :].max(initial=-30.0)
    return labels, worst
