"""olmOCR-bench: the Markdown of each page against machine-checkable facts.

Other programs read the same pages in turn (`evals.peers_parse`), at most the first `PEER_PAGES` of
them; where more are read, the slice `beside others` has our figure on those that all have read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from evals.datasets.olmocr_bench import Benchmark, PageTest, load
from evals.intervals import mean_interval
from evals.peers_parse import PEERS, MarkdownRead, Peer, cut, how_to_install, scan_of
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.scorers.page_tests import baseline, run_test
from evals.shipped import reader_of
from evals.sketches import Sketch
from evals.speed import beside
from evals.suites import Context
from ingestion.readers.ports import UnitRead
from pincite.errors import ParserFailed, PinciteError
from pincite.markdown import markdown

SUITE, DATASET, METRIC, SPEED = "parse", "olmocr_bench", "pass_rate", "seconds_per_page"
PAGES = 200
PEER_PAGES = 50
"""Some peers take several seconds for each."""
_BASELINE = "baseline"
ReadPage = Callable[[Path, int], MarkdownRead]


class _Marks(NamedTuple):
    """What became of one page."""

    held: list[tuple[str, bool]]
    """Type of each test and whether it holds."""
    seconds: float
    failed: bool


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """The share of tests that hold, over all and by type; `baseline` asks for readable text."""
    folder = context.dataset(DATASET)
    if folder is None:
        yield missing(SUITE, DATASET, METRIC, f"no folder {DATASET} in --data")
        return
    bench = load(folder)
    absent = {peer: how for peer in PEERS if (how := how_to_install(peer))}
    with ExitStack() as stack:
        peers = [stack.enter_context(Peer(name)) for name in PEERS if name not in absent]
        yield from _pages(context, bench, peers)
        yield from beside.measure(context, peers)
    for peer, how in absent.items():
        gone = missing(SUITE, DATASET, METRIC, f"{peer} is not installed; run: {how}")
        yield gone.model_copy(update={"system": peer})


def _pages(
    context: Context, bench: Benchmark, peers: Sequence[Peer]
) -> Iterator[Result | tuple[str, Case]]:
    """Each page by every system in turn, so that what else runs slows all of them alike."""
    systems = {PRODUCT: _shipped(context), **{peer.name: _other(peer) for peer in peers}}
    pages = sorted({(test.pdf, test.page) for test in bench.tests})
    chosen = context.sample(pages, lambda page: f"{page[0]}#{page[1]}", PAGES)
    marks: dict[str, list[_Marks]] = {system: [] for system in systems}
    for pdf, page in [page for page in chosen if (bench.pdfs / page[0]).is_file()][:1]:
        _warm(systems.values(), bench.pdfs / pdf, page)
    for pdf, page in chosen:
        if context.out_of_time:
            break
        tests = [test for test in bench.tests if (test.pdf, test.page) == (pdf, page)]
        for system, reader in systems.items():
            if system == PRODUCT or len(marks[system]) < PEER_PAGES:
                read = _once(context, system, reader, bench.pdfs / pdf, page)
                cases = [_case(system, test, read, bench.pdfs / pdf) for test in tests]
                marks[system].append(_marks(tests, cases, read))
                yield from ((DATASET, case) for case in cases)
    total = Counter(test.type for test in bench.tests)
    complete = len(marks[PRODUCT]) == len(chosen)
    for system, found in marks.items():
        yield from _results(system, found, total, complete=complete)


# --- Readers -------------------------------------------------------------------------------------


def _shipped(context: Context) -> ReadPage:
    def read(pdf: Path, page: int) -> MarkdownRead:
        began = perf_counter()
        try:
            found = reader_of(context, pdf).read(pdf, page, slow=True)
        except (PinciteError, FileNotFoundError) as exc:
            return MarkdownRead(seconds=perf_counter() - began, failed=str(exc))
        if not isinstance(found, UnitRead):
            return MarkdownRead(seconds=perf_counter() - began, failed="nothing was read")
        text = markdown(found.elements)
        return MarkdownRead(markdown=text, seconds=perf_counter() - began)

    return read


def _other(peer: Peer) -> ReadPage:
    def read(pdf: Path, page: int) -> MarkdownRead:
        try:
            with cut(pdf, range(page, page + 1)) as file:
                return peer.read(file)
        except (ParserFailed, FileNotFoundError) as exc:
            return MarkdownRead(failed=str(exc))

    return read


def _once(context: Context, system: str, reader: ReadPage, pdf: Path, page: int) -> MarkdownRead:
    return context.once(MarkdownRead, f"{SUITE}/{system}/{pdf}#{page}", lambda: reader(pdf, page))


def _warm(readers: Iterable[ReadPage], pdf: Path, page: int) -> None:
    """Let models load before the clock runs: a page as it is, and as a scan."""
    with scan_of(pdf, [page]) as scan:
        for reader in readers:
            reader(pdf, page)
            reader(scan, 1)


# --- Figures -------------------------------------------------------------------------------------


def _case(system: str, test: PageTest, read: MarkdownRead, pdf: Path) -> Case:
    passed, why = (False, read.failed) if read.failed else run_test(test, read.markdown)
    fields = test.model_dump(
        exclude={"id", "pdf", "page", "checked", "type"}, exclude_defaults=True
    )
    return Case(
        input=f"{test.pdf}#{test.page} {test.id}",
        system=system,
        expected=f"{test.type}: " + ", ".join(f"{key}={value}" for key, value in fields.items()),
        got="" if passed else why,
        score=float(passed),
        why="" if passed else why,
        sketch=Sketch(file=pdf, page=test.page),
    )


def _marks(tests: Sequence[PageTest], cases: Sequence[Case], read: MarkdownRead) -> _Marks:
    held = [(test.type, case.score == 1) for test, case in zip(tests, cases, strict=True)]
    readable = not read.failed and baseline(None, read.markdown).passed
    return _Marks([*held, (_BASELINE, readable)], read.seconds, bool(read.failed))


def _results(
    system: str, pages: Sequence[_Marks], total: Mapping[str, int], *, complete: bool
) -> Iterator[Result]:
    by_type: dict[str, list[bool]] = {"all": []}
    for page in pages:
        for name, holds in page.held:
            by_type.setdefault(name, []).append(holds)
    by_type["all"] = _listed(pages)
    spent = "the time budget was spent"
    if not by_type["all"]:
        why, status = (spent, "partial") if not complete else ("no tests", "not_applicable")
        gone = missing(SUITE, DATASET, METRIC, why, status)
        yield gone.model_copy(update={"system": system})
        return
    if len(pages) > PEER_PAGES:
        by_type["beside others"] = _listed(pages[:PEER_PAGES])
    shared = {"system": system, "status": "ok" if complete else "partial"}
    shared |= {"reason": None if complete else spent}
    for name, values in by_type.items():
        lost = sum(len(page.held) - 1 for page in pages if page.failed) if name == "all" else 0
        yield measured(
            SUITE,
            DATASET,
            METRIC,
            sum(values) / len(values),
            slice=name,
            unit="fraction",
            higher_is_better=True,
            n=len(values),
            n_total=sum(total.values()) if name == "all" else max(len(values), total.get(name, 0)),
            n_failed=lost,
            ci95=mean_interval([float(holds) for holds in values]),
            **shared,
        )
    yield _speed(pages, shared)


def _listed(pages: Sequence[_Marks]) -> list[bool]:
    """The marks of the tests that the set itself lists."""
    return [holds for page in pages for _, holds in page.held[:-1]]


def _speed(pages: Sequence[_Marks], shared: Mapping[str, object]) -> Result:
    seconds = [page.seconds for page in pages[:PEER_PAGES]]
    return measured(
        SUITE,
        DATASET,
        SPEED,
        sum(seconds) / len(seconds),
        unit="s",
        higher_is_better=False,
        n=len(seconds),
        n_total=len(pages),
        ci95=mean_interval(seconds),
        **shared,
    )
