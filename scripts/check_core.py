"""Install the core alone, apart from everything else, and check what it is made of.

    python3 scripts/check_core.py [FOLDER]

Fails where it is larger than 1.2 GB, where a shared object needs a library of the desktop (libGL,
X11, Qt, …) or one that is neither in the install nor part of a slim Linux, where torch is in it,
or where `pincite --help` does not run. FOLDER is made and removed; `build/core` by default.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_GB = 1.2
DESKTOP = re.compile(r"lib(GL|EGL|GLX|OpenGL|X11|xcb|Xext|SM|ICE|Qt\w*|gtk|gdk|wayland)\b")
UNWANTED = ("torch", "triton", "cv2/qt", "PyQt5", "PySide6")


def main() -> None:
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "build" / "core"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        install(folder)
        problems = [
            *too_large(folder),
            *unwanted(folder),
            *wrong_libraries(folder),
            *broken(folder),
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if problems:
        sys.exit("\n".join(problems))
    print("The core is as small and as self-contained as promised.")


def install(folder: Path) -> None:
    """Into an environment of its own, by the same script that users run."""
    command = [sys.executable, ROOT / "scripts" / "setup_environment.py", "core", folder]
    subprocess.run(command, check=True)


def too_large(folder: Path) -> list[str]:
    size = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e9
    code = sum(path.lstat().st_size for path in folder.rglob("*.pyc")) / 1e9
    print(f"installed size: {size:.2f} GB ({code:.2f} GB of it byte code), limit {LIMIT_GB} GB")
    return [f"the core takes {size:.2f} GB, more than {LIMIT_GB} GB"] if size > LIMIT_GB else []


def unwanted(folder: Path) -> list[str]:
    packages = next(folder.glob("lib/python3.*/site-packages"))
    return [f"the core holds {name}" for name in UNWANTED if (packages / name).exists()]


def wrong_libraries(folder: Path) -> list[str]:
    """Ask the loader of every shared object what it needs and where it finds it."""
    objects = [path for path in folder.rglob("*.so*") if path.is_file() and not path.is_symlink()]
    shipped = {path.name for path in objects}
    problems: list[str] = []
    for path in objects:
        done = subprocess.run(["ldd", path], capture_output=True, text=True)
        for line in done.stdout.splitlines():
            name = line.split()[0].rpartition("/")[2]
            if DESKTOP.match(name) and name not in shipped:
                problems.append(f"{path.relative_to(folder)} needs {name}")
            elif "not found" in line and name not in shipped:
                problems.append(f"{path.relative_to(folder)} needs {name}, which is not there")
    print(f"shared objects: {len(objects)} looked at, {len(problems)} with a wrong need")
    return problems


def broken(folder: Path) -> list[str]:
    done = subprocess.run(
        [folder / "bin" / "pincite", "--help"], capture_output=True, text=True, cwd=folder
    )
    return [f"pincite --help fails: {done.stderr[-500:]}"] if done.returncode else []


if __name__ == "__main__":
    main()
