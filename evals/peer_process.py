"""A peer in a process of its own: it is told a file, and answers with one line of JSON.

That process has no telemetry and no network: what opens a connection there fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Generic, Self, TypeVar

from ingestion.readers.environment import CHILD_ENVIRONMENT
from pincite.config import child_environment
from pincite.errors import ParserFailed
from pincite.values import Value

V = TypeVar("V", bound=Value)


class PeerProcess(Generic[V]):
    """A running peer; it starts with the first file."""

    def __init__(self, module: str, name: str, answer: type[V]) -> None:
        """`python -m MODULE NAME` is to call `answer_lines`."""
        self.name = name
        self._module = module
        self._answer = answer
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None

    def read(self, file: Path) -> V:
        """Raises ParserFailed where the process of the peer has ended."""
        process = self._process = self._process or self._started()
        if process.stdin is None or process.stdout is None:
            raise ParserFailed(f"{self.name} has no pipes")
        try:
            process.stdin.write(f"{json.dumps(str(file))}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self.__exit__()
            raise ParserFailed(f"{self.name} ended while it read {file.name}")
        return self._answer.model_validate_json(answer)

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", self._module, self.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=child_environment(**CHILD_ENVIRONMENT),
        )


def answer_lines(made: Callable[[], Callable[[Path], Value]]) -> None:
    """In the process of the peer: read the file named on each line of the standard input."""
    sys.addaudithook(_no_network)
    # What a peer prints, from Python or C, must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    read = made()
    for line in sys.stdin:
        answers.write(read(Path(json.loads(line))).model_dump_json() + "\n")
        answers.flush()


def _no_network(event: str, _: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        raise ConnectionRefusedError("peers are measured offline")
