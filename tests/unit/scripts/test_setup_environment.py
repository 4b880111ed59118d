"""The script that makes the environment: what it reads, when it has nothing to do, what it says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup_environment as setup
from scripts.setup_environment import ROOT, SOURCE_ONLY, TIERS, Environment, pinned, split

LOCK = """\
a==1 \\
    --hash=sha256:00 \\
    --hash=sha256:01
langdetect==1.0.9 \\
    --hash=sha256:02
"""


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A folder that looks like an environment of this Python, without anything installed."""
    made = Environment(tmp_path / "venv")
    made.python.parent.mkdir(parents=True)
    made.python.symlink_to(sys.executable)
    return made


def test_packages_without_a_wheel_are_kept_apart_with_their_hashes() -> None:
    wheels, archives = split(LOCK)
    assert wheels == ["a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n"]
    assert archives == ["langdetect==1.0.9 \\\n    --hash=sha256:02\n"]


@pytest.mark.parametrize("tier", TIERS)
def test_nothing_of_a_real_lock_is_lost(environment: Environment, tier: str) -> None:
    lock = environment.lock_file(tier).read_text(encoding="utf-8")
    wheels, archives = split(lock)
    assert sorted("".join(wheels + archives)) == sorted(lock)
    assert {pinned(entry).partition("==")[0] for entry in archives} <= {*SOURCE_ONLY}


def test_what_is_installed_is_known_by_its_locked_name(environment: Environment) -> None:
    packages = environment.folder / "lib" / "python3.11" / "site-packages"
    for folder, name in (("Flask_Cors-5.0.dist-info", "Flask-Cors"), ("a-1.dist-info", "a")):
        (packages / folder).mkdir(parents=True)
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {folder[:-10].split('-')[1]}\n"
        (packages / folder / "METADATA").write_text(text, encoding="utf-8")
    assert environment.installed() == {"flask-cors==5.0", "a==1"}
    assert pinned(LOCK) in environment.installed()


def test_the_lock_is_that_of_the_python_inside(environment: Environment) -> None:
    version = f"py{sys.version_info[0]}{sys.version_info[1]}"
    assert environment.lock_file("core") == ROOT / "requirements" / f"core-{version}.txt"


def test_an_environment_is_ready_until_its_lock_changes(environment: Environment) -> None:
    assert not environment.is_ready("core")
    environment.stamp("core").write_text(environment.state("core"), encoding="utf-8")
    assert environment.is_ready("core")
    environment.stamp("core").write_text("of an older lock", encoding="utf-8")
    assert not environment.is_ready("core")


def test_a_larger_environment_serves_a_smaller_tier(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.stamp("dev").write_text(environment.state("dev"), encoding="utf-8")
    environment.make("office")
    assert capsys.readouterr().out == ""


def test_an_interrupted_environment_is_begun_anew(environment: Environment) -> None:
    environment.unfinished.touch()
    (environment.folder / "half").touch()
    environment.begin()
    assert not (environment.folder / "half").exists()
    assert environment.version() == sys.version_info[:2]


def test_a_python_that_is_gone_is_noticed(environment: Environment) -> None:
    environment.python.unlink()
    assert environment.version() is None


def test_another_python_is_told_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(setup, "SUPPORTED", ((3, 99),))
    with pytest.raises(SystemExit, match=r"Pincite needs Python 3\.11, 3\.12 or 3\.13"):
        setup.check_machine(tmp_path, 1)


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="GB of disk"):
        setup.check_machine(tmp_path / "not" / "there", shutil.disk_usage(tmp_path).free)


def test_an_unknown_tier_is_told_the_known_ones() -> None:
    command = [sys.executable, ROOT / "scripts" / "setup_environment.py", "everything"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stderr == (
        "no environment is called 'everything'; choose one of: core, office, dev, torch\n"
    )
