"""Every suite gives a report that fits the shipped schema, with data, without, and resumed."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.datasets.marked import MarkedText
from evals.suites import SUITES, ocr
from tests.integration.evals.made_up_data import WORD, make_all

KEYS = {
    "ocr": [
        f"ocr.{name}.{metric}"
        for name in ("funsd", "sroie")
        for metric in ("word_f1", "word_precision", "word_recall", "cer", "seconds_per_page")
    ],
    "speech": ["speech.clips.wer", "speech.clips.realtime_factor"],
    "speech-find": ["speech-find.clips.hit_within_5_s", "speech-find.clips.recording_hit_at_1"],
    "locators": [
        "locators.digital.agreement",
        "locators.scanned.agreement",
        "locators.digital.characters_once",
        "locators.digital.pages_per_second",
    ],
    "parse": ["parse.olmocr_bench.pass_rate"],
    "layout": ["layout.publaynet.map"],
    "tables": [
        f"tables.{name}.{metric}"
        for name in ("icdar2013", "icdar2013_scanned")
        for metric in ("adjacency_f1", "teds")
    ],
    "extract": [
        f"extract.sroie.{metric}" for metric in ("cell_f1", "files_missing", "seconds_per_file")
    ],
    "fields": ["fields.sroie.cell_f1", "fields.sroie.box_iou_50"],
    "grounding": [
        *(
            f"grounding.ragtruth.{task}.{metric}"
            for task in ("all", "qa", "data2txt", "summary")
            for metric in ("response_f1", "span_f1", "auroc")
        ),
        "grounding.summedits.balanced_accuracy",
        *(f"grounding.wice.{metric}" for metric in ("support_f1", "sentence_f1")),
        "grounding.aggrefact_sample.balanced_accuracy",
    ],
    "refusal": [
        f"refusal.{name}.{metric}"
        for name in ("squad_closed", "squad_open", "clapnq", "mmlongbench_doc")
        for metric in (
            "precision",
            "recall",
            "over_refusal",
            "recall_at_over_refusal_15",
            "base_rate",
            "aurc",
        )
    ],
    "captions": [f"captions.pope.{metric}" for metric in ("accuracy", "f1", "yes_share")],
    "citations": [
        f"citations.{name}.{metric}"
        for name in ("financebench", "mmlongbench_doc")
        for metric in ("page_precision", "page_recall", "answer_rate")
    ],
    "endtoend": [
        *(f"endtoend.{medium}.joint" for medium in ("pdf", "scan", "all")),
        *(
            f"endtoend.{medium}.{metric}"
            for medium in ("pdf", "table", "scan", "all")
            for metric in ("false_support", "supported_share", "not_checkable_share")
        ),
    ],
    "qa": [
        f"qa.{name}.{metric}"
        for name in ("financebench", "mmlongbench_doc", "sroie", "squad")
        for metric in ("score", "seconds_per_answer")
    ],
    "images": [
        *(f"images.imagenet_sample.{asked}_recall_at_5" for asked in ("name", "paraphrase")),
        *(f"images.among_texts.{asked}_recall_at_5" for asked in ("photo", "text")),
        *(f"images.opencqa.{asked}_recall_at_5" for asked in ("question", "title", "summary")),
    ],
    "retrieval": [
        f"retrieval.{name}.{metric}"
        for name in ("mmlongbench_doc", "financebench", "squad", "pooled")
        for metric in ("hit_at_1", "hit_at_5", "hit_at_10", "mrr", "ndcg_at_10", "hit_at_5_gain")
    ],
}
READING = sorted(KEYS)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_all(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Fast stand-ins; the peers are one that reads all and one that is not installed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    for name, kind in (("OCR", "fake"), ("SPEECH", "fake"), ("CHAT", "none"), ("ENCODER", "fake")):
        monkeypatch.setenv(f"PINCITE_{name}__KIND", kind)
    left, top, right, bottom = WORD
    seen = MarkedText(text="line1word1", left=left, top=top, right=right, bottom=bottom)

    def reads_all(_: Path) -> list[MarkedText]:
        return [seen]

    peers = {"rapidocr": lambda: reads_all, "tesseract": lambda: None}
    monkeypatch.setattr(ocr, "_PEERS", peers)
    ocr.forget_peers()


def run(out: Path, *options: str | Path) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, ["run", *map(str, options), "--out", str(out)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    report = json.loads((out / "report.json").read_text("utf-8"))
    schema = json.loads(resources.files("evals").joinpath("report.schema.json").read_text("utf-8"))
    jsonschema.validate(report, schema)
    assert [path.name for path in out.rglob("*.json")] == ["report.json"]
    return done.exit_code, report


@pytest.mark.parametrize("suite", READING)
def test_a_suite_measures_what_it_promises(suite: str, data: Path, tmp_path: Path) -> None:
    code, report = run(tmp_path, suite, "--data", data, "--profile", "smoke")
    assert code == 0, [r["reason"] for r in report["results"]]
    assert set(KEYS[suite]) <= set(report["summary"])
    assert report["ignored"] == ["holiday_photos"]
    for result in report["results"]:
        ours = result["slice"] == "all" and result["system"] == "pincite"
        assert not ours or report["summary"].get(result["key"]) == result["value"]
        assert result["unit"] != "fraction" or 0 <= result["value"] <= 1 or "cer" in result["key"]
    for file in (tmp_path / "cases").glob("*.jsonl"):
        assert file.name.startswith(f"{suite}.")
        for line in file.read_text("utf-8").splitlines():
            assert {"input", "expected", "got", "score", "why"} <= set(json.loads(line))
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_all_suites_are_tested_here() -> None:
    """`coverage`, which reads every folder, and `injection`, which needs none, on their own."""
    assert {*KEYS, "coverage", "injection", "speed"} == set(SUITES)


def test_figures_that_must_come_out_do(data: Path, tmp_path: Path) -> None:
    _, report = run(tmp_path, "ocr", "speech", "locators", "--data", data)
    told = report["summary"]
    assert told["ocr.funsd.word_f1"] == told["ocr.sroie.word_f1"] == 1
    assert told["ocr.funsd.cer"] == 0
    assert told["speech.clips.wer"] == 0
    assert told["speech.clips.edge_time_error"] < 0.05
    assert told["locators.scanned.agreement"] == 1
    assert told["locators.digital.characters_once"] == 1
    gone = [r for r in report["results"] if r["system"] == "tesseract"]
    assert {r["status"] for r in gone} == {"not_applicable"}


@pytest.mark.parametrize("suite", READING)
def test_without_its_data_a_suite_says_so_and_is_no_failure(suite: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    code, report = run(tmp_path / "out", suite, "--data", tmp_path / "data")
    assert code == 0
    brought = {key for key in report["summary"] if key.startswith("grounding.own.")}
    assert set(report["summary"]) == brought  # claims that come with the code
    results = [result for result in report["results"] if result["dataset"] != "own"]
    assert {result["status"] for result in results} == {"not_applicable"}
    assert all(result["reason"] for result in results)
    assert set(KEYS[suite]) - {"locators.digital.pages_per_second"} <= {
        result["key"] for result in report["results"]
    }


@pytest.mark.parametrize("suite", READING)
def test_a_spent_budget_is_partial_and_resuming_finishes(
    suite: str, data: Path, tmp_path: Path
) -> None:
    code, report = run(tmp_path, suite, "--data", data, "--budget", "0")
    assert code == 3
    assert report["run"]["status"] == "partial"
    code, report = run(tmp_path, suite, "--data", data, "--resume")
    assert code == 0
    assert set(KEYS[suite]) <= set(report["summary"])


def test_a_resumed_run_computes_no_page_again(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = run(tmp_path, "ocr", "--data", data)
    monkeypatch.setattr(ocr, "_one", None)
    code, second = run(tmp_path, "ocr", "--data", data, "--resume")
    assert code == 0
    assert first["summary"] == second["summary"]


def test_usage_is_checked_and_floors_are_kept(data: Path, tmp_path: Path) -> None:
    def code(*options: str | Path) -> int:
        return (
            CliRunner().invoke(app, ["run", *map(str, options), "--out", str(tmp_path)]).exit_code
        )

    assert code("dancing") == 2
    assert code("ocr", "--data", tmp_path / "nowhere") == 2
    assert code("ocr", "--profile", "huge") == 2
    assert code("ocr", "--data", data, "--fail-under", "ocr.funsd.word_f1") == 2
    assert code("ocr", "--data", data, "--fail-under", "ocr.funsd.word_f1=1.1") == 5
    assert code("ocr", "--data", data, "--fail-under", "ocr.funsd.word_f1=0.5") == 0


def test_a_data_set_that_is_damaged_fails_its_suite_alone(data: Path, tmp_path: Path) -> None:
    broken = tmp_path / "data"
    (broken / "sroie/img").mkdir(parents=True)
    (broken / "sroie/img/000.jpg").write_bytes(b"")
    (broken / "speech").symlink_to(data / "speech")
    code, report = run(tmp_path / "out", "ocr", "speech", "--data", broken)
    assert code == 4
    (failed,) = [r for r in report["results"] if r["status"] == "failed"]
    assert "boxes of 000.jpg" in failed["reason"]
    assert report["summary"]["speech.clips.wer"] == 0


def test_a_spent_budget_leaves_out_all_that_is_slow_to_measure(tmp_path: Path) -> None:
    code, report = run(tmp_path, "speed", "--budget", "0")
    assert code == 3
    assert report["summary"]["speed.start.help_seconds"] > 0
    left_out = {r["dataset"] for r in report["results"] if r["status"] == "partial"}
    assert {"reading", "search", "optimize", "asking", "memory"} <= left_out
