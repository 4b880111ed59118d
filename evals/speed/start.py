"""How long a command line takes to answer at all."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter

from evals.results import Result, measured

RUNS = 5
MAIN = "from serving.cli import main; main()"


def measure() -> Iterator[Result]:
    """Median seconds of `pincite --help`, with bare Python beside it."""
    ours = [
        sys.executable,
        "-c",
        "import sys; sys.argv[1:] = ['--help']; import serving.cli as c; c.main()",
    ]
    for system, command in (("pincite", ours), ("bare python", [sys.executable, "-c", "pass"])):
        yield measured(
            "speed",
            "start",
            "help_seconds",
            statistics.median(_seconds(command) for _ in range(RUNS)),
            unit="s",
            higher_is_better=False,
            n=RUNS,
            n_total=RUNS,
            system=system,
        )


def _seconds(command: list[str]) -> float:
    began = perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - began
