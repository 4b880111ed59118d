from __future__ import annotations

import json
from pathlib import Path

import pytest

from pincite.config import Donut, LayoutLM, LayoutParser, RapidLayout, RuleFields
from pincite.errors import BadSettings, MissingExtra, UnsafeWeights
from pincite.models.checkpoints import Checkpoint, checkpoint, weight_places
from pincite.models.optional_package import optional_package

SAFE = (2).to_bytes(8, "little") + b"{}"


def _save(folder: Path, family: str, card: str = "", weights: bytes = SAFE) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"model_type": family}))
    (folder / "README.md").write_text(card)
    (folder / "model.safetensors").write_bytes(weights)
    return folder


def _found(name: Path | str, *, accept: bool = False) -> Checkpoint:
    return checkpoint(str(name), setting="PINCITE_LAYOUT__CHECKPOINT", accept_non_commercial=accept)


def test_a_folder_with_safe_weights_is_a_checkpoint(tmp_path: Path) -> None:
    found = _found(_save(tmp_path, "lilt", "---\nlicense: mit\n---\n"))
    assert found.family == "lilt"
    assert [file.name for file in found.weights] == ["model.safetensors"]


@pytest.mark.parametrize("family", ["layoutlmv2", "layoutlmv3", "layoutxlm"])
def test_families_with_non_commercial_weights_need_to_be_accepted(
    tmp_path: Path, family: str
) -> None:
    folder = _save(tmp_path, family, "---\nlicense: mit\n---\n")
    with pytest.raises(BadSettings, match="set PINCITE_LAYOUT__ACCEPT_NON_COMMERCIAL=true"):
        _found(folder)
    assert _found(folder, accept=True).family == family


@pytest.mark.parametrize("licence", ["cc-by-nc-sa-4.0", "'cc-by-nc-4.0'", "non-commercial"])
def test_a_model_card_that_forbids_commercial_use_is_heeded(tmp_path: Path, licence: str) -> None:
    folder = _save(tmp_path, "lilt", f"---\ntags: [x]\nlicense: {licence}\n---\nlicense: mit")
    with pytest.raises(BadSettings, match="forbids commercial use"):
        _found(folder)


def test_a_pickle_under_a_safe_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeWeights, match="can run code"):
        _found(_save(tmp_path, "lilt", weights=b"\x80\x04" + bytes(30)))


def test_a_hub_name_that_is_not_in_the_cache_is_answered_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(BadSettings, match=r"run: hf download some/model --revision abc$"):
        _found("some/model@abc")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="there is no folder"):
        _found(tmp_path / "gone")


def test_a_folder_without_a_configuration_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"no readable config\.json"):
        _found(tmp_path)


def test_a_missing_package_is_one_sentence_with_the_command() -> None:
    with pytest.raises(MissingExtra, match=r"run: pip install 'pincite\[layoutlm\]'"):
        optional_package("no_such_package_of_ours", extra="layoutlm")


def test_a_confined_parser_is_given_the_checkpoints_and_files_that_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    mine = _save(tmp_path / "mine", "lilt")
    assert weight_places(LayoutLM(checkpoint=str(mine)), Donut(checkpoint="some/model")) == (
        mine.resolve(),
        cache.resolve(),
    )
    files = LayoutParser(config=mine / "config.json", weights=mine / "gone.pth")
    assert weight_places(files, RuleFields()) == ((mine / "config.json").resolve(),)
    assert weight_places(RapidLayout(), RuleFields()) == ()
