"""OCR of scanned pages: words, characters and seconds, with other programs on the same pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from time import perf_counter

from evals import peers_ocr
from evals.datasets import funsd, sroie
from evals.datasets.marked import MarkedPage, MarkedText
from evals.intervals import interval_of, mean_interval
from evals.peers_ocr import ReadTexts
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.scorers.words import WordCounts, compare, unmatched
from evals.shipped import marked_texts, reader_of
from evals.sketches import Mark, Sketch
from evals.suites import Context
from ingestion.readers.ports import UnitRead
from pincite.errors import PinciteError
from pincite.values import Value

SUITE = "ocr"
STANDARD = 40
"""Pages of each set; the peers take several seconds for each."""
_PEERS = {"rapidocr": peers_ocr.rapidocr, "tesseract": peers_ocr.tesseract}
_METRICS: dict[str, tuple[Callable[[WordCounts], float], bool]] = {
    "word_f1": (lambda counts: counts.f1, True),
    "word_precision": (lambda counts: counts.precision, True),
    "word_recall": (lambda counts: counts.recall, True),
    "cer": (lambda counts: counts.cer, False),
}


class PageRead(Value):
    """One page as one system read it."""

    page: str
    counts: WordCounts
    seconds: float
    expected: str
    got: str
    missed: tuple[MarkedText, ...]
    extra: tuple[MarkedText, ...]
    failed: str = ""


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """FUNSD's test forms and SROIE's receipts, each page by every system in turn."""
    forms, receipts = context.dataset("funsd"), context.dataset("sroie")
    pages = [form.page for form in funsd.read(forms)] if forms else []
    yield from _set(context, "funsd", "testing_data", pages)
    pages = [receipt.page for receipt in sroie.read(receipts)] if receipts else []
    yield from _set(context, "sroie", "all", pages)


def _set(
    context: Context, name: str, split: str, pages: Sequence[MarkedPage]
) -> Iterator[Result | tuple[str, Case]]:
    if not pages:
        for metric in (*_METRICS, "seconds_per_page"):
            yield missing(SUITE, name, metric, f"no scanned pages under {name} in --data")
        return
    chosen = context.sample(pages, lambda page: f"{page.split}/{page.id}", STANDARD)
    reads: dict[str, list[PageRead]] = {PRODUCT: [], **{peer: [] for peer in _PEERS}}
    for system, page, found in _reads(context, name, chosen):
        reads[system].append(found)
        yield name, _case(system, page, found)
    cut = len(reads[PRODUCT]) < len(chosen)
    shared: dict[str, object] = {"split": split, "n_total": len(pages)}
    if cut:
        shared |= {"status": "partial", "reason": "the time budget was spent"}
    for system, found in reads.items():
        yield from _figures(name, system, found, shared, context.seed)


def _reads(
    context: Context, name: str, pages: Sequence[MarkedPage]
) -> Iterator[tuple[str, MarkedPage, PageRead]]:
    """Each page by every system in turn, so that what else runs slows all of them alike."""
    systems = {PRODUCT: _shipped(context), **{peer: _ready(peer) for peer in _PEERS}}
    for page in pages:
        if context.out_of_time:
            return
        for system, reader in systems.items():
            if reader is not None:
                yield system, page, _read(context, name, system, reader, page)


@cache
def _ready(system: str) -> ReadTexts | None:
    return _PEERS[system]()


forget_peers = _ready.cache_clear


def _shipped(context: Context) -> ReadTexts:
    def read(path: Path) -> list[MarkedText]:
        found = reader_of(context, path).read(path, 1, slow=True)
        return marked_texts(found) if isinstance(found, UnitRead) else []

    return read


_warm: set[str] = set()


def _read(
    context: Context, name: str, system: str, reader: ReadTexts, page: MarkedPage
) -> PageRead:
    def make() -> PageRead:
        if system not in _warm:
            _warm.add(system)
            _timed(reader, page.image)
        return _one(reader, page)

    return context.once(PageRead, f"{name}/{page.split}/{page.id}/{system}", make)


def _one(reader: ReadTexts, page: MarkedPage) -> PageRead:
    texts, seconds, failed = _timed(reader, page.image)
    return PageRead(
        page=page.id,
        counts=compare(page.texts, texts),
        seconds=seconds,
        expected=_joined(page.texts),
        got=_joined(texts),
        missed=tuple(unmatched(page.texts, texts)),
        extra=tuple(unmatched(texts, page.texts)),
        failed=failed,
    )


def _timed(reader: ReadTexts, image: Path) -> tuple[list[MarkedText], float, str]:
    began, failed = perf_counter(), ""
    texts: list[MarkedText] = []
    try:
        texts = reader(image)
    except PinciteError as exc:
        failed = str(exc)
    return texts, perf_counter() - began, failed


def _joined(texts: Sequence[MarkedText]) -> str:
    return " ".join(text.text for text in texts)


def _case(system: str, page: MarkedPage, read: PageRead) -> Case:
    counts = read.counts
    return Case(
        input=f"{page.split}/{page.image.name}",
        system=system,
        expected=read.expected,
        got=read.got,
        score=round(counts.f1, 4),
        why=read.failed
        or f"{counts.matched} words matched of {counts.expected} marked and {counts.got} read; "
        f"{counts.edits} edits on {counts.characters} characters; {read.seconds:.2f} s",
        sketch=Sketch(
            file=page.image,
            marks=(
                *(_mark(text, "expected") for text in read.missed),
                *(_mark(text, "wrong") for text in read.extra),
            ),
        ),
    )


def _mark(text: MarkedText, tone: str) -> Mark:
    return Mark.model_validate({**text.model_dump(exclude={"text"}), "tone": tone})


def _figures(
    name: str, system: str, reads: Sequence[PageRead], shared: Mapping[str, object], seed: int
) -> Iterator[Result]:
    if not reads:
        for metric in (*_METRICS, "seconds_per_page"):
            why = "the time budget was spent" if system == PRODUCT else f"{system} is not installed"
            status = "partial" if system == PRODUCT else "not_applicable"
            gone = missing(SUITE, name, metric, why, status)
            yield gone.model_copy(update={"system": system})
        return
    shared = {
        **shared,
        "system": system,
        "n": len(reads),
        "n_failed": sum(bool(read.failed) for read in reads),
    }
    for metric, (value, higher) in _METRICS.items():

        def over(chosen: Sequence[int], of: Callable[[WordCounts], float] = value) -> float:
            return of(sum((reads[index].counts for index in chosen), WordCounts()))

        yield measured(
            SUITE,
            name,
            metric,
            over(range(len(reads))),
            unit="fraction",
            higher_is_better=higher,
            ci95=interval_of(over, len(reads), seed=seed),
            **shared,
        )
    seconds = [read.seconds for read in reads]
    yield measured(
        SUITE,
        name,
        "seconds_per_page",
        sum(seconds) / len(seconds),
        unit="s",
        higher_is_better=False,
        ci95=mean_interval(seconds, seed=seed),
        **shared,
    )
