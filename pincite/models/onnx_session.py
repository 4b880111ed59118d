"""An ONNX model of one input and one output, run on the CPU."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnxruntime

from pincite.models.freed_memory import return_large_blocks
from pincite.models.onnx_weights import without_vanishing

Floats = npt.NDArray[np.float32]


class Session:
    """Loads at construction. Calls may come from several threads."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        """`threads` 0 means one per core that this process may use."""
        return_large_blocks()
        runtime = cast(Any, onnxruntime)
        options: Any = runtime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads or cores()
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        # waiting threads that spin take the cores from the other parsers
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
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


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)
