"""The process of a parser: started with nothing of ours, ended with all that it started."""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

from ingestion.readers.environment import CHILD_ENVIRONMENT

_MIB = 1024 * 1024
_TICKS = os.sysconf("SC_CLK_TCK")
_ROOT = Path(__file__).resolve().parents[1]


class Child:
    """A running process, a channel to it, and its two folders. Ends when `end` is called.

    It also ends with the thread that made it.

    Raises:
        OSError: its folders or its process cannot be made; nothing of it is left.
    """

    def __init__(self, scratch: Path, *, threads: int) -> None:
        self._folder = scratch / secrets.token_hex(8)
        self.incoming = self._folder / "in"
        """What the child may read."""
        self.outgoing = self._folder / "out"
        """What the child may write."""
        try:
            for folder in (self.incoming, self.outgoing):
                folder.mkdir(parents=True, mode=0o700)
            self.channel, theirs = socket.socketpair()
            self._process = self._started(theirs, threads)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self.pid = self._process.pid

    def _started(self, theirs: socket.socket, threads: int) -> subprocess.Popen[bytes]:
        try:
            with theirs, (self._folder / "messages").open("wb") as messages:
                return subprocess.Popen(
                    [sys.executable, "-P", "-m", "ingestion.worker", str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=messages,
                    cwd=self.outgoing,
                    env=self._environment(threads),
                    pass_fds=(theirs.fileno(),),
                    process_group=0,
                )
        except BaseException:
            self.channel.close()
            raise

    def _environment(self, threads: int) -> dict[str, str]:
        return {
            **CHILD_ENVIRONMENT,
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.outgoing),
            "TMPDIR": str(self.outgoing),
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": str(threads),
            "OPENBLAS_NUM_THREADS": str(threads),
        }

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def memory_mib(self) -> float:
        """Resident now; 0 when it is gone."""
        fields = self._told("statm").split()
        return int(fields[1]) * resource.getpagesize() / _MIB if len(fields) > 1 else 0.0

    @property
    def busy_s(self) -> float:
        """Seconds of computing since it was started; 0 when it is gone."""
        fields = self._told("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS if len(fields) > 12 else 0.0

    def _told(self, what: str) -> str:
        try:
            return Path(f"/proc/{self.pid}/{what}").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def kill(self) -> None:
        """From any thread."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kill it with its children, wait for it, and remove what it had on disk."""
        self.channel.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def killed(self) -> bool:
        """Whether SIGKILL ended it."""
        return self._process.poll() == -signal.SIGKILL

    def death(self) -> str:
        """What ended it, as part of a sentence; waits a moment for it to be over."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self._process.poll()
        if code is not None and code < 0:
            return f"was ended by {signal.Signals(-code).name}{self._last_words()}"
        return f"failed{self._last_words()}"

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            text = (self._folder / "messages").read_bytes()[-2000:].decode("utf-8", "replace")
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            return f" ({lines[-1][:200]})" if lines else ""
        return ""
