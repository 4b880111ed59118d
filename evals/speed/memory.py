"""How much memory ingestion takes: the proportional set size of the whole process tree."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep

from evals.results import Result, measured, missing
from evals.speed.reading import longest_pdf
from evals.suites import Context

EVERY_S = 0.25
MAIN = "from serving.cli import main; main()"
SUITE, DATASET = "speed", "memory"


def measure(context: Context) -> Iterator[Result]:
    """Ingest the longest filing by the command line and watch the tree."""
    pdf = longest_pdf(context.dataset("financebench"))
    if pdf is None:
        yield missing(SUITE, DATASET, "ingest_peak_pss_mib", "no folder financebench in --data")
        return
    command = [sys.executable, "-c", MAIN, "ingest", str(pdf), "--json"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PINCITE_DATA_DIR": str(context.scratch / "library"),
        "PINCITE_MODELS__DIR": str(context.settings.models.dir),
        "PINCITE_CHAT__KIND": "none",
    }
    began = perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        peak = _peak_kib(process)
    if process.returncode != 0:
        reason = f"pincite ingest ended with {process.returncode}"
        yield missing(SUITE, DATASET, "ingest_peak_pss_mib", reason, status="failed")
        return
    shared = {"n": 1, "n_total": 1}
    yield measured(
        SUITE,
        DATASET,
        "ingest_peak_pss_mib",
        peak / 1024,
        unit="MiB",
        higher_is_better=False,
        **shared,
    )
    yield measured(
        SUITE,
        DATASET,
        "ingest_seconds",
        perf_counter() - began,
        unit="s",
        higher_is_better=False,
        **shared,
    )


def _peak_kib(process: subprocess.Popen[bytes]) -> int:
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_pss_kib, _tree(process.pid))))
        sleep(EVERY_S)
    return peak


def _tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    tree = [root]
    for pid in tree:
        tree += children.get(pid, [])
    return tree


def _pss_kib(pid: int) -> int:
    """Proportional set size; 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
