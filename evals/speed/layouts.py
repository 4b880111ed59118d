"""Digital pages a second: by text alone, with the layout model where rules ask, on every page.

Pages of a filing, a paper and files with tables, read from first to last without OCR; one page at a
time, sweeps for garbage as rare as in the parser process. Per second of the processor that the
process used (all its threads), which other work on the machine disturbs least, and per second of
the clock. PDFium's bare text of the same pages stands beside both: the same machine, the same load.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Literal, NamedTuple

import pypdfium2 as pdfium

from evals.results import PRODUCT, Result, measured, missing
from evals.suites import Context
from ingestion.media import sniff
from ingestion.readers.registry import reader_for
from pincite.config import Settings
from pincite.models.store import ModelStore

SUITE, DATASET = "speed", "reading"
_SETS = (("financebench", 40), ("mmlongbench_doc", 40), ("icdar2013_tables", 40))
_MODES: dict[str, Literal["never", "complex_pages", "every_page"]] = {
    "text_only": "never",
    "layout_adaptive": "complex_pages",
    "layout_every_page": "every_page",
}
_BARE = "pypdfium2 raw text"
_OBJECTS_BETWEEN_SWEEPS = 50_000


class _Pages(NamedTuple):
    file: Path
    numbers: Sequence[int]


class _Taken(NamedTuple):
    cpu: float
    clock: float


def measure(context: Context) -> Iterator[Result]:
    chosen = list(_chosen(context))
    n = sum(len(pages.numbers) for pages in chosen)
    if not n:
        folders = ", ".join(name for name, _ in _SETS)
        yield missing(SUITE, DATASET, "text_only_pages_per_second", f"no {folders} in --data")
        return
    with _rare_sweeps():
        bare = _timed(chosen, _bare_text)
        taken = {name: _shipped(context, mode, chosen) for name, mode in _MODES.items()}
    for name, ours in taken.items():
        for system, times in ((PRODUCT, ours), (_BARE, bare)):
            for unit, seconds in (("cpu_second", times.cpu), ("second", times.clock)):
                yield measured(
                    SUITE,
                    DATASET,
                    f"{name}_pages_per_{unit}",
                    n / seconds,
                    unit="pages/s",
                    higher_is_better=True,
                    n=n,
                    n_total=n,
                    system=system,
                )


def _chosen(context: Context) -> Iterator[_Pages]:
    """The first pages of the first files of each set."""
    for name, most in _SETS:
        folder = context.dataset(name)
        left = most if context.limit is None else min(most, context.limit)
        for file in sorted(folder.rglob("*.pdf")) if folder else ():
            try:
                document = pdfium.PdfDocument(file)
            except pdfium.PdfiumError:
                continue
            numbers = range(1, min(len(document), left) + 1)
            document.close()
            if numbers:
                yield _Pages(file, numbers)
            left -= len(numbers)


def _shipped(
    context: Context,
    mode: Literal["never", "complex_pages", "every_page"],
    chosen: Sequence[_Pages],
) -> _Taken:
    ingestion = context.settings.ingestion.model_copy(update={"layout": mode})
    settings = context.settings.model_copy(update={"ingestion": ingestion})
    first = _Pages(chosen[0].file, chosen[0].numbers[:2])
    _timed([first], _reading(settings))
    return _timed(chosen, _reading(settings))


def _reading(settings: Settings) -> Callable[[_Pages], None]:
    store = ModelStore(settings.models)

    def read(pages: _Pages) -> None:
        reader = reader_for(sniff(pages.file).media_type, settings, store)
        reader.outline(pages.file)
        for number in pages.numbers:
            reader.read(pages.file, number, slow=False)

    return read


def _bare_text(pages: _Pages) -> None:
    document = pdfium.PdfDocument(pages.file)
    for number in pages.numbers:
        page = document[number - 1]
        page.get_textpage().get_text_range()
        page.close()
    document.close()


def _timed(chosen: Sequence[_Pages], work: Callable[[_Pages], None]) -> _Taken:
    cpu, clock = process_time(), perf_counter()
    for pages in chosen:
        work(pages)
    return _Taken(process_time() - cpu, perf_counter() - clock)


@contextmanager
def _rare_sweeps() -> Generator[None]:
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_SWEEPS, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
