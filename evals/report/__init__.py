"""Writes a report: `report.json`, `report.md`, `report.html` and the cases."""

from __future__ import annotations

from pathlib import Path

from evals.report.markdown import markdown
from evals.report.page import html
from evals.results import Cases, Report

__all__ = ["html", "markdown", "write"]


def write(report: Report, cases: Cases, out: Path) -> None:
    """Write everything into `out`, which is created; an older report there is replaced."""
    out.mkdir(parents=True, exist_ok=True)
    as_json = report.model_dump_json(by_alias=True, indent=1)
    (out / "report.json").write_text(as_json, encoding="utf-8")
    (out / "report.md").write_text(markdown(report), encoding="utf-8")
    folder = out / "cases"
    for old in folder.glob("*.jsonl"):
        old.unlink()
    for name, lines in cases.items():
        folder.mkdir(exist_ok=True)
        text = "".join(case.model_dump_json() + "\n" for case in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    # Last, because drawing takes longest and the figures must be there if it is cut.
    (out / "report.html").write_text(html(report, cases), encoding="utf-8")
