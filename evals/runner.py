"""Runs suites and gathers what they yield into one report."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from evals.results import (
    Cases,
    Machine,
    ModelInfo,
    ProductInfo,
    Report,
    Result,
    Run,
    missing,
    overall,
    summarize,
)
from evals.suites import Context, suite
from pincite.config import LlamaCppChat, Settings
from pincite.errors import PinciteError
from pincite.models.store import ModelStore


def run_suites(names: Sequence[str], context: Context) -> tuple[Report, Cases]:
    """Run suites one after another; one that fails is reported as failed and stops no other."""
    began, started = time.monotonic(), datetime.now(UTC)
    results: list[Result] = []
    cases: Cases = {}
    for name in names:
        found, seen = _run_suite(name, context)
        results += found
        cases |= seen
    report = Report(
        product=_product(context.settings),
        models=_models(context.settings),
        machine=_machine(),
        run=Run(
            command=" ".join(["pincite-eval", *sys.argv[1:]]),
            seed=context.seed,
            profile=context.profile,
            started=started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - began, 1),
            status=overall(results),
            network=_network(),
        ),
        summary=summarize(results),
        results=tuple(results),
    )
    return report, cases


def _run_suite(name: str, context: Context) -> tuple[list[Result], Cases]:
    results: list[Result] = []
    cases: Cases = {}
    with tempfile.TemporaryDirectory(prefix=f"pincite-eval-{name}-") as scratch:
        try:
            for item in suite(name)(replace(context, scratch=Path(scratch))):
                if isinstance(item, Result):
                    results.append(item)
                else:
                    cases.setdefault(f"{name}.{item[0]}", []).append(item[1])
        except PinciteError as exc:
            results.append(missing(name, "all", "run", str(exc), status="failed"))
    return results, cases


def _product(settings: Settings) -> ProductInfo:
    config = settings.model_dump_json(exclude={"data_dir", "models"})
    return ProductInfo(
        version=version("pincite"),
        commit=_commit(),
        config_sha256=hashlib.sha256(config.encode()).hexdigest(),
    )


def _commit() -> str:
    """The checked-out commit, with `+` where files differ from it; empty outside a checkout."""
    here = Path(__file__).parent
    try:
        head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=here, stderr=-3, text=True)
        dirty = subprocess.check_output(["git", "status", "--porcelain"], cwd=here, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head.strip() + ("+" if dirty.strip() else "")


def _models(settings: Settings) -> tuple[ModelInfo, ...]:
    store = ModelStore(settings.models)
    wanted = [("encoder", settings.encoder.model), ("speech", settings.speech.model)]
    if isinstance(settings.chat, LlamaCppChat):
        wanted.append(("chat", settings.chat.model))
    return tuple(
        ModelInfo(role=role, id=name, sha256=store.sha256(name))
        for role, name in wanted
        if store.has(name)
    )


def _machine() -> Machine:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return Machine(cores=len(os.sched_getaffinity(0)), memory_gib=round(memory, 1))


def _network() -> Literal["blocked", "open"]:
    """Whether this process has any interface beside loopback; nothing is sent."""
    return "open" if any(name != "lo" for _, name in socket.if_nameindex()) else "blocked"
