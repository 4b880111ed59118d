"""One wheel by pip's own download machinery, so that a user's mirrors and certificates apply.

Wheels only, without dependencies, by exact version and hash: nothing is built, installed or
imported. Pip's warnings are its user's business and are not shown; its errors become one clause.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from pincite.config import child_environment
from pincite.models.manifest import Wheel
from pincite.models.partial import disk_full

POLL_S = 0.2


class NotHad(Exception):
    """The wheel could not be had; `down` where no other one can be had from there either."""

    def __init__(self, why: str, *, down: bool = False) -> None:
        super().__init__(why)
        self.down = down


def download(
    name: str, wheel: Wheel, folder: Path, stop: threading.Event, grown: Callable[[int], None]
) -> Path:
    """Download into `folder`, which is this wheel's own, and return the file.

    `grown` is told the bytes that came since it was last told. Stops soon after `stop` is set.

    Raises:
        NotHad: pip could not get it.
        DiskFull: no space left.
    """
    shutil.rmtree(folder, ignore_errors=True)
    temporary = folder / "tmp"
    temporary.mkdir(parents=True)
    pinned = folder / "requirements.txt"
    pinned.write_text(f"{name}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
    with subprocess.Popen(
        _command(pinned, folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # Not a file: the disk may be full, and this is how we learn of it.
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=child_environment(TMPDIR=str(temporary)),
    ) as child:
        try:
            log = _watch(child, folder, stop, grown)
        finally:
            child.kill()
    if child.returncode != 0:
        raise _explain(log, name, wheel, folder)
    return next(folder.glob("*.whl"))


def _command(pinned: Path, folder: Path) -> list[str]:
    options = "--quiet --no-input --disable-pip-version-check --no-cache-dir --retries 2 --no-deps"
    only = "--progress-bar off --only-binary :all: --require-hashes"
    pip = [sys.executable, "-m", "pip", "download", *options.split(), *only.split()]
    return [*pip, "--requirement", str(pinned), "--dest", str(folder)]


def _watch(
    child: subprocess.Popen[str],
    folder: Path,
    stop: threading.Event,
    grown: Callable[[int], None],
) -> str:
    """Until it ends or `stop` is set; what it complained of."""
    seen = 0
    while not stop.is_set():
        try:
            return child.communicate(timeout=POLL_S)[1]
        except subprocess.TimeoutExpired:
            size = _wheel_bytes(folder)
            grown(max(0, size - seen))
            seen = max(seen, size)
    return ""


def _wheel_bytes(folder: Path) -> int:
    """Of wheels that pip is writing or has written; files and folders may vanish meanwhile."""
    total = 0
    # Unlike `Path.rglob` before Python 3.13 this passes over a folder that is gone.
    for inside, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".whl"):
                with contextlib.suppress(FileNotFoundError):
                    total += (Path(inside) / name).stat().st_size
    return total


def _explain(log: str, name: str, wheel: Wheel, folder: Path) -> Exception:
    which = f"{name} {wheel.version}"
    if "No space left on device" in log or "Disk quota exceeded" in log:
        return disk_full(folder)
    if "No module named pip" in log:
        return NotHad("pip is not installed here (python -m ensurepip mends it)", down=True)
    if "DO NOT MATCH THE HASHES" in log:
        return NotHad(f"{which} is not the file that the manifest pins")
    if "connection broken by" in log or "Max retries exceeded" in log:
        return NotHad("the package index did not answer", down=True)
    if "No matching distribution found" in log:
        return NotHad(f"the package index has no {which}")
    errors = [line for line in log.splitlines() if line.startswith("ERROR:")]
    return NotHad(errors[-1].removeprefix("ERROR: ") if errors else f"pip could not get {which}")
