"""Do elements stand where they are said to? Places are cut out and read by another reader.

Digital pages: each sampled element's boxes are rendered and read by OCR; its text came from the
text layer. Scans: each sampled element's text came from OCR; it is compared with what people marked
inside its box. An element agrees from a likeness of `evals.scorers.alike.AGREES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from evals.datasets import funsd, sroie
from evals.datasets.marked import MarkedPage
from evals.datasets.pdfs import PAGES, Stretch, stretches
from evals.intervals import interval_of, mean_interval
from evals.read_back import Place, ReadBack, StretchRead, mark, read_stretch, seen_at
from evals.read_back_scans import ScanRead, read_scan
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.sampling import sample
from evals.scorers.alike import AGREES, likeness
from evals.shipped import reader_of
from evals.sketches import Sketch
from evals.suites import Context
from ingestion.readers.pdfium import PdfFile
from pincite.models.factory import text_recognizer
from pincite.models.ports import TextRecognizer

SUITE = "locators"
PDF_SETS = ("financebench", "icdar2013_tables", "mmlongbench_doc", "olmocr_bench")
STRETCHES, ELEMENTS, SCANS = 12, 300, 15
"""Stretches of each set of PDFs, elements of each kind of page, scans of each set."""
_CUT = "the time budget was spent"


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    yield from _digital(context)
    yield from _scanned(context)


# --- digital pages -------------------------------------------------------------------------------


def _digital(context: Context) -> Iterator[Result | tuple[str, Case]]:
    folders = [folder for name in PDF_SETS if (folder := context.dataset(name)) is not None]
    if not folders:
        for metric in ("agreement", "likeness", "characters_once", "pages_per_second"):
            yield missing(SUITE, "digital", metric, f"none of {', '.join(PDF_SETS)} in --data")
        return
    every = [list(stretches(folder)) for folder in folders]
    chosen = [
        stretch
        for one in every
        for stretch in context.sample(one, lambda stretch: stretch.id, STRETCHES)
    ]
    read: list[tuple[Stretch, StretchRead]] = []
    for stretch in chosen:
        if context.out_of_time:
            break
        read.append((stretch, _stretch(context, stretch)))
    pages = sum(len(stretch.pages) for one in every for stretch in one)
    yield from _page_figures(context, read, pages, cut=len(read) < len(chosen))
    yield from _agreement(context, read)


def _stretch(context: Context, stretch: Stretch) -> StretchRead:
    reader = reader_of(context, stretch.file)
    return context.once(StretchRead, stretch.id, lambda: read_stretch(reader, stretch))


def _page_figures(
    context: Context, read: Sequence[tuple[Stretch, StretchRead]], pages: int, *, cut: bool
) -> Iterator[Result]:
    done = [one for _, one in read if one.pages]
    if not done:
        yield missing(SUITE, "digital", "characters_once", _CUT, "partial")
        yield missing(SUITE, "digital", "pages_per_second", _CUT, "partial")
        return
    shared: dict[str, object] = {
        "n": sum(one.pages for one in done),
        "n_total": pages,
        "n_failed": sum(len(one.failed) for one in done),
        "reason": f"pages in stretches of {PAGES}, {STRETCHES} from each of {', '.join(PDF_SETS)}",
        **({"status": "partial", "reason": _CUT} if cut else {}),
    }

    for metric, system, of, by, higher in (
        ("characters_once", PRODUCT, "once", "characters", True),
        ("characters_lost", PRODUCT, "lost", "characters", False),
        ("characters_again", PRODUCT, "again", "characters", False),
        ("pages_per_second", PRODUCT, "pages", "seconds", True),
        ("pages_per_second", "pypdfium2 raw text", "pages", "raw_seconds", True),
    ):
        table = [(float(getattr(one, of)), float(getattr(one, by))) for one in done]

        def over(chosen: Sequence[int], rows: Sequence[tuple[float, float]] = table) -> float:
            return sum(rows[n][0] for n in chosen) / max(1e-9, sum(rows[n][1] for n in chosen))

        yield measured(
            SUITE,
            "digital",
            metric,
            over(range(len(done))),
            system=system,
            unit="pages/s" if metric == "pages_per_second" else "fraction",
            higher_is_better=higher,
            ci95=interval_of(over, len(done), seed=context.seed),
            **shared,
        )


def _agreement(
    context: Context, read: Sequence[tuple[Stretch, StretchRead]]
) -> Iterator[Result | tuple[str, Case]]:
    places = [(stretch, place) for stretch, one in read for place in one.places]
    chosen = context.sample(_spread(places, context.seed), lambda pair: pair[1].id, ELEMENTS)
    eye = text_recognizer(context.settings.ocr)
    backs: list[ReadBack] = []
    for stretch, place in chosen:
        if context.out_of_time:
            break
        back = _read_back(context, stretch, place, eye)
        backs.append(back)
        box = place.boxes[0]
        sketch = Sketch(file=stretch.file, page=box.page, marks=back.marks, part=back.marks[0])
        yield "digital", _case(back, sketch)
    yield from _agreement_figures(context, "digital", backs, len(chosen), len(places))


def _spread(places: Sequence[tuple[Stretch, Place]], seed: int) -> list[tuple[Stretch, Place]]:
    """As many of each stretch as it takes, so that long tables do not fill the sample."""
    by_stretch: dict[str, list[tuple[Stretch, Place]]] = {}
    for pair in places:
        by_stretch.setdefault(pair[0].id, []).append(pair)
    each = -(-ELEMENTS // max(1, len(by_stretch)))
    while sum(min(each, len(some)) for some in by_stretch.values()) < min(ELEMENTS, len(places)):
        each += 1
    return [
        pair
        for some in by_stretch.values()
        for pair in sample(some, each, id_of=lambda pair: pair[1].id, seed=seed)
    ]


def _read_back(context: Context, stretch: Stretch, place: Place, eye: TextRecognizer) -> ReadBack:
    def make() -> ReadBack:
        with PdfFile(stretch.file) as pdf:
            got = seen_at(pdf, place.boxes, eye)
        return ReadBack(
            id=place.id,
            expected=place.text,
            got=got,
            likeness=likeness(place.text, got),
            marks=tuple(mark(box) for box in place.boxes if box.page == place.boxes[0].page),
        )

    return context.once(ReadBack, place.id, make)


# --- scans ---------------------------------------------------------------------------------------


def _scanned(context: Context) -> Iterator[Result | tuple[str, Case]]:
    forms, receipts = context.dataset("funsd"), context.dataset("sroie")
    sets = (
        [form.page for form in funsd.read(forms)] if forms else [],
        [receipt.page for receipt in sroie.read(receipts)] if receipts else [],
    )
    if not any(sets):
        for metric in ("agreement", "likeness"):
            yield missing(SUITE, "scanned", metric, "neither funsd nor sroie in --data")
        return
    backs: list[tuple[MarkedPage, ReadBack]] = []
    failed: list[str] = []
    for pages in sets:
        for page in context.sample(pages, lambda page: f"{page.split}/{page.id}", SCANS):
            if context.out_of_time:
                break
            scan = context.once(
                ScanRead, f"scan/{page.split}/{page.id}", partial(read_scan, context, page)
            )
            failed += [scan.failed] if scan.failed else []
            backs += [(page, back) for back in scan.elements]
    chosen = context.sample(backs, lambda pair: pair[1].id, ELEMENTS)
    for page, back in chosen:
        yield "scanned", _case(back, Sketch(file=page.image, marks=back.marks, part=back.marks[0]))
    only = [back for _, back in chosen]
    yield from _agreement_figures(
        context, "scanned", only, len(chosen), len(backs), failed=len(failed)
    )


# --- both ----------------------------------------------------------------------------------------


def _case(back: ReadBack, sketch: Sketch) -> Case:
    agrees = "agrees" if back.likeness >= AGREES else "differs"
    return Case(
        input=back.id,
        expected=back.expected,
        got=back.got,
        score=round(back.likeness, 4),
        why=f"{agrees}: likeness {back.likeness:.3f}, wanted {AGREES}",
        sketch=sketch,
    )


def _agreement_figures(
    context: Context,
    dataset: str,
    backs: Sequence[ReadBack],
    wanted: int,
    total: int,
    *,
    failed: int = 0,
) -> Iterator[Result]:
    agree = [float(back.likeness >= AGREES) for back in backs]
    like = [back.likeness for back in backs]
    cut = len(backs) < wanted or context.out_of_time
    for metric, values in (("agreement", agree), ("likeness", like)):
        if not values:
            yield missing(SUITE, dataset, metric, _CUT if cut else "no element", "partial")
            continue
        yield measured(
            SUITE,
            dataset,
            metric,
            sum(values) / len(values),
            unit="fraction",
            higher_is_better=True,
            n=len(values),
            n_total=total,
            n_failed=failed,
            ci95=mean_interval(values, seed=context.seed),
            **({"status": "partial", "reason": _CUT} if cut else {}),
        )
