"""`pincite egress`, what HTTP says of rules, and what doctor says of models elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from pincite.config import LiteLLMChat, NoChat, Settings
from pincite.models.outgoing import Outgoing
from pincite.texts import TextStore
from serving.diagnosis.leaving import egress
from serving.elsewhere import call_log
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.test_cli import Run, run

__all__ = ["run"]
FAR = "models.example.com"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own; nothing in it needs weights."""
    monkeypatch.setenv("PINCITE_DATA_DIR", str(tmp_path / "library"))
    monkeypatch.setenv("PINCITE_CHAT__KIND", "none")
    monkeypatch.setenv("PINCITE_ENCODER__KIND", "fake")
    monkeypatch.setenv("PINCITE_IMAGES__KIND", "none")
    return tmp_path / "library"


async def test_rules_are_told_and_changed(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    [rule] = (await client.get("/v1/egress")).json()
    assert (rule["collection"], rule["hosts"]) == ("default", ["api.example.com"])
    body = {"collection": "a/b", "hosts": [FAR]}
    assert (await client.put("/v1/egress", json=body)).status_code == 204
    assert ("allow", ("a/b", [FAR])) in service.heard
    assert (await client.put("/v1/egress", json={"collection": "a"})).status_code == 422


def test_a_rule_is_set_shown_and_taken_back(run: Run, folder: Path) -> None:
    assert run("egress", "allow", "reports", "https://Models.example.com/v1").code == 0
    assert run("egress", "allow", "reports", "vllm").out == (
        "reports: may be sent to models.example.com, vllm\n"
    )
    assert run("egress", "local", "contracts").code == 0
    assert run("egress", "list").out == (
        "contracts: stays on this machine\nreports: may be sent to models.example.com, vllm\n"
    )
    run("egress", "reset", "contracts")
    [told] = run("egress", "list", "--json").out.splitlines()
    assert json.loads(told)["hosts"] == [FAR, "vllm"]
    with TextStore(folder / "texts.db") as texts:
        assert texts.egress() == {"reports": frozenset({FAR, "vllm"})}


def test_what_is_no_host_is_refused(run: Run, folder: Path) -> None:
    ran = run("egress", "allow", "reports", "local")
    assert ran.code != 0
    assert "no host" in ran.err
    assert not folder.exists() or not (folder / "texts.db").exists()


def test_the_log_shows_calls_without_what_was_said(run: Run, folder: Path) -> None:
    assert "No call" in run("egress", "log").out
    folder.mkdir(mode=0o700)
    log = call_log(Settings(data_dir=folder))
    for number in range(3):
        with Outgoing(log).call("chat", "localhost", f"m{number}", sent_bytes=1_234) as call:
            call.got(got_tokens=7, cost_usd=0.25)
    told = run("egress", "log", "-n", "2").out.splitlines()
    assert [line.split(", ")[1].split(":")[0] for line in told] == ["m1", "m2"]
    assert "chat → localhost (this machine), m2: answered; 1,234 bytes sent, 7 tokens" in told[1]
    assert "0.250000 USD" in told[1]
    assert run("egress", "log", "--elsewhere", "--json").out == ""
    assert json.loads(run("egress", "log", "--json").out.splitlines()[0])["model"] == "m0"


def _settings(folder: Path, *hosts: str) -> Settings:
    chat = LiteLLMChat(model="openai/m", api_base=f"https://{FAR}/v1")
    wanted = Settings(data_dir=folder, chat=chat)
    return wanted.model_copy(update={"egress": wanted.egress.model_copy(update={"hosts": hosts})})


def test_doctor_names_models_that_may_not_be_asked_and_the_command(tmp_path: Path) -> None:
    [finding] = egress(_settings(tmp_path))
    assert finding.state == "degraded"
    assert f"not sent to {FAR} from the collections default" in finding.says
    assert finding.mend == f'pincite egress allow "default" {FAR}'


def test_doctor_is_content_where_the_rules_let_it(tmp_path: Path) -> None:
    [finding] = egress(_settings(tmp_path, FAR))
    assert (finding.state, FAR in finding.says) == ("works", True)
    [finding] = egress(Settings(data_dir=tmp_path, chat=NoChat()))
    assert "nothing leaves it" in finding.says


def test_doctor_reads_the_rules_of_the_library(tmp_path: Path) -> None:
    with TextStore(tmp_path / "texts.db") as texts:
        texts.set_egress("default", [FAR])
    [finding] = egress(_settings(tmp_path))
    assert finding.state == "works"
