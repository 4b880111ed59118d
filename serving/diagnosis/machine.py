"""Python, the installed packages, disk and memory."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from serving.diagnosis.findings import Finding, State

GIB = 1 << 30
MIN_PYTHON, TOO_NEW_PYTHON = (3, 11), (3, 14)

NATIVE = (
    "av",
    "cv2",
    "ctranslate2",
    "onnxruntime",
    "pypdfium2",
    "qdrant_edge",
    "tokenizers",
    "xllamacpp",
)
"""Compiled packages: present is not enough, they must load on this processor and C library."""

_LOAD = """
import importlib, sys
for name in sys.argv[1:]:
    print(name, end=" ", flush=True)
    try:
        importlib.import_module(name)
    except BaseException as exc:
        print("failed:", " ".join(str(exc).split()) or type(exc).__name__, flush=True)
    else:
        print("loads", flush=True)
"""
LOAD_LIMIT_S = 120


def python() -> Iterator[Finding]:
    version = platform.python_version()
    supported = MIN_PYTHON <= sys.version_info[:2] < TOO_NEW_PYTHON
    yield Finding(
        area="python",
        state="works" if supported else "broken",
        says=f"Python {version}, {platform.system()} {platform.machine()}",
        mend=None if supported else "use Python 3.11, 3.12 or 3.13",
    )


def packages() -> Iterator[Finding]:
    """What the installed distribution requires against what is installed."""
    try:
        wrong = list(_unmet(metadata.requires("pincite") or []))
    except metadata.PackageNotFoundError:
        says = "Pincite runs from a source folder; what it requires is not looked at"
        yield Finding(area="packages", state="unchecked", says=says)
        return
    if wrong:
        yield Finding(
            area="packages",
            state="broken",
            says="; ".join(wrong),
            mend=f"{sys.executable} -m pip install --upgrade pincite",
        )
    else:
        yield Finding(area="packages", state="works", says="everything required is installed")


def native(modules: tuple[str, ...] = NATIVE) -> Iterator[Finding]:
    """Load compiled packages in a child: one that is not made for this processor kills it."""
    child = subprocess.run(
        [sys.executable, "-c", _LOAD, *modules],
        capture_output=True,
        text=True,
        timeout=LOAD_LIMIT_S,
        check=False,
    )
    seen = dict(line.split(" ", 1) for line in child.stdout.splitlines() if " " in line)
    failed = {name: said.strip() for name, said in seen.items() if said.strip() != "loads"}
    if child.returncode < 0:
        killed = next(name for name in reversed(modules) if name in seen)
        failed[killed] = f"killed the process (signal {-child.returncode})"
    for name, said in failed.items():
        mend = f"{sys.executable} -m pip install --force-reinstall {_distribution(name)}"
        yield Finding(area="packages", state="broken", says=f"{name} {said}", mend=mend)
    if not failed:
        yield Finding(area="packages", state="works", says=f"{len(modules)} compiled ones load")


def disk(folder: Path, what: str) -> Iterator[Finding]:
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    state: State = "works" if free >= 2 * GIB else "degraded"
    if free < GIB // 10:
        state = "broken"
    mend = None if state == "works" else f"free some space in {there}"
    yield Finding(
        area="disk", state=state, says=f"{_gib(free)} free for {what} ({folder})", mend=mend
    )


def memory(needed: int, what: str) -> Iterator[Finding]:
    """`needed` in bytes, beside what other programs hold now."""
    available = _available_memory()
    enough = available >= needed
    yield Finding(
        area="memory",
        state="works" if enough else "degraded",
        says=f"{_gib(available)} available, {what} takes about {_gib(needed)}",
        mend=None if enough else "close other programs, or: pincite connect --quotes-only",
    )


def _available_memory() -> int:
    """What the machine has to spare, or this container's limit where that is less."""
    found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        lines = meminfo.read_text(encoding="ascii").splitlines()
        entries = dict(line.split(":", 1) for line in lines)
        found = int(entries["MemAvailable"].split()[0]) * 1024
    limit = Path("/sys/fs/cgroup/memory.max")
    used = Path("/sys/fs/cgroup/memory.current")
    if limit.exists() and used.exists():
        text = limit.read_text(encoding="ascii").strip()
        if text != "max":
            found = min(found, int(text) - int(used.read_text(encoding="ascii")))
    return max(0, found)


def _unmet(required: Iterable[str]) -> Iterator[str]:
    for line in required:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            have = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield f"{requirement.name} is not installed"
        else:
            if not requirement.specifier.contains(have, prereleases=True):
                yield f"{requirement.name} is {have}, needed is {requirement.specifier}"


def _distribution(module: str) -> str:
    names = {"cv2": "opencv-python-headless", "qdrant_edge": "qdrant-edge-py"}
    return names.get(module, module)


def _gib(size: int) -> str:
    return f"{size / GIB:.1f} GiB"
