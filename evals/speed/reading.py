"""How fast files become elements: digital pages, scans, recordings; one process, no sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

import pypdfium2 as pdfium

from evals.results import Result, measured, missing
from evals.speed import layouts
from evals.suites import Context
from ingestion.media import sniff
from ingestion.readers.ports import Later, Reader, UnitRead
from ingestion.readers.registry import reader_for
from pincite.models.store import ModelStore

SUITE, DATASET = "speed", "reading"
PAGES = 400
SCANS = 8


def measure(context: Context) -> Iterator[Result]:
    """Pages per second with the raw text of PDFium beside it, seconds per scan, × real time."""
    yield from _digital(context)
    yield from layouts.measure(context)
    yield from _scans(context)
    yield from _recordings(context)


def longest_pdf(folder: Path | None) -> Path | None:
    """The PDF with the most bytes per its data set's folder; filings with a text layer."""
    files = sorted(folder.rglob("*.pdf"), key=lambda file: file.stat().st_size) if folder else []
    return files[-1] if files else None


def _digital(context: Context) -> Iterator[Result]:
    pdf = longest_pdf(context.dataset("financebench"))
    if pdf is None:
        yield missing(SUITE, DATASET, "pdf_pages_per_second", "no folder financebench in --data")
        return
    units = min(PAGES if context.limit is None else context.limit, _pages(pdf))
    numbers = range(1, units + 1)
    raw = perf_counter()
    _raw_text(pdf, numbers)
    raw_s = perf_counter() - raw
    _read(context, pdf, numbers[:3], slow=False)
    ours_s, later = _read(context, pdf, numbers, slow=False)
    shared = {"unit": "pages/s", "higher_is_better": True, "n": units, "n_total": units}
    yield measured(SUITE, DATASET, "pdf_pages_per_second", units / ours_s, **shared)
    yield measured(
        SUITE,
        DATASET,
        "pdf_pages_per_second",
        units / raw_s,
        **shared,
        system="pypdfium2 raw text",
    )
    yield measured(
        SUITE,
        DATASET,
        "pages_left_for_ocr",
        later / units,
        unit="fraction",
        higher_is_better=False,
        n=units,
        n_total=units,
    )


def _scans(context: Context) -> Iterator[Result]:
    for name in ("funsd", "sroie"):
        folder = context.dataset(name)
        images = sorted(p for p in (folder.rglob("*") if folder else ()) if _is_picture(p))
        if not images:
            yield missing(SUITE, DATASET, f"ocr_{name}_seconds_per_page", f"no {name} in --data")
            continue
        step = max(1, len(images) // SCANS)
        chosen = images[::step][: context.limit or SCANS]
        _read(context, chosen[0], (1,), slow=True)
        seconds = sum(_read(context, image, (1,), slow=True)[0] for image in chosen)
        yield measured(
            SUITE,
            DATASET,
            f"ocr_{name}_seconds_per_page",
            seconds / len(chosen),
            unit="s",
            higher_is_better=False,
            n=len(chosen),
            n_total=len(images),
        )


def _recordings(context: Context) -> Iterator[Result]:
    folder = context.dataset("speech")
    files = sorted(p for p in (folder.rglob("*") if folder else ()) if _is_sound(p))
    chosen = files[: context.limit or len(files)]
    if not chosen:
        yield missing(SUITE, DATASET, "audio_realtime_factor", "no folder speech in --data")
        return
    _read(context, chosen[0], (1,), slow=True)
    length = seconds = 0.0
    for file in chosen:
        reader = _reader(context, file)
        outline = reader.outline(file)
        length += outline.seconds or 0
        seconds += _read(context, file, range(1, outline.units + 1), slow=True)[0]
    yield measured(
        SUITE,
        DATASET,
        "audio_realtime_factor",
        length / seconds,
        unit="× real time",
        higher_is_better=True,
        n=len(chosen),
        n_total=len(files),
    )


def _reader(context: Context, file: Path) -> Reader:
    return reader_for(sniff(file).media_type, context.settings, ModelStore(context.settings.models))


def _read(context: Context, file: Path, units: Sequence[int], *, slow: bool) -> tuple[float, int]:
    """Seconds taken, and how many units were left for a slower pass."""
    reader = _reader(context, file)
    reader.outline(file)
    began, later = perf_counter(), 0
    for unit in units:
        read: UnitRead | Later = reader.read(file, unit, slow=slow)
        later += isinstance(read, Later)
    return perf_counter() - began, later


def _pages(pdf: Path) -> int:
    document = pdfium.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _raw_text(pdf: Path, numbers: Sequence[int]) -> None:
    document = pdfium.PdfDocument(pdf)
    for number in numbers:
        page = document[number - 1]
        page.get_textpage().get_text_range()
        page.close()
    document.close()


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in {".png", ".jpg", ".jpeg"}


def _is_sound(path: Path) -> bool:
    return path.suffix.lower() in {".wav", ".mp3", ".flac", ".ogg", ".m4a"}
