from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pincite.errors import BadSettings
from serving.commands.models import app

run = CliRunner().invoke


@pytest.fixture(autouse=True)
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PINCITE_MODELS__DIR", str(tmp_path / "store"))
    monkeypatch.setenv("PINCITE_MODELS__SOURCES", "folder")
    return tmp_path / "store"


def test_list_shows_every_model_and_what_is_in_use() -> None:
    result = run(app, ["list", "--json"])
    assert result.exit_code == 0
    models = {each["name"]: each for each in json.loads(result.stdout)["models"]}
    assert models["whisper-tiny.en"]["in_use"]
    assert not models["whisper-base"]["in_use"]
    assert {each["state"] for each in models.values()} == {"missing"}


def test_list_for_people_names_the_command_for_what_is_lacking() -> None:
    result = run(app, ["list"])
    assert "run: pincite models pull whisper-tiny.en" in result.stdout
    assert "pull whisper-base" not in result.stdout


def test_a_pull_that_gets_nothing_says_what_was_tried_and_what_is_lost() -> None:
    result = run(app, ["pull"])
    assert result.exit_code == 1
    assert "Could not be had" in result.stdout
    assert "no PINCITE_MODELS__FOLDER is set" in result.stdout
    assert "reading recordings in English" in result.stdout


def test_verify_fails_where_a_model_in_use_is_missing() -> None:
    result = run(app, ["verify", "--json"])
    assert result.exit_code == 1
    assert {each["state"] for each in json.loads(result.stdout)["models"]} == {"missing"}


def test_an_import_from_an_empty_folder_is_refused(tmp_path: Path) -> None:
    result = run(app, ["import", str(tmp_path)])
    assert isinstance(result.exception, BadSettings)


def test_a_misspelt_model_is_refused_with_the_known_names() -> None:
    result = run(app, ["pull", "whisper-tiny"])
    assert isinstance(result.exception, BadSettings)
    assert "whisper-tiny.en" in str(result.exception)
