"""The report as one self-contained page: no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import resources

from evals.report.markdown import HEAD, SAMPLE_RULE, facts, lines
from evals.report.pictures import THUMBNAIL, Album
from evals.report.plots import bars, histogram
from evals.results import PRODUCT, Case, Cases, Report, Result
from evals.sketches import Sketch

WORST = 4
"""Cases shown of each data set, beside those that must be."""
_LONGEST_TEXT = 700


def html(report: Report, cases: Cases | None = None) -> str:
    """Plots by suite and data set, the worst cases as pictures, then every figure as a table."""
    style = resources.files("evals.report").joinpath("report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Pincite eval report</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f"<style>{style}</style>"
        f"{_head(report)}<main>{''.join(_sections(report, cases or {}, Album()))}{_table(report)}"
        f"{_weights(report)}</main></html>"
    )


def _head(report: Report) -> str:
    told = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in facts(report)
    )
    suites = "".join(
        f'<a href="#{escape(name)}">{escape(name)}</a>' for name in _in_order(report.results)
    )
    status = report.run.status
    return (
        f'<header><h1>Pincite eval report <span class="status {status}">{status}</span></h1>'
        f"<dl>{told}</dl><pre>{escape(report.run.command)}</pre><p>{escape(SAMPLE_RULE)}</p>"
        f'<nav>{suites}<a href="#figures">all figures</a></nav></header>'
    )


def _in_order(results: Iterable[Result]) -> dict[str, dict[str, list[Result]]]:
    """Results by suite and data set, in the order in which they came."""
    found: dict[str, dict[str, list[Result]]] = {}
    for result in results:
        found.setdefault(result.suite, {}).setdefault(result.dataset, []).append(result)
    return found


def _sections(report: Report, cases: Cases, album: Album) -> Iterator[str]:
    for suite, datasets in _in_order(report.results).items():
        parts = "".join(
            _dataset(name, results, cases.get(f"{suite}.{name}", []), album)
            for name, results in datasets.items()
        )
        yield f'<section id="{escape(suite)}"><h2>{escape(suite)}</h2>{parts}</section>'


def _dataset(name: str, results: Sequence[Result], cases: Sequence[Case], album: Album) -> str:
    ours = [case for case in cases if case.system == PRODUCT]
    scores = [case.score for case in ours if case.score is not None]
    spread = histogram(scores)
    if spread:
        spread = f"<figure><figcaption>{len(scores)} cases by score</figcaption>{spread}</figure>"
    return (
        f"<article><h3>{escape(name)}</h3>{bars(results)}{_gone(results)}{spread}"
        f"{_worst(ours, album)}</article>"
    )


def _gone(results: Iterable[Result]) -> str:
    """Figures without a value, and why."""
    told = "".join(
        f"<li><b>{escape(r.metric)}</b> ({escape(r.system)}): {r.status.replace('_', ' ')}"
        f" – {escape(r.reason or '')}</li>"
        for r in results
        if r.value is None
    )
    return f'<ul class="gone">{told}</ul>' if told else ""


def _worst(cases: Iterable[Case], album: Album) -> str:
    rated = [(case.score, case) for case in cases if case.score is not None and case.score < 1]
    rated.sort(key=lambda pair: pair[0])
    worst = [case for place, (_, case) in enumerate(rated) if place < WORST or case.shown]
    if not worst:
        return ""
    shown = "".join(_card(case, album) for case in worst)
    legend = "".join(
        f'<span class="{tone}">{told}</span>'
        for tone, told in (
            ("expected", "expected, or not found"),
            ("got", "ours"),
            ("wrong", "ours, and wrong"),
        )
    )
    return (
        f'<details open><summary>Worst cases</summary><p class="legend">{legend}</p>'
        f'<div class="cards">{shown}</div></details>'
    )


def _card(case: Case, album: Album) -> str:
    uri = album.data_uri(case.sketch) if case.sketch else None
    picture = f'<img alt="" src="{uri}">' if uri else ""
    row = "".join(_thumbnail(sketch, album) for sketch in case.thumbnails)
    texts = "".join(
        f'<dt>{name}</dt><dd class="{name}">{escape(_short(text))}</dd>'
        for name, text in (("expected", case.expected), ("got", case.got))
        if text is not None
    )
    return (
        f'<div class="card"><h4><b>{case.score:.2f}</b> {escape(case.input)}</h4>'
        f"<p>{escape(case.why)}</p>{picture}"
        f'{row and f"""<div class="row">{row}</div>"""}<dl>{texts}</dl></div>'
    )


def _thumbnail(sketch: Sketch, album: Album) -> str:
    uri = album.data_uri(sketch, THUMBNAIL)
    if uri is None:
        return ""
    told = escape(sketch.told)
    return f'<figure><img alt="{told}" src="{uri}"><figcaption>{told}</figcaption></figure>'


def _short(text: str | float) -> str:
    told = str(text)
    return told if len(told) <= _LONGEST_TEXT else told[:_LONGEST_TEXT] + " …"


def _table(report: Report) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in HEAD)
    body = "".join(
        f'<tr class="{"ours" if row[1] == PRODUCT else "other"}">'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for row in lines(report)
    )
    return (
        '<section id="figures"><h2>All figures</h2>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></section>"
    )


def _weights(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{escape(m.role)}</td><td>{escape(m.id)}</td><td><code>{escape(m.sha256)}</code>"
        "</td></tr>"
        for m in report.models
    )
    return f"<section><h2>Weights</h2><table>{rows}</table></section>" if rows else ""
