"""Plots as inline SVG: bars with intervals against baselines, and how case scores are spread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from evals.report.markdown import number, value_of
from evals.results import PRODUCT, Result

_WIDTH, _LABEL, _SYSTEM, _VALUE = 760, 150, 170, 130
_BAR, _ROW, _GAP = 12, 19, 12
_BINS = 20


def bars(results: Iterable[Result]) -> str:
    """A group of bars for each metric, ours first; fractions share the scale from 0 to 1.

    Slices and figures without a value are left out; empty where nothing is left.
    """
    shown = [r for r in results if r.value is not None and r.slice == "all"]
    groups = [list(group) for _, group in groupby(sorted(shown, key=_order), lambda r: r.metric)]
    parts: list[str] = []
    top = 0
    for group in groups:
        parts.append(_group(group, top))
        top += _ROW * len(group) + _GAP
    return _svg(top, parts, "bars") if parts else ""


def _order(result: Result) -> tuple[str, bool, str]:
    return result.metric, result.system != PRODUCT, result.system


def _group(group: Sequence[Result], top: int) -> str:
    most = 1.0 if group[0].unit == "fraction" else 0.0
    scale = max([most, *(max(r.value or 0, r.ci95[1] if r.ci95 else 0) for r in group)]) or 1.0
    better = "higher is better" if group[0].higher_is_better else "lower is better"
    label = (
        f'<text class="metric" x="0" y="{top + _BAR}">{escape(group[0].metric)}'
        f"<title>{better}</title></text>"
        f'<text class="arrow" x="{_LABEL - 8}" y="{top + _BAR}">'
        f"{'↑' if group[0].higher_is_better else '↓'}</text>"
    )
    return label + "".join(_bar(r, top + _ROW * n, scale) for n, r in enumerate(group))


def _bar(result: Result, top: int, scale: float) -> str:
    left, room = _LABEL + _SYSTEM, _WIDTH - _LABEL - _SYSTEM - _VALUE
    width = room * (result.value or 0) / scale
    kind = "ours" if result.system == PRODUCT else "other"
    middle = top + _BAR / 2
    whisker = ""
    if result.ci95:
        low, high = (left + room * min(max(edge, 0), scale) / scale for edge in result.ci95)
        whisker = (
            f'<path class="interval" d="M{low:.1f} {middle - 3}v6M{low:.1f} {middle}'
            f'H{high:.1f}M{high:.1f} {middle - 3}v6"/>'
        )
    return (
        f'<text class="system {kind}" x="{left - 8}" y="{top + _BAR - 2}">'
        f"{escape(result.system)}</text>"
        f'<rect class="track" x="{left}" y="{top}" width="{room}" height="{_BAR}" rx="2"/>'
        f'<rect class="{kind}" x="{left}" y="{top}" width="{width:.1f}" height="{_BAR}" rx="2"/>'
        f"{whisker}"
        f'<text class="value {kind}" x="{left + room + 8}" y="{top + _BAR - 2}">'
        f"{escape(value_of(result))}</text>"
    )


def histogram(scores: Sequence[float]) -> str:
    """How many cases have which score, from 0 to 1; empty where scores lie elsewhere."""
    if len(scores) < 2 or min(scores) < 0 or max(scores) > 1:
        return ""
    counts = [0] * _BINS
    for score in scores:
        counts[min(_BINS - 1, int(score * _BINS))] += 1
    height, width, most = 60, 360, max(counts)
    step = width / _BINS
    parts = [
        f'<rect class="ours" x="{n * step + 1:.1f}" y="{14 + height * (1 - count / most):.1f}" '
        f'width="{step - 2:.1f}" height="{height * count / most:.1f}">'
        f"<title>{count} cases from {n / _BINS:.2f} to {(n + 1) / _BINS:.2f}</title></rect>"
        for n, count in enumerate(counts)
        if count
    ]
    bottom = 14 + height
    parts.append(f'<path class="axis" d="M0 {bottom}H{width}"/>')
    for mark in (0.0, 0.5, 1.0):
        anchor = {0.0: "start", 0.5: "middle", 1.0: "end"}[mark]
        parts.append(
            f'<text class="tick" text-anchor="{anchor}" x="{mark * width}" y="{bottom + 14}">'
            f"{mark:g}</text>"
        )
    mean = sum(scores) / len(scores)
    parts.append(
        f'<path class="mean" d="M{mean * width:.1f} 10V{bottom}"/>'
        f'<text class="tick" text-anchor="{"end" if mean > 0.8 else "start"}" '
        f'x="{mean * width + (-5 if mean > 0.8 else 5):.1f}" y="10">mean {number(mean)}</text>'
    )
    return _svg(bottom + 18, parts, "histogram", width)


def _svg(height: float, parts: Iterable[str], kind: str, width: int = _WIDTH) -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" '
        f'style="max-width:{width}px">{"".join(parts)}</svg>'
    )
