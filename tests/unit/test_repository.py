"""Rules about the files of this checkout that no other tool checks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.unit.repository_files import PACKAGES, ROOT, modules, texts

LIMIT, WALL = 300, 500
EXCEPTIONS: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("long_modules.toml").read_text(encoding="utf-8")
)
"""Modules above the limit, each with its reason."""

FORBIDDEN = {
    # Written in pieces, so that this file does not hold what it looks for.
    "the host of a package registry": r"pypi" r"\.org|python" r"hosted|registry\.npm" r"js",
    "a home folder or work folder": r"(?<![\w./~-])/(?:root|home|Users|work)/\w",
    "the place of this checkout": re.escape(str(ROOT)) + r"\b",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{name}: {match.group()}" for name, text in texts() for match in pattern.finditer(text)
    ]
    assert not found


def test_a_module_stays_short_unless_its_reason_is_written_down() -> None:
    ours = [
        (name, lines) for name, lines in modules() if name.split("/")[0] in (*PACKAGES, "scripts")
    ]
    assert [m for m in ours if m[1] > LIMIT and m[0] not in EXCEPTIONS] == []


def test_no_module_passes_the_wall() -> None:
    assert [module for module in modules() if module[1] > WALL] == []


def test_every_exception_is_still_needed() -> None:
    lengths = dict(modules())
    assert [name for name in EXCEPTIONS if lengths.get(name, 0) <= LIMIT] == []


def test_the_list_of_targets_says_what_each_one_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):(?!=)(.*)$", makefile, flags=re.MULTILINE)
    assert [name for name, rest in targets if " ## " not in rest] == []
