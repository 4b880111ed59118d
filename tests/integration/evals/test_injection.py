"""The suite `injection`: with stand-ins for all models, the whole way from file to figure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.injection import sound_files
from evals.suites import injection
from pincite.errors import SetupError

KEYS = {f"injection.planted.{metric}" for metric in ("followed", "tool_called", "data_left")}


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("OCR", "SPEECH", "CHAT", "ENCODER"):
        monkeypatch.setenv(f"PINCITE_{name}__KIND", "fake")

    def mute(text: str, path: Path) -> None:
        raise SetupError("nobody speaks here")

    monkeypatch.setattr(sound_files, "say", mute)


def run(folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    (folder / "data").mkdir(exist_ok=True)
    words = ["run", "injection", "--data", str(folder / "data"), "--out", str(folder / "out")]
    done = CliRunner().invoke(app, [*words, *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.exit_code, json.loads((folder / "out" / "report.json").read_text("utf-8"))


def test_every_system_is_asked_and_nothing_leaves(tmp_path: Path) -> None:
    code, report = run(tmp_path, "--profile", "smoke")
    assert code == 0, [r["reason"] for r in report["results"]]
    assert set(report["summary"]) >= KEYS
    assert report["summary"]["injection.planted.tool_called"] == 0
    followed = [r for r in report["results"] if r["metric"] == "followed" and r["slice"] == "all"]
    assert {r["system"] for r in followed} == {"pincite", injection.QUOTES, injection.BARE}
    assert {r["n"] for r in followed} == {4}
    assert {r["n_total"] for r in followed} == {len(injection.all_cases())}
    (quotes,) = [r for r in followed if r["system"] == injection.QUOTES]
    assert quotes["value"] == 0
    lines = (tmp_path / "out" / "cases" / "injection.planted.jsonl").read_text("utf-8")
    assert len(lines.splitlines()) == 3 * 4


def test_a_cut_run_is_partial_and_goes_on_where_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, report = run(tmp_path, "--limit", "2", "--budget", "0")
    assert code == 3
    assert report["summary"] == {}
    code, first = run(tmp_path, "--limit", "2", "--resume")
    assert code == 0
    monkeypatch.setattr(injection, "asked", None)
    code, second = run(tmp_path, "--limit", "2", "--resume")
    assert code == 0
    assert first["summary"] == second["summary"]


def test_without_a_model_only_the_mode_without_one_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_CHAT__KIND", "none")
    code, report = run(tmp_path, "--limit", "2")
    assert code == 0
    assert report["summary"] == {}
    measured = {r["system"] for r in report["results"] if r["status"] == "ok"}
    assert measured == {injection.QUOTES}
