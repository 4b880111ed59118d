"""Our folders have plain names; the day a dependency ships one of them, these tests say so."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.unit.repository_files import PACKAGES, ROOT


def test_no_dependency_ships_our_import_names() -> None:
    owners = packages_distributions()
    foreign = {name: owners[name] for name in PACKAGES if set(owners.get(name, ())) - {"pincite"}}
    assert not foreign


@pytest.mark.parametrize("name", PACKAGES)
def test_the_name_loads_the_folder_of_this_checkout(name: str) -> None:
    assert Path(str(import_module(name).__file__)) == ROOT / name / "__init__.py"


@pytest.mark.parametrize("name", PACKAGES)
def test_the_package_says_that_it_is_typed(name: str) -> None:
    assert (ROOT / name / "py.typed").is_file()
