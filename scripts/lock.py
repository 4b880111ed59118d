"""Write the hash-locked requirement files, one per tier and supported Python.

    python -m scripts.lock            keep what is locked where it still fits
    python -m scripts.lock --upgrade  take the newest versions

A developer's tool: needs `uv` on the path and a package index. The files hold neither the address
of an index nor files for other platforms: only hashes of wheels that x86-64 Linux (glibc ≥ 2.28)
can use, so that pip refuses to build anything. A package without any wheel is the exception; its
source archive is locked and `scripts/setup_environment.py` builds it with the locked setuptools.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

from scripts.setup_environment import SOURCE_ONLY

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
PYTHONS = ((3, 11), (3, 12), (3, 13))
TIERS: dict[str, tuple[str, ...]] = {
    "core": (),
    "office": ("office",),
    "dev": ("office", "dev"),
    "torch": (
        *("office", "dev", "layoutlm", "layoutparser", "openclip", "rerank", "training"),
        "diffusion",
    ),
}
"""Which extras each tier installs; every tier can also build this checkout (hatchling)."""
PLATFORM = "x86_64-manylinux_2_28"
GLIBC_MINOR = 28


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade: bool = options.parse_args().upgrade
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is not on the path; install it with: pip install uv")
    for python in PYTHONS:
        with tempfile.TemporaryDirectory() as folder:
            pins = _pins(uv, python, Path(folder), upgrade=upgrade)
            for tier in TIERS:
                target = _lock_file(tier, python)
                target.write_text(_locked(uv, tier, python, pins), encoding="utf-8")
                print(f"wrote {target.relative_to(ROOT)}")


def _lock_file(tier: str, python: tuple[int, int]) -> Path:
    return FOLDER / f"{tier}-py{python[0]}{python[1]}.txt"


def _pins(uv: str, python: tuple[int, int], folder: Path, *, upgrade: bool) -> Path:
    """Choose versions once, for the largest tier, so that the tiers never disagree.

    uv prefers the versions that it finds in the output file.
    """
    largest = tuple(TIERS)[-1]
    pins = folder / "pins.txt"
    known = [file for tier in reversed(TIERS) if (file := _lock_file(tier, python)).exists()]
    if known and not upgrade:
        lines = known[0].read_text(encoding="utf-8").splitlines()
        locked = [line.split()[0] for line in lines if "==" in line]
        pins.write_text("\n".join(locked), encoding="utf-8")
    _compile(uv, largest, python, [*_PLAIN, "--output-file", str(pins)])
    return pins


_PLAIN = ("--no-emit-index-url", "--no-annotate", "--no-header")


def _locked(uv: str, tier: str, python: tuple[int, int], pins: Path) -> str:
    output = pins.with_name("pylock.toml")
    output.unlink(missing_ok=True)
    words = ["--constraints", str(pins), "--format", "pylock.toml", "--output-file", str(output)]
    _compile(uv, tier, python, words)
    tags = frozenset(_tags(python))
    packages = tomllib.loads(output.read_text(encoding="utf-8"))["packages"]
    return "".join(_entry(package, tags) for package in packages)


def _compile(uv: str, tier: str, python: tuple[int, int], words: Sequence[str]) -> None:
    command = [uv, "pip", "compile", "--quiet", "pyproject.toml", "-"]
    command += ["--python-version", f"{python[0]}.{python[1]}", "--python-platform", PLATFORM]
    command += [word for extra in TIERS[tier] for word in ("--extra", extra)]
    command += words
    subprocess.run(command, cwd=ROOT, input=_build_requirements(), text=True, check=True)


def _build_requirements() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return "\n".join(tomllib.load(file)["build-system"]["requires"])


def _tags(python: tuple[int, int]) -> Iterator[Tag]:
    platforms = [f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC_MINOR, 4, -1)]
    platforms += ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"]
    platforms += ["linux_x86_64"]
    yield from cpython_tags(python, platforms=platforms)
    yield from compatible_tags(python, interpreter=f"cp{python[0]}{python[1]}", platforms=platforms)


def _entry(package: dict[str, Any], tags: frozenset[Tag]) -> str:
    name = package["name"]
    hashes = _hashes(package.get("wheels", ()), tags)
    if name in SOURCE_ONLY:
        hashes = [package["sdist"]["hashes"]["sha256"]]
    if not hashes:
        sys.exit(f"{name} has no wheel that fits; name it in SOURCE_ONLY if it is pure Python")
    lines = [f"{name}=={package['version']}"]
    lines += [f"    --hash=sha256:{digest}" for digest in sorted(hashes)]
    return " \\\n".join(lines) + "\n"


def _hashes(wheels: Sequence[dict[str, Any]], tags: frozenset[Tag]) -> list[str]:
    def fits(wheel: dict[str, Any]) -> bool:
        name = wheel.get("name") or wheel["url"].rpartition("/")[2]
        return bool(parse_wheel_filename(name)[3] & tags)

    return [wheel["hashes"]["sha256"] for wheel in wheels if fits(wheel)]


if __name__ == "__main__":
    main()
