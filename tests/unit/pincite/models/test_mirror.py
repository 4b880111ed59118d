from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pincite.errors import BadSettings, MissingModel
from pincite.models.mirror import export_models, import_models
from pincite.models.pull import pull
from pincite.models.store import ModelStore
from tests.unit.pincite.models.conftest import OpenStore
from tests.unit.pincite.models.wheelhouse import Wheelhouse


@pytest.fixture
def filled(wheelhouse: Wheelhouse, open_store: OpenStore) -> ModelStore:
    wheelhouse.add_wheel("w", {"a": b"GGUF a", "b": b"GGUF b", "c": b"{}"})
    for name in "ab":
        files = {"m.gguf": (f"GGUF {name}".encode(), [f"w:{name}"]), "x/c": (b"{}", ["w:c"])}
        wheelhouse.add_model(name, files)
    store = open_store()
    assert pull(store, ["a", "b"]).complete
    return store


def test_what_is_exported_can_be_imported_without_any_other_source(
    filled: ModelStore, open_store: OpenStore, tmp_path: Path
) -> None:
    export_models(filled, ["a", "b"], tmp_path / "copy")
    elsewhere = open_store(dir=tmp_path / "elsewhere", sources=())
    assert [each.model for each in import_models(elsewhere, tmp_path / "copy").outcomes] == [
        "a",
        "b",
    ]
    assert (elsewhere.path("b") / "x/c").read_bytes() == b"{}"


def test_an_export_lists_its_sums_and_a_second_one_adds_to_them(
    filled: ModelStore, tmp_path: Path
) -> None:
    export_models(filled, ["a"], tmp_path)
    export_models(filled, ["b"], tmp_path)
    lines = (tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest


def test_a_damaged_copy_is_not_installed(
    filled: ModelStore, open_store: OpenStore, tmp_path: Path
) -> None:
    export_models(filled, ["a", "b"], tmp_path / "copy")
    (tmp_path / "copy/a/m.gguf").write_bytes(b"GGUF A")
    elsewhere = open_store(dir=tmp_path / "elsewhere")
    a, b = import_models(elsewhere, tmp_path / "copy").outcomes
    assert (a.result, b.result) == ("failed", "installed")
    assert "not those that the manifest pins" in a.tried[0].why
    assert not (elsewhere.dir / "a").exists()


def test_a_missing_model_is_not_exported(open_store: OpenStore, filled: ModelStore) -> None:
    empty = open_store(dir=filled.dir / "empty")
    with pytest.raises(MissingModel):
        export_models(empty, ["a"], filled.dir / "copy")
    assert not (filled.dir / "copy").exists()


def test_a_folder_without_models_is_one_sentence(filled: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="holds no model"):
        import_models(filled, tmp_path)


def test_a_mirror_can_be_configured_as_the_place_to_pull_from(
    filled: ModelStore, open_store: OpenStore, tmp_path: Path
) -> None:
    export_models(filled, ["a"], tmp_path / "copy")
    settings = {"sources": ("folder",), "folder": tmp_path / "copy"}
    assert pull(open_store(dir=tmp_path / "new", **settings), ["a"]).complete
