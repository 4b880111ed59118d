import json
import re
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from PIL import Image
from pydantic import ValidationError

from evals.report import html, markdown, write
from evals.report.pictures import LONGEST, THUMBNAIL, Album, drawn
from evals.report.plots import histogram
from evals.report.public import publish
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
from evals.sketches import Mark, Sketch
from pincite.errors import UserError


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
    assert "not applicable" in markdown(report(missing("ocr", "x", "y", "gone")))


def test_the_page_shows_bars_spread_and_the_worst_case_as_a_picture(tmp_path: Path) -> None:
    Image.new("RGB", (200, 100), "white").save(tmp_path / "a.png")
    box = Mark(left=20, top=20, right=80, bottom=40, tone="wrong")
    worst = Case(
        input="a.png",
        expected="<b>right</b>",
        got="wrong",
        score=0.25,
        sketch=Sketch(file=tmp_path / "a.png", marks=(box,), part=box),
    )
    told = report(figure(ci95=(0.8, 0.95)), figure(system="tesseract"))
    page = html(told, {"ocr.funsd": [worst, Case(input="b.png", score=1.0)]})
    assert "data:image/jpeg;base64," in page
    assert page.count("<svg") == 2
    assert "&lt;b&gt;right" in page
    assert "b.png" not in page
    assert not re.search(r'(src|href)="(?!data:|#)', page), "nothing is fetched"


def test_what_was_wanted_and_what_was_found_stand_side_by_side(tmp_path: Path) -> None:
    Image.new("RGB", (1200, 900), "red").save(tmp_path / "red.png")
    Image.new("RGB", (1200, 900), "blue").save(tmp_path / "blue.png")
    shown = (
        Sketch(file=tmp_path / "red.png", told="wanted: <red>"),
        Sketch(file=tmp_path / "blue.png", told="1. blue"),
        Sketch(file=tmp_path / "gone.png", told="2. gone"),
    )
    page = html(report(figure()), {"ocr.funsd": [Case(input="a", score=0, thumbnails=shown)]})
    assert page.count("<figcaption>wanted: &lt;red&gt;") == page.count("<figcaption>1. blue") == 1
    assert "2. gone" not in page
    assert len(page) < 40_000
    assert max(drawn(shown[0], THUMBNAIL).size) == THUMBNAIL


def test_a_page_of_pictures_does_not_grow_without_end(tmp_path: Path) -> None:
    Image.new("RGB", (900, 900), "red").save(tmp_path / "a.png")
    sketch = Sketch(file=tmp_path / "a.png")
    uri = Album().data_uri(sketch)
    assert uri is not None
    album = Album(most_bytes=2 * len(uri))
    assert [album.data_uri(sketch) for _ in range(3)] == [uri, uri, None]


def test_a_picture_whose_file_is_gone_is_left_out(tmp_path: Path) -> None:
    case = Case(input="a", score=0, sketch=Sketch(file=tmp_path / "gone.png"))
    assert "<img" not in html(report(figure()), {"ocr.funsd": [case]})


def test_a_part_is_drawn_with_its_marks_in_place(tmp_path: Path) -> None:
    Image.new("RGB", (2000, 1000), "white").save(tmp_path / "a.png")
    box = Mark(left=1000, top=500, right=1100, bottom=540, tone="expected")
    picture = drawn(Sketch(file=tmp_path / "a.png", marks=(box,), part=box))
    assert picture.size == (344, 224)
    assert picture.getpixel((72, 100)) != (255, 255, 255)
    assert picture.getpixel((150, 100)) == (255, 255, 255)
    assert max(drawn(Sketch(file=tmp_path / "a.png")).size) == LONGEST


def test_sketches_stay_out_of_the_written_cases(tmp_path: Path) -> None:
    case = Case(input="a", score=1, sketch=Sketch(file=tmp_path / "a.png"))
    write(report(figure()), {"ocr.funsd": [case]}, tmp_path)
    (line,) = (tmp_path / "cases" / "ocr.funsd.jsonl").read_text("utf-8").splitlines()
    assert set(json.loads(line)) == {"input", "system", "expected", "got", "score", "why"}


def test_a_spread_is_drawn_of_scores_between_nought_and_one() -> None:
    assert histogram([0.1, 0.9, 1.0]).count("<rect") == 3
    assert histogram([12.0, 3.0]) == histogram([0.5]) == ""


def test_a_published_report_has_the_figures_and_nothing_of_the_data(tmp_path: Path) -> None:
    made = report(figure(), missing("ocr", "sroie", "cer", "no /srv/data/sroie here"))
    run = made.run.model_copy(update={"command": "pincite-eval run ocr --data ../d --out=/x/y"})
    case = Case(input="page 1", got="words of the data", score=0.1)
    write(made.model_copy(update={"run": run}), {"ocr.funsd": [case]}, tmp_path / "run")
    publish(tmp_path / "run", tmp_path / "public")
    files = {path.name: path.read_text() for path in (tmp_path / "public").iterdir()}
    assert files.keys() == {"report.json", "report.md", "report.html"}
    assert json.loads(files["report.json"])["summary"] == {"ocr.funsd.word_f1": 0.9}
    assert "--data DATA --out OUT" in files["report.md"]
    for text in files.values():
        assert not re.search("words of the data|/srv|/x/y", text)


def test_publishing_needs_a_report(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no report"):
        publish(tmp_path, tmp_path / "public")
