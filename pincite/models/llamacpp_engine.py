"""The thin layer over `xllamacpp`: parameters in, plain dictionaries out, nothing on any port.

xllamacpp starts llama.cpp's HTTP server whether one wants it or not. Here it gets a socket file in
a folder that only this user can open, and a random key; no TCP port is opened.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import xllamacpp

from pincite.errors import ModelUnavailable

Chunk = dict[str, Any]
"""One event of an OpenAI-style chat stream, or {"error": …}."""

# llama.cpp's threads wait for each other by spinning, hundreds of times a token. Where another
# process wants a core, too, one thread fewer writes ten times faster (seen: 2.3 and 0.25 tokens/s).

BATCH: Final = 128
"""Tokens read between two looks at whether the reader has gone."""


class Engine:
    """A loaded model with one slot. Not thread-safe; close by dropping it."""

    def __init__(self, path: Path, context: int, threads: int) -> None:
        """Loads the weights: 0.5 to 3 s, during which Python's global lock is held.

        Raises:
            ModelUnavailable: llama.cpp cannot load the file, most often for lack of memory.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="pincite-")
        _read_ahead(path)
        self._server = self._start(path, context, threads)
        weakref.finalize(self, self._folder.cleanup)

    def _start(self, path: Path, context: int, threads: int) -> Any:
        parameters = _parameters(path, context, threads)
        parameters.hostnames = [str(Path(self._folder.name) / "llama.sock")]
        parameters.api_keys = [secrets.token_hex(32)]
        try:
            return cast("Any", xllamacpp).Server(parameters)
        except RuntimeError as exc:
            raise ModelUnavailable(
                f"llama.cpp cannot load {path.name}; run: pincite models verify, "
                "and see that enough memory is free"
            ) from exc

    def complete(self, request: Chunk, on_chunk: Callable[[Chunk], bool]) -> None:
        """Run one chat completion; `on_chunk` may run on any thread and stops it by True."""
        self._server.handle_chat_completions(request, on_chunk)


def _read_ahead(path: Path) -> None:
    """Bring the file into the page cache while other threads run; loading will not let them."""
    block = bytearray(1 << 22)
    with path.open("rb", buffering=0) as file:
        while file.readinto(block):
            pass


def _parameters(path: Path, context: int, threads: int) -> Any:
    parameters = cast("Any", xllamacpp).CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = context
    parameters.n_parallel = 1
    parameters.n_batch = BATCH
    parameters.n_ubatch = BATCH
    parameters.cache_ram_mib = 0
    parameters.verbosity = -1
    parameters.warmup = False
    parameters.offline = True
    for extra in ("endpoint_slots", "endpoint_props", "endpoint_metrics", "ui"):
        setattr(parameters, extra, False)
    cores = len(os.sched_getaffinity(0))
    parameters.cpuparams.n_threads = threads or max(1, cores - 1)
    parameters.cpuparams_batch.n_threads = threads or cores
    return parameters
