"""Install what `pincite.check` needs and nothing else, check an answer with it, and say how large.

    python -m scripts.check_small [FOLDER]

Fails above 250 MB or where a module is missing. Needs the weights in the model store, which do not
count (23 MB). FOLDER is made and removed; `build/small` by default.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.setup_environment import HASHED, ROOT, pinned, split

LIMIT_MB = 250
TRY = """
import pincite
for said in ("The rent is 980 EUR a month.", "The rent is 930 EUR a month."):
    for claim in pincite.check(said, ["The rent is 980 EUR a month."]):
        print(claim.verdict, "-", claim.text, claim.reason)
"""


def main() -> None:
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "build" / "small"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        install(folder)
        subprocess.run([folder / "bin" / "python", "-c", TRY], check=True, cwd=folder)
        files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
        size = sum(path.stat().st_size for path in files) / 1e6
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"installed size: {size:.0f} MB, limit {LIMIT_MB} MB")
    if size > LIMIT_MB:
        sys.exit(f"pincite.check takes {size:.0f} MB, more than {LIMIT_MB} MB")


def install(folder: Path) -> None:
    """The locked wheels of `requirements/check.in` and this checkout's own wheel; no pip."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    with tempfile.TemporaryDirectory() as scratch:
        pins = Path(scratch) / "check.txt"
        pins.write_text("".join(locked()), encoding="utf-8")
        pip(folder, *HASHED, "--only-binary", ":all:", "--requirement", str(pins))
        built = ("-m", "hatchling", "build", "-t", "wheel", "-d", scratch)
        subprocess.run([sys.executable, *built], cwd=ROOT, check=True, capture_output=True)
        pip(folder, "--no-deps", "--no-index", *map(str, Path(scratch).glob("*.whl")))


def locked() -> list[str]:
    """The entries of the core's lock file for what is named in `check.in`."""
    lines = (ROOT / "requirements" / "check.in").read_text(encoding="utf-8").splitlines()
    wanted = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    lock = f"core-py{sys.version_info[0]}{sys.version_info[1]}.txt"
    entries, _ = split((ROOT / "requirements" / lock).read_text(encoding="utf-8"))
    found = {pinned(entry).partition("==")[0]: entry for entry in entries}
    if lacking := wanted - found.keys():
        sys.exit(f"{lock} does not hold {', '.join(sorted(lacking))}; run: make lock")
    return [found[name] for name in sorted(wanted)]


def pip(folder: Path, *words: str) -> None:
    target = ("--python", str(folder / "bin" / "python"), "--disable-pip-version-check")
    subprocess.run([sys.executable, "-m", "pip", *target, "install", "--quiet", *words], check=True)


if __name__ == "__main__":
    main()
