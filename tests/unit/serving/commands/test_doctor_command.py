from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from pincite.config import Index, LiteLLMChat, LlamaCppChat, NoChat, Settings
from pincite.models.store import ModelStore
from serving.commands.doctor import doctor
from serving.diagnosis import answering, library, machine, reading
from serving.diagnosis.findings import Finding, diagnose
from serving.owner import owning
from tests.unit.serving.commands.model_server import ollama, openai_style, serving

app = typer.Typer()
app.command()(doctor)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PINCITE_DATA_DIR", str(tmp_path / "library"))
    monkeypatch.setenv("PINCITE_MODELS__DIR", str(tmp_path / "models"))
    monkeypatch.setattr(machine, "NATIVE", ("json",))
    return tmp_path / "library"


def states(findings: Iterator[Finding]) -> list[str]:
    return [finding.state for finding in findings]


def test_an_empty_machine_is_told_every_command_that_mends_it() -> None:
    result = run()
    assert result.exit_code == 1
    for name in ("all-minilm-l6-v2-int8", "whisper-tiny.en", "qwen2.5-coder-1.5b-instruct"):
        assert f"→ pincite models pull {name}" in result.stdout
    assert "quotes-only mode" in result.stdout


def test_json_says_the_same() -> None:
    result = run("--json")
    assert result.exit_code == 1
    findings = json.loads(result.stdout)["findings"]
    assert {"python", "packages", "disk", "memory", "models", "answers"} <= {
        each["area"] for each in findings
    }
    assert all(each["mend"] for each in findings if each["state"] == "broken")


@pytest.mark.parametrize(
    ("name", "value"), [("PINCITE_FOO", "1"), ("PINCITE_SERVER__PORT", "many")]
)
def test_a_wrong_setting_is_reported_beside_what_can_still_be_looked_at(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    result = run()
    assert result.exit_code == 1
    assert "settings: " in result.stdout
    assert name in result.stdout
    assert "python: Python 3." in result.stdout


def test_a_broken_settings_file_is_reported(data: Path) -> None:
    data.mkdir(mode=0o700)
    (data / "pincite.toml").write_text("[chat", encoding="utf-8")
    assert "not valid TOML" in run().stdout


def test_a_check_that_crashes_is_a_finding_and_stops_no_other() -> None:
    def crash() -> list[Finding]:
        raise ZeroDivisionError("inside")

    fine = Finding(area="b", state="works", says="fine")
    found = diagnose([("a", crash), ("b", lambda: [fine])])
    assert [each.state for each in found.findings] == ["broken", "works"]
    assert "ZeroDivisionError: inside" in found.findings[0].says


def test_a_folder_that_others_may_enter_is_broken(data: Path) -> None:
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    finding = next(library.folder(Settings.load()))
    assert (finding.state, finding.mend is not None) == ("broken", True)


def test_a_private_folder_with_a_readable_file_is_degraded(data: Path) -> None:
    data.mkdir(mode=0o700)
    (data / "library.sqlite").touch()
    (data / "library.sqlite").chmod(0o644)
    finding = next(library.folder(Settings.load()))
    assert finding.state == "degraded"
    assert finding.mend == f"chmod -R go= {data}"


def test_who_uses_the_folder_is_named(data: Path) -> None:
    with owning(data, "pincite ingest"):
        said = [finding.says for finding in library.folder(Settings.load())]
    assert any("pincite ingest" in each for each in said)


def test_a_file_in_place_of_the_folder_is_broken(data: Path) -> None:
    data.touch()
    assert states(library.folder(Settings.load())) == ["broken"]


def test_a_compiled_package_that_does_not_load_is_named() -> None:
    (finding,) = machine.native(("json", "no_such_module"))
    assert finding.state == "broken"
    assert "no_such_module failed: No module named" in finding.says


def test_a_compiled_package_that_kills_its_process_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "illegal.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (finding,) = machine.native(("json", "illegal"))
    assert "illegal killed the process (signal 4)" in finding.says


def test_the_confinement_of_parsers_is_tried_and_reported() -> None:
    (finding,) = reading.sandbox()
    assert finding.state in {"works", "degraded"}
    assert finding.says.startswith("parsers ")


def test_a_model_server_that_answers_works(tmp_path: Path) -> None:
    with serving(ollama("m:latest")) as server:
        settings = remote(server.url, "ollama_chat/m")
        assert states(answering.chat(settings, ModelStore(settings.models))) == ["works"]


def test_a_model_server_without_the_model_is_broken() -> None:
    with serving(openai_style("other")) as server:
        settings = remote(f"{server.url}/v1", "openai/m")
        (finding,) = answering.chat(settings, ModelStore(settings.models))
    assert finding.state == "broken"
    assert "it has: other" in finding.says


def test_a_model_server_that_refuses_the_key_is_broken() -> None:
    with serving(openai_style("m"), api_key="right") as server:
        settings = remote(f"{server.url}/v1", "openai/m")
        (finding,) = answering.chat(settings, ModelStore(settings.models))
    assert "refuses the API key" in finding.says


def test_a_model_server_that_is_down_is_broken() -> None:
    settings = remote("http://127.0.0.1:1/v1", "openai/m")
    assert states(answering.chat(settings, ModelStore(settings.models))) == ["broken"]


def test_a_provider_is_not_called() -> None:
    settings = Settings(chat=LiteLLMChat(model="anthropic/some-model"))
    assert states(answering.chat(settings, ModelStore(settings.models))) == ["unchecked"]


def test_a_model_that_sees_is_said_to_be_shown_pictures(tmp_path: Path) -> None:
    with serving(openai_style("pincite-vlm")) as server:
        chat = LiteLLMChat(model="openai/pincite-vlm", api_base=f"{server.url}/v1", vision=True)
        settings = Settings(data_dir=tmp_path, chat=chat)
        [finding] = answering.chat(settings, ModelStore(settings.models))
    assert finding.state == "works"
    assert "figures, photos, tables and scans are shown to it" in finding.says


def test_gguf_files_of_ones_own_are_looked_for(tmp_path: Path) -> None:
    model, eyes = tmp_path / "model.gguf", tmp_path / "mmproj.gguf"
    chat = LlamaCppChat(model=str(model), mmproj=str(eyes))
    settings = Settings(data_dir=tmp_path, chat=chat)
    model.touch()
    [missing] = answering.chat(settings, ModelStore(settings.models))
    assert (missing.state, "mmproj.gguf" in missing.says) == ("broken", True)
    eyes.touch()
    [works] = answering.chat(settings, ModelStore(settings.models))
    assert (works.state, "which sees" in works.says) == ("works", True)


def test_quotes_only_by_choice_works() -> None:
    settings = Settings(chat=NoChat())
    assert states(answering.chat(settings, ModelStore(settings.models))) == ["works"]


def test_an_index_server_that_is_down_is_broken() -> None:
    assert states(answering.index(Index(kind="qdrant", url="http://127.0.0.1:1"))) == ["broken"]


def remote(url: str, model: str) -> Settings:
    return Settings(chat=LiteLLMChat(model=model, api_base=url))
