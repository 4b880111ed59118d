"""Writes a report: `report.json`, `report.md`, `report.html` and the cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from pathlib import Path

from evals.results import PRODUCT, Cases, Report, Result


def write(report: Report, cases: Cases, out: Path) -> None:
    """Write everything into `out`, which is created; an older report there is replaced."""
    out.mkdir(parents=True, exist_ok=True)
    as_json = report.model_dump_json(by_alias=True, indent=1)
    (out / "report.json").write_text(as_json, encoding="utf-8")
    (out / "report.md").write_text(markdown(report), encoding="utf-8")
    (out / "report.html").write_text(html(report), encoding="utf-8")
    folder = out / "cases"
    for name, lines in cases.items():
        folder.mkdir(exist_ok=True)
        text = "".join(case.model_dump_json() + "\n" for case in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


def _shown(result: Result) -> str:
    if result.value is None:
        return f"{result.status}: {result.reason}"
    digits = 3 if abs(result.value) < 10 else 1
    return f"{result.value:.{digits}f} {result.unit}".strip()


def _lines(report: Report) -> Iterable[Sequence[str]]:
    for r in report.results:
        interval = f"{r.ci95[0]:.3f}–{r.ci95[1]:.3f}" if r.ci95 else ""
        yield r.key, r.system, r.slice, _shown(r), interval, f"{r.n}/{r.n_total}"


_HEAD = ("figure", "system", "slice", "value", "95 %", "n")


def _facts(report: Report) -> str:
    run, machine = report.run, report.machine
    return (
        f"{report.product.version} at {report.product.commit[:12] or 'no checkout'}, "
        f"{machine.cores} cores, {machine.memory_gib} GiB, network {run.network}, "
        f"profile {run.profile}, seed {run.seed}, {run.seconds:.0f} s, {run.status}"
    )


def markdown(report: Report) -> str:
    """The report as one Markdown table."""
    rows = [_HEAD, ("---",) * len(_HEAD), *_lines(report)]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"# Pincite eval report\n\n{_facts(report)}\n\n`{report.run.command}`\n\n{table}\n"


def html(report: Report) -> str:
    """The report as one self-contained page: no script, nothing fetched."""
    style = resources.files("evals").joinpath("report.css").read_text(encoding="utf-8")
    head = "".join(f"<th>{escape(name)}</th>" for name in _HEAD)
    body = "".join(
        f'<tr class="{"ours" if row[1] == PRODUCT else "other"}">'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for row in _lines(report)
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Pincite eval report</title>'
        f"<style>{style}</style><h1>Pincite eval report</h1><p>{escape(_facts(report))}</p>"
        f"<pre>{escape(report.run.command)}</pre>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></html>"
    )
