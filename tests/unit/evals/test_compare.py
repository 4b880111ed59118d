from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.compare import WORSE, differences
from evals.report import write
from evals.results import Case, Machine, ProductInfo, Report, Run, measured, summarize
from pincite.errors import UserError


def saved(folder: Path, scores: dict[str, float], *, dataset: str = "funsd") -> Path:
    results = (measured("ocr", dataset, "word_f1", 0.5, unit="fraction", higher_is_better=True),)
    told = Report(
        product=ProductInfo(version="0.1.0", commit="", config_sha256=""),
        models=(),
        machine=Machine(cores=2, memory_gib=24),
        run=Run(
            command="",
            seed=0,
            profile="smoke",
            started="2026-01-01T00:00:00+00:00",
            seconds=1,
            status="ok",
            network="blocked",
        ),
        summary=summarize(results),
        results=results,
    )
    cases = [Case(input=name, score=score) for name, score in scores.items()]
    cases.append(Case(input="a", system="tesseract", score=0))
    write(told, {f"ocr.{dataset}": cases}, folder)
    return folder


def test_the_difference_is_paired_over_the_cases_of_both(tmp_path: Path) -> None:
    first = saved(tmp_path / "one", {"a": 0.5, "b": 0.7, "c": 0.1})
    second = saved(tmp_path / "two", {"b": 0.8, "a": 0.6, "d": 1})
    (found,) = differences(first, second)
    assert (found.shared, found.alone) == (2, 2)
    assert found.mean == pytest.approx(0.1)
    assert found.low == pytest.approx(0.1)
    assert found.verdict == "better"


def test_the_exit_code_says_whether_the_second_is_surely_worse(tmp_path: Path) -> None:
    good = {f"page {n}": 0.9 for n in range(20)}
    bad = {name: 0.8 - n / 100 for n, name in enumerate(good)}
    first, second = saved(tmp_path / "one", good), saved(tmp_path / "two", bad)
    run = CliRunner().invoke
    worse = run(app, ["compare", str(first), str(second)])
    assert worse.exit_code == WORSE
    assert "| ocr.funsd | 20 |" in worse.output
    assert "worse" in worse.output
    assert run(app, ["compare", str(second), str(first)]).exit_code == 0
    same = run(app, ["compare", str(first), str(first)])
    assert same.exit_code == 0
    assert "no sure difference" in same.output


def test_reports_of_other_cases_are_not_compared(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "one", {"a": 1}), saved(tmp_path / "two", {"b": 1})
    with pytest.raises(UserError, match="no case in common"):
        differences(first, second)
    with pytest.raises(UserError, match="holds no report"):
        differences(first, tmp_path / "nothing")
    assert CliRunner().invoke(app, ["compare", str(first), str(tmp_path)]).exit_code == 2
