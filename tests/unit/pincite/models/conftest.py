from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pincite import config
from pincite.models.store import ModelStore
from tests.unit.pincite.models.wheelhouse import Wheelhouse


@pytest.fixture
def wheelhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wheelhouse:
    """Pip, as its user has set it up here, knows this folder and no index."""
    house = Wheelhouse(tmp_path / "wheelhouse")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(house.folder))
    return house


OpenStore = Callable[..., ModelStore]


@pytest.fixture
def open_store(tmp_path: Path, wheelhouse: Wheelhouse) -> OpenStore:
    """A store of the test's own over the wheelhouse's manifest; keywords are its settings."""

    def open_(**settings: object) -> ModelStore:
        chosen = {"dir": tmp_path / "store", "sources": ("package_index",), **settings}
        return ModelStore(config.ModelStore.model_validate(chosen), wheelhouse.manifest())

    return open_
