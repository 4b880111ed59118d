"""The server as a child: started, waited for, stopped with all that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from pincite.config import child_environment
from pincite.errors import ModelUnavailable, SetupError
from serving.vlm.plan import Plan

PAUSE_S: Final = 0.5
STOPS_IN_S: Final = 20.0
LINES: Final = 12
"""Of the log, shown where it did not come up."""

Progress = Callable[[float, str], None]
"""Told the seconds so far and the last line of the log."""


class Server:
    """One `vllm serve`."""

    def __init__(self, plan: Plan, child: subprocess.Popen[bytes], log: Path) -> None:
        self.plan = plan
        self.log = log
        self._child = child

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_running(self) -> bool:
        return self._child.poll() is None

    def wait_until_healthy(self, seconds: float, progress: Progress) -> None:
        """Raises SetupError where it ended, ModelUnavailable where it takes longer."""
        began = time.monotonic()
        # A proxy of the environment must not come between us and our own machine.
        with httpx.Client(timeout=2.0, trust_env=False) as client:
            while (spent := time.monotonic() - began) < seconds:
                if not self.is_running:
                    raise SetupError(f"vLLM ended while it started; its log says: {self.tail}")
                with contextlib.suppress(httpx.HTTPError):
                    if client.get(f"{self.plan.url}/health").status_code == HTTPStatus.OK:
                        return
                progress(spent, self.last_line)
                time.sleep(PAUSE_S)
        raise ModelUnavailable(
            f"vLLM was not ready within {seconds:g} s; raise --wait, or read {self.log}"
        )

    def wait(self) -> int:
        """Until it ends by itself; its exit code."""
        return self._child.wait()

    def stop(self) -> None:
        """It and its children; kindly first. No error where it has ended."""
        self._signal(signal.SIGTERM)
        try:
            self._child.wait(STOPS_IN_S)
        except subprocess.TimeoutExpired:
            self.kill()
        # Workers of an engine that was killed may outlive it.
        self._signal(signal.SIGKILL)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self._child.wait()

    @property
    def last_line(self) -> str:
        lines = self._lines()
        return lines[-1] if lines else ""

    @property
    def tail(self) -> str:
        return "\n".join(self._lines()[-LINES:]) or "nothing"

    def _lines(self) -> list[str]:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines() if line.strip()]

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, number)


@contextlib.contextmanager
def serving(plan: Plan, log: Path) -> Generator[Server, None, None]:
    """Start it in a process group of its own; it is gone when the block ends, however that is.

    Raises SetupError where the port is taken or the program cannot be run.
    """
    with httpx.Client(timeout=2.0, trust_env=False) as client, contextlib.suppress(httpx.HTTPError):
        client.get(plan.url)
        raise SetupError(f"something answers at {plan.url} already; choose another --port")
    environment = child_environment(**plan.environment)
    with log.open("wb") as written:
        try:
            child = subprocess.Popen(
                plan.command,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        except OSError as exc:
            raise SetupError(f"{plan.program} cannot be run ({exc.strerror})") from exc
    server = Server(plan, child, log)
    try:
        yield server
    finally:
        server.stop()
