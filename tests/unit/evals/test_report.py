import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from evals.report import html, markdown, write
from evals.results import (
    Case,
    Machine,
    ProductInfo,
    Report,
    Result,
    Run,
    measured,
    missing,
    overall,
    summarize,
)


def figure(**more: object) -> Result:
    fields = {"unit": "fraction", "higher_is_better": True} | more
    return measured("ocr", "funsd", "word_f1", 0.9, **fields)


def report(*results: Result) -> Report:
    return Report(
        product=ProductInfo(version="0.1.0", commit="", config_sha256=""),
        models=(),
        machine=Machine(cores=2, memory_gib=24),
        run=Run(
            command="pincite-eval run ocr",
            seed=0,
            profile="smoke",
            started="2026-01-01T00:00:00+00:00",
            seconds=1,
            status=overall(results),
            network="blocked",
        ),
        summary=summarize(results),
        results=results,
    )


def test_the_summary_holds_the_shipped_default_only() -> None:
    results = [
        figure(),
        figure(system="tesseract", key="ocr.funsd.word_f1"),
        figure(slice="rotated", key="ocr.funsd.cer"),
        missing("ocr", "sroie", "word_f1", "not there"),
    ]
    assert summarize(results) == {"ocr.funsd.word_f1": 0.9}


def test_a_value_stands_exactly_where_it_was_seen() -> None:
    with pytest.raises(ValidationError):
        figure(status="not_applicable")
    assert missing("ocr", "sroie", "word_f1", "not there").value is None


def test_one_failed_figure_makes_the_run_failed() -> None:
    assert overall([figure(), missing("a", "b", "c", "why", status="failed")]) == "failed"
    assert overall([figure(), figure(status="partial")]) == "partial"
    assert overall([figure(), missing("a", "b", "c", "why")]) == "ok"


def test_the_written_report_fits_the_shipped_schema(tmp_path: Path) -> None:
    cases = {"ocr.funsd": [Case(input="a.png", expected="x", got="y", score=0.5)]}
    write(report(figure(), missing("ocr", "sroie", "cer", "not there")), cases, tmp_path)
    schema = json.loads(resources.files("evals").joinpath("report.schema.json").read_text("utf-8"))
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    jsonschema.validate(written, schema)
    assert written["schema"] == "pincite-eval/1"
    assert [p.name for p in tmp_path.rglob("*.json")] == ["report.json"]
    assert (tmp_path / "cases" / "ocr.funsd.jsonl").read_text("utf-8").count("\n") == 1


def test_the_shipped_schema_is_made_from_the_types() -> None:
    shipped = json.loads(resources.files("evals").joinpath("report.schema.json").read_text("utf-8"))
    assert shipped == Report.model_json_schema(by_alias=True), (
        "run: python -m scripts.report_schema"
    )


def test_pages_escape_what_came_from_outside() -> None:
    page = html(report(missing("ocr", "x", "y", "<script>alert(1)</script>")))
    assert "<script>" not in page
    assert "not_applicable" in markdown(report(missing("ocr", "x", "y", "gone")))
