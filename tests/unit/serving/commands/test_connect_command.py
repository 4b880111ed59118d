from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from pincite.config import LiteLLMChat, LlamaCppChat, NoChat, Settings
from pincite.errors import BadSettings, ModelUnavailable
from serving.chat_choice import SENT, leaving
from serving.commands.connect import connect
from tests.unit.serving.commands.model_server import ModelServer, ollama, openai_style, serving

app = typer.Typer()
app.command()(connect)


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "library"
    monkeypatch.setenv("PINCITE_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(ollama("qwen3:8b")) as running:
        yield running


def test_one_step_switches_to_the_only_model(server: ModelServer, data: Path) -> None:
    result = run(server.url, "--yes")
    assert result.exit_code == 0
    chat = Settings.load().chat
    assert isinstance(chat, LiteLLMChat)
    assert (chat.model, chat.api_base) == ("ollama_chat/qwen3:8b", server.url)
    assert stat.S_IMODE((data / "pincite.toml").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_only_lists_are_asked_for(server: ModelServer) -> None:
    run(server.url, "--yes")
    assert server.asked == ["/api/tags"]


def test_a_no_changes_nothing(server: ModelServer, data: Path) -> None:
    result = run(server.url, typed="n\n")
    assert result.exit_code == 1
    assert "Nothing leaves this machine" in result.stdout
    assert not (data / "pincite.toml").exists()


def test_several_models_need_a_name() -> None:
    with serving(openai_style("a", "b")) as server:
        result = run(server.url, "--yes")
        assert isinstance(result.exception, BadSettings)
        assert "--model" in str(result.exception)
        assert run(server.url, "--yes", "--model", "b").exit_code == 0
    chat = Settings.load().chat
    assert isinstance(chat, LiteLLMChat)
    assert chat.model == "openai/b"


def test_a_model_the_server_lacks_is_answered_with_those_it_has(server: ModelServer) -> None:
    result = run(server.url, "--model", "gpt")
    assert isinstance(result.exception, BadSettings)
    assert "there are: qwen3:8b" in str(result.exception)


def test_a_server_without_models_is_one_sentence() -> None:
    with serving(ollama()) as server:
        result = run(server.url)
    assert isinstance(result.exception, ModelUnavailable)
    assert "no model yet" in str(result.exception)


def test_the_key_comes_from_a_file_and_is_not_shown(tmp_path: Path, data: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n", encoding="utf-8")
    with serving(openai_style("m"), api_key="s3cret") as server:
        result = run(server.url, "--yes", "--api-key-file", str(tmp_path / "key"))
    assert result.exit_code == 0
    assert "s3cret" not in result.output
    chat = Settings.load().chat
    assert isinstance(chat, LiteLLMChat)
    assert chat.api_key is not None
    assert chat.api_key.get_secret_value() == "s3cret"


def test_local_goes_back_and_keeps_other_sections(server: ModelServer, data: Path) -> None:
    data.mkdir()
    (data / "pincite.toml").write_text("[server]\nport = 9000\n", encoding="utf-8")
    run(server.url, "--yes")
    assert Settings.load().server.port == 9000
    assert run("--local").exit_code == 0
    assert tomllib.loads((data / "pincite.toml").read_text("utf-8")) == {"server": {"port": 9000}}
    assert Settings.load().chat == LlamaCppChat()


def test_quotes_only_uses_no_model() -> None:
    assert run("--quotes-only").exit_code == 0
    assert Settings.load().chat == NoChat()


def test_a_variable_that_wins_over_the_file_is_pointed_out(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_CHAT__KIND", "fake")
    assert "say otherwise, and win" in run(server.url, "--yes").stdout


def test_a_broken_file_is_not_overwritten(server: ModelServer, data: Path) -> None:
    data.mkdir()
    (data / "pincite.toml").write_text("[chat", encoding="utf-8")
    result = run(server.url, "--yes")
    assert isinstance(result.exception, BadSettings)
    assert (data / "pincite.toml").read_text(encoding="utf-8") == "[chat"


def test_what_would_leave_is_said_for_another_machine() -> None:
    goes = leaving(LiteLLMChat(model="openai/m", api_base="http://192.168.1.7:8000/v1"))
    assert (goes.host, goes.reach, goes.encrypted) == ("192.168.1.7:8000", "local network", False)
    assert goes.sent == SENT
    assert "page pictures" in goes.kept


def test_a_model_that_sees_is_sent_pictures_and_that_is_said(server: ModelServer) -> None:
    assert run(server.url, "--yes", "--vision").exit_code == 0
    chat = Settings.load().chat
    assert isinstance(chat, LiteLLMChat)
    assert chat.vision
    goes = leaving(chat.model_copy(update={"api_base": "http://192.168.1.7:8000/v1"}))
    assert "pictures of the places" in goes.sent
    assert "pictures" not in goes.kept
