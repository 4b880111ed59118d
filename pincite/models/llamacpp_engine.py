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
from typing import Any, Final, NamedTuple, cast

import xllamacpp

from pincite.errors import ModelUnavailable

Chunk = dict[str, Any]
"""One event of an OpenAI-style chat stream, or {"error": …}."""

# llama.cpp's threads wait for each other by spinning, hundreds of times a token. Where another
# process wants a core, too, one thread fewer writes ten times faster (seen: 2.3 and 0.25 tokens/s).

BATCH: Final = 128
"""Tokens read between two looks at whether the reader has gone."""


class Files(NamedTuple):
    model: Path
    eyes: Path | None = None
    """Vision tower and projector of a model that sees (`mmproj`)."""


class Engine:
    """A loaded model with one slot. Not thread-safe; close by dropping it."""

    def __init__(self, files: Files, context: int, threads: int) -> None:
        """Loads the weights: 0.5 to 3 s, during which Python's global lock is held.

        Raises:
            ModelUnavailable: llama.cpp cannot load the file, most often for lack of memory.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="pincite-")
        _read_ahead(files.model)
        self._server = self._start(files, context, threads)
        weakref.finalize(self, self._folder.cleanup)

    def _start(self, files: Files, context: int, threads: int) -> Any:
        parameters = _parameters(files, context, threads)
        parameters.hostnames = [str(Path(self._folder.name) / "llama.sock")]
        parameters.api_keys = [secrets.token_hex(32)]
        try:
            return cast("Any", xllamacpp).Server(parameters)
        except RuntimeError as exc:
            self._folder.cleanup()
            beside = f" with {files.eyes.name}" if files.eyes else ""
            raise ModelUnavailable(
                f"llama.cpp cannot load {files.model.name}{beside}; run: pincite models verify, "
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


def _parameters(files: Files, context: int, threads: int) -> Any:
    parameters = cast("Any", xllamacpp).CommonParams()
    parameters.model.path = str(files.model)
    if files.eyes is not None:
        parameters.mmproj.path = str(files.eyes)
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
