"""An ONNX model of one input and one output, run on the CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnxruntime

from pincite.models.onnx_options import cpu_options, usable_cores
from pincite.models.onnx_weights import without_vanishing

Floats = npt.NDArray[np.float32]


class Session:
    """Loads at construction. Calls may come from several threads."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        """`threads` 0 means one per core that this process may use."""
        runtime = cast(Any, onnxruntime)
        options = cpu_options(threads or usable_cores())
        self._session: Any = runtime.InferenceSession(
            bytes(without_vanishing(path.read_bytes())),
            sess_options=options,
            providers=["CPUExecutionProvider"],
        )
        self._input: str = self._session.get_inputs()[0].name

    def run(self, values: Floats) -> Floats:
        return cast(Floats, self._session.run(None, {self._input: values})[0])

    def fact(self, name: str) -> str:
        """What the file says about itself under `name`; empty where it says nothing."""
        facts = cast(dict[str, str], self._session.get_modelmeta().custom_metadata_map)
        return facts.get(name, "")
