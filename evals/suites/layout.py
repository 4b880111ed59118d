"""Layout: regions of page pictures against PubLayNet's boxes, as COCO's mean average precision."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from time import perf_counter

from evals.datasets.coco import Page, load
from evals.intervals import interval_of
from evals.results import Case, Result, measured, missing
from evals.scorers.average_precision import (
    Box,
    Guessed,
    average_precision,
    mean_average_precision,
)
from evals.sketches import Mark, Sketch, Tone
from evals.suites import Context
from ingestion.readers.pictures import load_picture
from pincite.errors import PinciteError
from pincite.models.factory import layout_model, text_recognizer
from pincite.models.ports import LayoutModel, Region
from pincite.values import Value

SUITE, DATASET, METRIC = "layout", "publaynet", "map"
FOLDER = "publaynet_examples"
PAGES = 400
LABELS = {
    "text": "text",
    "figure_caption": "text",
    "table_caption": "text",
    "title": "title",
    "reference": "list",
    "list": "list",
    "table": "table",
    "figure": "figure",
}
"""The model's labels as PubLayNet's, which calls a bibliography a list and captions text."""


class _Seen(Value):
    """What the model saw on a page; None where its picture cannot be read."""

    guesses: tuple[Guessed, ...] | None
    seconds: float


Judged = tuple[Page, list[Guessed]]


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """The shipped layout model on a sample of pages; average precision by label beside it."""
    folder = context.dataset(FOLDER)
    sets = load(folder) if folder else []
    if not sets:
        yield missing(SUITE, DATASET, METRIC, f"no folder {FOLDER} in --data")
        return
    everything = [page for pages in sets for page in pages.pages]
    labels = sorted({label for pages in sets for label in pages.labels})
    reads = partial(text_recognizer, context.settings.ocr)
    model = layout_model(context.settings.layout, reads)
    judged, failed = list[Judged](), 0
    chosen = context.sample(everything, lambda page: page.name, PAGES)
    seconds = 0.0
    for page in chosen:
        if context.out_of_time:
            break
        seen = context.once(_Seen, page.name, partial(_seen, context, model, page))
        guesses = None if seen.guesses is None else list(seen.guesses)
        seconds += seen.seconds
        failed += guesses is None
        judged.append((page, guesses or []))
        yield DATASET, _case(page, guesses, labels)
    if not judged:
        yield missing(SUITE, DATASET, METRIC, "the time budget was spent", "partial")
        return
    shared: dict[str, object] = {
        "unit": "fraction",
        "higher_is_better": True,
        "split": "+".join(pages.split for pages in sets),
        "n": len(judged),
        "n_total": len(everything),
        "n_failed": failed,
        "status": "ok" if len(judged) == len(chosen) else "partial",
    }
    yield from _results(judged, labels, shared)
    yield measured(
        SUITE,
        DATASET,
        "seconds_per_page",
        seconds / max(1, len(judged)),
        **{**shared, "unit": "s", "higher_is_better": False},
    )


def _seen(context: Context, model: LayoutModel, page: Page) -> _Seen:
    began = perf_counter()
    guesses = _guesses(context, model, page)
    seconds = perf_counter() - began
    return _Seen(guesses=None if guesses is None else tuple(guesses), seconds=seconds)


def _guesses(context: Context, model: LayoutModel, page: Page) -> list[Guessed] | None:
    """None where the picture cannot be read."""
    try:
        picture = load_picture(page.picture, context.settings.ingestion.max_megapixels)
    except PinciteError:
        return None
    return [_guess(region) for region in model.regions(picture.pixels) if region.label in LABELS]


def _guess(region: Region) -> Guessed:
    box = Box(region.left, region.top, region.right, region.bottom)
    return Guessed(LABELS[region.label], box, region.confidence)


def _results(
    judged: list[Judged], labels: list[str], shared: dict[str, object]
) -> Iterator[Result]:
    pages = [(page.truth, guesses) for page, guesses in judged]
    yield measured(
        SUITE,
        DATASET,
        METRIC,
        mean_average_precision(pages, labels),
        ci95=interval_of(
            lambda drawn: mean_average_precision([pages[index] for index in drawn], labels),
            len(pages),
            resamples=100,
        ),
        **shared,
    )
    for label in labels:
        value = average_precision(pages, label)
        if value is not None:
            yield measured(SUITE, DATASET, METRIC, value, slice=label, **shared)


def _case(page: Page, guesses: list[Guessed] | None, labels: list[str]) -> Case:
    found = guesses or []
    return Case(
        input=page.name,
        expected=_counts([item.label for item in page.truth]),
        got=_counts([item.label for item in found if item.confidence >= 0.5]),
        score=mean_average_precision([(page.truth, found)], labels),
        why="the picture could not be read" if guesses is None else "",
        sketch=Sketch(
            file=page.picture,
            marks=(
                *(_mark(item.box, "expected") for item in page.truth),
                *(_mark(item.box, "got") for item in found if item.confidence >= 0.5),
            ),
        ),
    )


def _mark(box: Box, tone: Tone) -> Mark:
    return Mark(left=box.left, top=box.top, right=box.right, bottom=box.bottom, tone=tone)


def _counts(labels: list[str]) -> str:
    return ", ".join(f"{labels.count(label)} {label}" for label in sorted(set(labels)))
