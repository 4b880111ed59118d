"""The report as Markdown, and how figures are written everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evals.results import Report, Result

HEAD = ("figure", "system", "slice", "value", "95 %", "n", "note")


def value_of(result: Result) -> str:
    """The value with its unit, or the status where there is none."""
    if result.value is None:
        return result.status.replace("_", " ")
    return f"{number(result.value)} {result.unit if result.unit != 'fraction' else ''}".strip()


def number(value: float) -> str:
    """Three digits where they tell something, four next to 0 and 1."""
    if 0 < value < 0.01 or 0.99 < value < 1:
        return f"{value:.4f}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"


def lines(report: Report) -> Iterable[Sequence[str]]:
    """A row for each figure, under `HEAD`."""
    for r in report.results:
        interval = f"{number(r.ci95[0])}–{number(r.ci95[1])}" if r.ci95 else ""
        failed = f", {r.n_failed} failed" if r.n_failed else ""
        yield (
            r.key,
            r.system,
            r.slice,
            value_of(r),
            interval,
            f"{r.n}/{r.n_total}{failed}",
            r.reason or "",
        )


def facts(report: Report) -> list[tuple[str, str]]:
    """What was run where, by name."""
    run, machine, product = report.run, report.machine, report.product
    return [
        ("version", f"{product.version} at {product.commit[:12] or 'no checkout'}"),
        ("configuration", product.config_sha256[:12]),
        ("machine", f"{machine.cores} cores, {machine.memory_gib} GiB, {machine.gpu or 'no GPU'}"),
        ("network", run.network),
        ("profile", f"{run.profile}, seed {run.seed}"),
        ("run", f"{run.started}, {run.seconds:.0f} s, {run.status}"),
        ("ignored", ", ".join(report.ignored) or "no folder"),
    ]


SAMPLE_RULE = (
    "Where n is below the total, the items with the lowest SHA-256 of seed and item id were "
    "taken: the same in every run of this seed. Items that failed count as wrong."
)


def markdown(report: Report) -> str:
    """The report as one Markdown table."""
    rows = [HEAD, ("---",) * len(HEAD), *lines(report)]
    table = "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in rows)
    told = "\n".join(f"- {name}: {value}" for name, value in facts(report))
    weights = "\n".join(
        f"- {model.role}: {model.id} `{model.sha256[:12]}`" for model in report.models
    )
    return (
        f"# Pincite eval report\n\n{told}\n\n`{report.run.command}`\n\n{SAMPLE_RULE}\n\n{table}\n\n"
        f"## Weights\n\n{weights}\n"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
