from __future__ import annotations

import os
from pathlib import Path

import pytest

from pincite.errors import BadSettings, MissingModel, WrongHash
from pincite.models.store import ModelStore
from tests.unit.pincite.models.conftest import OpenStore
from tests.unit.pincite.models.wheelhouse import Wheelhouse, sha256

WEIGHTS = b"GGUF and numbers"


@pytest.fixture
def filled(wheelhouse: Wheelhouse, open_store: OpenStore) -> ModelStore:
    wheelhouse.add_model("m", {"m.gguf": (WEIGHTS, []), "deep/config.json": (b"{}", [])})
    store = open_store()
    (store.dir / "m/deep").mkdir(parents=True)
    (store.dir / "m/m.gguf").write_bytes(WEIGHTS)
    (store.dir / "m/deep/config.json").write_bytes(b"{}")
    return store


def corrupt(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))


def test_a_verified_model_has_a_path_and_a_hash(filled: ModelStore) -> None:
    assert filled.path("m") == filled.dir / "m"
    assert filled.main_file("m").read_bytes() == WEIGHTS
    assert filled.sha256("m") == sha256(WEIGHTS)
    assert filled.has("m")


def test_a_missing_model_names_the_command_that_mends_it(
    filled: ModelStore, open_store: OpenStore, tmp_path: Path
) -> None:
    empty = open_store(dir=tmp_path / "empty")
    with pytest.raises(MissingModel, match=r"language model 'm' .*run: pincite models pull m"):
        empty.path("m")
    assert not empty.has("m")


def test_a_model_with_one_file_missing_is_missing(filled: ModelStore) -> None:
    (filled.dir / "m/deep/config.json").unlink()
    assert filled.state("m") == "missing"


def test_wrong_bytes_are_refused_and_the_command_is_named(filled: ModelStore) -> None:
    corrupt(filled.dir / "m/m.gguf")
    with pytest.raises(WrongHash, match=r"m\.gguf .* differs .*run: pincite models pull m"):
        filled.path("m")
    assert filled.state("m") == "damaged"


def test_bytes_that_change_after_verification_are_noticed_by_the_next_process(
    filled: ModelStore, open_store: OpenStore
) -> None:
    filled.path("m")
    corrupt(filled.dir / "m/m.gguf")
    with pytest.raises(WrongHash):
        open_store().path("m")


def test_verify_hashes_again_where_size_and_time_were_kept(filled: ModelStore) -> None:
    filled.path("m")
    weights = filled.dir / "m/m.gguf"
    times = weights.stat()
    corrupt(weights)
    os.utime(weights, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert filled.has("m")
    with pytest.raises(WrongHash):
        filled.verify("m")


def test_a_model_verified_once_is_not_read_again(filled: ModelStore, open_store: OpenStore) -> None:
    filled.path("m")
    weights = filled.dir / "m/m.gguf"
    weights.chmod(0)
    if not os.access(weights, os.R_OK):
        assert open_store().has("m")
    assert (filled.dir / ".verified/m.json").exists()


def test_a_broken_note_only_costs_another_hash(filled: ModelStore, open_store: OpenStore) -> None:
    filled.path("m")
    (filled.dir / ".verified/m.json").write_text("[1]", encoding="utf-8")
    assert open_store().has("m")


def test_another_manifest_does_not_trust_the_old_note(
    filled: ModelStore, wheelhouse: Wheelhouse, open_store: OpenStore, tmp_path: Path
) -> None:
    filled.path("m")
    newer = Wheelhouse(tmp_path / "newer")
    newer.add_model("m", {"m.gguf": (b"GGUF, other ones", []), "deep/config.json": (b"{}", [])})
    store = ModelStore(filled.settings, newer.manifest())
    assert store.state("m") == "damaged"


def test_an_unknown_name_is_a_setting_to_mend(filled: ModelStore) -> None:
    with pytest.raises(BadSettings, match="no model is called 'n'"):
        filled.has("n")
