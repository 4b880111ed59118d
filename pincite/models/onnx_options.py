"""How our ONNX models run on the CPU."""

from __future__ import annotations

import os
from typing import Any, cast

import onnxruntime

from pincite.models.freed_memory import return_large_blocks


def cpu_options(threads: int, *, int8_products: bool = False) -> Any:
    """Session options for a process that shares its cores and its memory with other work.

    `int8_products` is for models whose products are `MatMulInteger`: processors without VNNI
    saturate them otherwise. A model with `DequantizeLinear` per channel does not run under it.
    """
    return_large_blocks()
    options: Any = cast("Any", onnxruntime).SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it keeps 200 MB and makes nothing faster here
    # Spinning threads take the cores that others need while a batch waits.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if int8_products:
        options.add_session_config_entry("session.x64quantprecision", "1")
    return options


def usable_cores() -> int:
    """Cores this process may run on, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)
