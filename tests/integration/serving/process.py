"""`pincite` as processes: one command, or a service that runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.integration.serving.library import environment

ROOT = Path(__file__).parents[3]
MAIN = (sys.executable, "-c", "from serving.cli import main; main()")


def environment_of(folder: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**os.environ, **environment(folder), "PYTHONPATH": str(ROOT), **(more or {})}


def run_command(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MAIN, *args],
        env=environment_of(folder),
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class Serving:
    def __init__(self, folder: Path, more: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [*MAIN, "serve", "--port", "0", "--json"],
            env=environment_of(folder, more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        self.page: str = json.loads(line)["url"]
        self.url, _, self.token = self.page.partition("/?token=")

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.process.communicate()
        return code
