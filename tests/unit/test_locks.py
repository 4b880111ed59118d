"""The requirement files hold what pyproject.toml asks for, with hashes, and nothing unwanted."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.lock import PYTHONS, TIERS
from tests.unit.repository_files import ROOT

LOCKS = [f"{tier}-py{major}{minor}" for tier in TIERS for major, minor in PYTHONS]


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _text(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")


def _pins(lock: str) -> dict[str, str]:
    lines = [line.split()[0] for line in _text(lock).splitlines() if "==" in line]
    return {name: version for name, _, version in (line.partition("==") for line in lines)}


def _asked_for(tier: str) -> list[Requirement]:
    project = _project()
    extras: dict[str, list[str]] = project["project"]["optional-dependencies"]
    names = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    names += [name for extra in TIERS[tier] for name in extras[extra]]
    return [Requirement(name) for name in names]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_locked_at_a_version_that_fits(lock: str) -> None:
    pins = _pins(lock)
    wrong = [
        str(asked)
        for asked in _asked_for(lock.partition("-")[0])
        if not asked.specifier.contains(
            pins.get(canonicalize_name(asked.name), "0"), prereleases=True
        )
    ]
    assert not wrong, "run: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    entries = _text(lock).replace("\\\n", " ").splitlines()
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_of_an_index_is_locked(lock: str) -> None:
    assert "://" not in _text(lock)
    assert "index" not in _text(lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_the_opencv_that_needs_a_screen_is_kept_out(lock: str) -> None:
    names = set(_pins(lock))
    assert "opencv-python-headless" in names
    assert not names & {"opencv-python", "opencv-contrib-python"}


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if not lock.startswith("torch-")])
def test_only_the_torch_tier_needs_torch_or_cuda(lock: str) -> None:
    unwanted = [n for n in _pins(lock) if n in {"torch", "triton"} or n.startswith("nvidia-")]
    assert not unwanted


@pytest.mark.parametrize("python", PYTHONS, ids=str)
def test_a_smaller_tier_never_disagrees_with_a_larger_one(python: tuple[int, int]) -> None:
    locks = [_pins(f"{tier}-py{python[0]}{python[1]}") for tier in TIERS]
    assert all(smaller.items() <= larger.items() for smaller, larger in pairwise(locks))
