"""From torch to the folder that ships: int8 ONNX and the tokenizer."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any, Final

from pincite.models.optional_package import optional_package
from pincite.models.torch_library import EXTRA, torch_library
from scripts.train_checker.export import quantize

_INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
_OUTPUTS: Final = ("answered", "start", "end")


def export(network: Any, encoder: Path, folder: Path) -> Path:
    """Writes `model.onnx` and `tokenizer.json`; needs onnx."""
    torch = torch_library()
    optional_package("onnx", extra=EXTRA)
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "float.onnx"

    class Parted(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()  # pyright: ignore[reportUnknownMemberType]
            self.network = network

        def forward(self, *fed: Any) -> Any:
            answered, spans = self.network(*fed)
            return answered, spans[..., 0], spans[..., 1]

    free = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of what is constant here
        torch.onnx.export(
            Parted().eval(),
            tuple(torch.ones((2, 9), dtype=torch.long) for _ in _INPUTS),
            str(whole),
            input_names=list(_INPUTS),
            output_names=list(_OUTPUTS),
            dynamic_axes={
                **dict.fromkeys((*_INPUTS, "start", "end"), free),
                "answered": {0: "batch"},
            },
            opset_version=17,
            dynamo=False,
        )
    quantize(whole, folder / "model.onnx")
    whole.unlink()
    shutil.copyfile(encoder / "tokenizer.json", folder / "tokenizer.json")
    return folder / "model.onnx"
