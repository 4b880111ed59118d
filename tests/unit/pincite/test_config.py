import sys
from pathlib import Path

import pytest

from pincite.config import FakeChat, LiteLLMChat, LlamaCppChat, ModelStore, Settings
from pincite.errors import BadSettings


def load(tmp_path: Path, **environ: str) -> Settings:
    return Settings.load({"PINCITE_DATA_DIR": str(tmp_path), "HOME": "/x", **environ})


def test_defaults_are_the_laptop_profile(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert isinstance(settings.chat, LlamaCppChat)
    assert settings.index.kind == "edge"
    assert settings.server.host == "127.0.0.1"


def test_nested_names_reach_their_section(tmp_path: Path) -> None:
    settings = load(tmp_path, PINCITE_CHAT__CONTEXT="2048", PINCITE_RETRIEVAL__KEEP="3")
    assert isinstance(settings.chat, LlamaCppChat)
    assert settings.chat.context == 2048
    assert settings.retrieval.keep == 3


def test_a_section_of_another_kind_replaces_the_default(tmp_path: Path) -> None:
    assert isinstance(load(tmp_path, PINCITE_CHAT__KIND="fake").chat, FakeChat)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PINCITE_QDRANT_URI", "x", "PINCITE_QDRANT_URI"),
        ("PINCITE_INDEX__URI", "x", "PINCITE_INDEX__URI"),
        ("PINCITE_RETRIEVAL__KEEP", "0", "PINCITE_RETRIEVAL__KEEP"),
        ("PINCITE_CHAT__KIND", "litellm", "PINCITE_CHAT__MODEL"),
        ("PINCITE_CHAT__KIND", "gpt", "PINCITE_CHAT"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(
    tmp_path: Path, name: str, value: str, says: str
) -> None:
    with pytest.raises(BadSettings, match=says):
        load(tmp_path, **{name: value})


def test_environment_wins_over_the_file_and_options_over_both(tmp_path: Path) -> None:
    (tmp_path / "pincite.toml").write_text(
        '[chat]\nkind = "litellm"\nmodel = "ollama_chat/a"\n[retrieval]\nkeep = 4\n',
        encoding="utf-8",
    )
    settings = load(tmp_path, PINCITE_CHAT__MODEL="ollama_chat/b")
    assert isinstance(settings.chat, LiteLLMChat)
    assert settings.chat.model == "ollama_chat/b"
    assert settings.retrieval.keep == 4
    again = Settings.load({"PINCITE_DATA_DIR": str(tmp_path)}, retrieval={"keep": 5})
    assert again.retrieval.keep == 5


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "pincite.toml").write_text("chat = [", encoding="utf-8")
    with pytest.raises(BadSettings, match=r"pincite\.toml"):
        load(tmp_path)


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        PINCITE_CHAT__KIND="litellm",
        PINCITE_CHAT__MODEL="openai/x",
        PINCITE_CHAT__API_KEY="sk-secret",
    )
    assert "sk-secret" not in repr(settings)
    assert "sk-secret" not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("chosen", "below"),
    [("/srv/data", "/srv/data"), ("", "/srv/u/.local/share"), ("data", "/srv/u/.local/share")],
)
@pytest.mark.skipif(sys.platform != "linux", reason="the rules of other systems differ")
def test_data_lie_where_the_system_says_unless_that_is_no_place(
    monkeypatch: pytest.MonkeyPatch, chosen: str, below: str
) -> None:
    monkeypatch.setenv("HOME", "/srv/u")
    monkeypatch.setenv("XDG_DATA_HOME", chosen)
    monkeypatch.delenv("PINCITE_DATA_DIR", raising=False)
    assert Settings().data_dir == Path(below) / "pincite" / "library"
    assert ModelStore().dir == Path(below) / "pincite" / "models"
