"""The suite that follows every page, on data sets made on the spot."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import Mock

import pytest
from typer.testing import CliRunner

from evals import accounting, product
from evals.cli import app
from evals.recount import Recount
from tests.integration.evals.made_up_data import make_all


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "_commit", Mock(return_value="the same"))
    for name, kind in (("OCR", "fake"), ("SPEECH", "fake"), ("CHAT", "none"), ("ENCODER", "fake")):
        monkeypatch.setenv(f"PINCITE_{name}__KIND", kind)


def run(data: Path, out: Path, *options: str) -> tuple[int, dict[str, float]]:
    done = CliRunner().invoke(
        app, ["run", "coverage", "--data", str(data), "--out", str(out), *options]
    )
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["ignored"] == []
    return done.exit_code, report["summary"]


def test_every_page_is_accounted_for_and_a_resumed_run_reads_none_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    data = make_all(tmp_path / "data")
    (data / "holiday_photos" / "torn.pdf").touch()
    code, found = run(data, tmp_path / "out")
    assert code == 0
    assert found["coverage.holiday_photos.pages_failed"] == 1
    assert found["coverage.all.pages_lost_silently"] == 0
    kinds = ("done", "low_confidence", "skipped", "failed", "lost_silently")
    counted = sum(found[f"coverage.all.pages_{kind}"] for kind in kinds)
    assert counted == found["coverage.all.pages"] > 8
    assert (tmp_path / "out/cases/coverage.holiday_photos.jsonl").exists()

    never = Mock(side_effect=AssertionError("nothing is to be done again"))
    monkeypatch.setattr(accounting, "recount", never)
    assert run(data, tmp_path / "out", "--resume") == (0, found)


def test_a_page_that_the_ledger_does_not_know_is_a_loss_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    data = make_all(tmp_path / "data")
    monkeypatch.setattr(accounting, "recount", Mock(return_value=Recount(units=2, by="x")))
    code, found = run(data, tmp_path / "out", "--limit", "1")
    assert code == 0
    assert found["coverage.funsd.pages_lost_silently"] == 1
    shown = (tmp_path / "out/report.html").read_text("utf-8")
    assert "lost: no page of this number was read" in shown
