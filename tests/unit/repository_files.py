"""The files of this checkout, as the guards see them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pincite", "ingestion", "retrievers", "agent", "serving", "ui", "evals")
_NOT_OURS = {".venv", ".git", "build", "dist", "__pycache__", "node_modules"}


@cache
def tracked_files() -> tuple[Path, ...]:
    """What is committed or about to be; in a copy without history, everything but build outputs."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
        return tuple(path for name in names if (path := ROOT / name).is_file())
    return tuple(
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not _NOT_OURS & set(path.relative_to(ROOT).parts)
    )


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file that is text."""
    for path in tracked_files():
        raw = path.read_bytes()
        if b"\0" not in raw:
            yield str(path.relative_to(ROOT)), raw.decode("utf-8", errors="replace")


def modules() -> Iterator[tuple[str, int]]:
    """Name and number of lines of every Python file."""
    for path in tracked_files():
        if path.suffix == ".py":
            text = path.read_text(encoding="utf-8")
            yield str(path.relative_to(ROOT)), len(text.splitlines())
