"""olmOCR-bench: the Markdown of each page against machine-checkable facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from evals.datasets.olmocr_bench import PageTest, load
from evals.intervals import mean_interval
from evals.results import Case, Result, measured, missing
from evals.scorers.page_tests import baseline, run_test
from evals.shipped import read_once
from evals.sketches import Sketch
from evals.suites import Context
from pincite.errors import PinciteError
from pincite.markdown import markdown

SUITE, DATASET, METRIC = "parse", "olmocr_bench", "pass_rate"
PAGES = 200
_NO_PAGE = "the page could not be read"


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """The share of tests that hold, over all and by type; `baseline` asks for readable text."""
    folder = context.dataset(DATASET)
    if folder is None:
        yield missing(SUITE, DATASET, METRIC, f"no folder {DATASET} in --data")
        return
    bench = load(folder)
    pages = sorted({(test.pdf, test.page) for test in bench.tests})
    chosen = context.sample(pages, lambda page: f"{page[0]}#{page[1]}", PAGES)
    passed: dict[str, list[bool]] = {}
    failed = read = 0
    for pdf, page in chosen:
        if context.out_of_time:
            break
        read += 1
        text = _markdown(context, bench.pdfs / pdf, page)
        tests = [test for test in bench.tests if (test.pdf, test.page) == (pdf, page)]
        failed += len(tests) if text is None else 0
        passed.setdefault("baseline", []).append(text is not None and baseline(None, text).passed)
        for test in tests:
            case = _case(test, text, Sketch(file=bench.pdfs / pdf, page=page))
            passed.setdefault(test.type, []).append(case.score == 1)
            yield DATASET, case
    total = Counter(test.type for test in bench.tests)
    yield from _results(passed, total, failed, complete=read == len(chosen))


def _markdown(context: Context, pdf: Path, page: int) -> str | None:
    """None where the page cannot be read."""
    try:
        read = read_once(context, pdf, page)
    except (PinciteError, FileNotFoundError):
        return None
    return markdown(read.elements) if read is not None else None


def _case(test: PageTest, text: str | None, sketch: Sketch) -> Case:
    passed, why = (False, _NO_PAGE) if text is None else run_test(test, text)
    fields = test.model_dump(
        exclude={"id", "pdf", "page", "checked", "type"}, exclude_defaults=True
    )
    return Case(
        input=f"{test.pdf}#{test.page} {test.id}",
        expected=f"{test.type}: " + ", ".join(f"{key}={value}" for key, value in fields.items()),
        got="" if passed else why,
        score=float(passed),
        why="" if passed else why,
        sketch=sketch,
    )


def _results(
    passed: dict[str, list[bool]], total: Counter[str], failed: int, *, complete: bool
) -> Iterator[Result]:
    listed = [held for name, values in passed.items() if name != "baseline" for held in values]
    if not listed:
        why = "the set has no tests" if complete else "the time budget was spent"
        yield missing(SUITE, DATASET, METRIC, why, "not_applicable" if complete else "partial")
        return
    for name, values in {"all": listed, **passed}.items():
        yield measured(
            SUITE,
            DATASET,
            METRIC,
            sum(values) / len(values),
            slice=name,
            unit="fraction",
            higher_is_better=True,
            n=len(values),
            n_total=total.total() if name == "all" else max(len(values), total[name]),
            n_failed=failed if name == "all" else 0,
            ci95=mean_interval([float(held) for held in values]),
            status="ok" if complete else "partial",
            reason=None if complete else "the time budget was spent",
        )
