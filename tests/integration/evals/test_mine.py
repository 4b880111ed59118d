"""`pincite-eval mine`: own questions of own files, by what ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app

TEXT = "The rent of the flat in Lindau is 980 EUR a month.\n\nDogs are welcome in the garden.\n"


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name, kind in (("OCR", "fake"), ("CHAT", "none"), ("ENCODER", "fake")):
        monkeypatch.setenv(f"PINCITE_{name}__KIND", kind)


def test_questions_of_a_folder_are_found_answered_and_reported(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "lease.txt").write_text(TEXT, encoding="utf-8")
    asked = tmp_path / "asked.csv"
    asked.write_text(
        "question,answer,file\n"
        "What is the rent of the flat in Lindau?,980 EUR,lease.txt\n"
        "Who painted the ceiling of the chapel?,Michelangelo,\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"

    def run(*more: str) -> int:
        words = ["mine", str(asked), "--files", str(tmp_path / "files"), "--out", str(out), *more]
        done = CliRunner().invoke(app, words)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done.exit_code

    assert run() == 0
    told = json.loads((out / "report.json").read_text("utf-8"))["summary"]
    assert told["mine.questions.hit_at_1"] == 1
    assert told["mine.questions.answer_told"] == 0.5
    assert told["mine.questions.answer_rate"] == 0.5
    assert told["mine.questions.supported_share"] == 1
    cases = (out / "cases" / "mine.questions.jsonl").read_text("utf-8").splitlines()
    assert len(cases) == 2
    assert run("--resume", "--fail-under", "mine.questions.answer_rate=.9") == 5
    assert run("--budget", "0") == 3


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    def code(*words: str) -> int:
        return CliRunner().invoke(app, ["mine", *words, "--out", str(tmp_path)]).exit_code

    assert code(str(tmp_path / "gone.csv")) == 2
    asked = tmp_path / "asked.csv"
    asked.write_text("question\nWho?\n", encoding="utf-8")
    assert code(str(asked), "--files", str(tmp_path / "gone")) == 2
