"""What the suite `retrieval` reports of what the systems found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from evals.datasets.pages import Asked, Page
from evals.intervals import mean_interval, paired_difference
from evals.plain_search import FUSION
from evals.results import PRODUCT, Case, Result, Status, measured, missing
from evals.retrieval_variants import NOT_RERANKED
from evals.scorers.ranking import hit, ndcg, reciprocal_rank
from evals.sketches import Sketch
from evals.suites import Context
from pincite.config import NoReranker

SUITE: Final = "retrieval"
METRICS: Final = ("hit_at_1", "hit_at_5", "hit_at_10", "mrr", "ndcg_at_10")
GAIN: Final = "hit_at_5_gain"
RERANK_GAIN: Final = "hit_at_5_rerank_gain"
_NO_RERANKER: Final = "no reranker is configured; see PINCITE_RERANKER__KIND in docs/settings.md"


class Found(NamedTuple):
    asked: Asked
    pages: tuple[Page, ...]
    seconds: float


def scored(found: Found) -> dict[str, float]:
    gold = found.asked.gold
    return {
        **{f"hit_at_{k}": hit(found.pages, gold, k) for k in (1, 5, 10)},
        "mrr": reciprocal_rank(found.pages, gold),
        "ndcg_at_10": ndcg(found.pages, gold, 10),
    }


def cases(
    name: str, found: Mapping[str, Sequence[Found]], files: Iterable[Path]
) -> Iterator[tuple[str, Case]]:
    """`files` are those that the pages are of; only of PDFs are pages shown."""
    drawable = {file.name: file for file in files if file.suffix.lower() == ".pdf"}
    for system in (PRODUCT, FUSION):
        for one in found.get(system, ()):
            place = next((n for n, p in enumerate(one.pages, 1) if p in one.asked.gold), None)
            yield (
                name,
                Case(
                    input=one.asked.id,
                    system=system,
                    expected=_told(sorted(one.asked.gold)),
                    got=_told(one.pages[:5]),
                    score=scored(one)["hit_at_5"],
                    why=f"{one.asked.question} — " + (f"rank {place}" if place else "not found"),
                    thumbnails=tuple(_shown(one, drawable)),
                ),
            )


def _shown(one: Found, drawable: Mapping[str, Path]) -> Iterator[Sketch]:
    """A page that was wanted, and the first that were found."""
    wanted = [("wanted", page) for page in sorted(one.asked.gold)[:1]]
    found = [(f"{number}.", page) for number, page in enumerate(one.pages[:3], start=1)]
    for told, page in wanted + found:
        if page.file in drawable:
            file = drawable[page.file]
            yield Sketch(file=file, page=page.number, told=f"{told} {file.stem} p. {page.number}")


def _told(found: Sequence[Page]) -> str:
    return ", ".join(f"{page.file} p. {page.number}" for page in found)


def figures(
    context: Context, name: str, found: Mapping[str, Sequence[Found]], total: int, failed: int
) -> Iterator[Result]:
    if PRODUCT not in found:
        yield from none(name, "the time budget was spent", "partial")
    for system, items in found.items():
        shared: dict[str, object] = {"system": system, "n_total": total}
        if context.out_of_time:
            shared |= {"status": "partial", "reason": "the time budget was spent"}
        if system == PRODUCT and failed:
            shared |= {"reason": f"{failed} files or parts of files could not be read"}
        yield from _means(name, items, METRICS, shared, context.seed)
        for modality in sorted({kind for one in items for kind in one.asked.modalities}):
            of = [one for one in items if modality in one.asked.modalities]
            if len(of) < len(items):
                yield from _means(
                    name, of, ("hit_at_5",), {**shared, "slice": modality}, context.seed
                )
        seconds = sorted(one.seconds for one in items)
        if seconds and seconds[-1]:
            yield measured(
                SUITE,
                name,
                "search_p95_seconds",
                seconds[int(0.95 * (len(seconds) - 1))],
                unit="s",
                higher_is_better=False,
                **{**shared, "n": len(items)},
            )
    yield from _gains(context, name, found, total)


def none(name: str, why: str, status: Status = "not_applicable") -> Iterator[Result]:
    for metric in (*METRICS, GAIN, RERANK_GAIN):
        yield missing(SUITE, name, metric, why, status)


def _means(
    name: str,
    items: Sequence[Found],
    metrics: Sequence[str],
    shared: Mapping[str, object],
    seed: int,
) -> Iterator[Result]:
    scores = [scored(one) for one in items]
    for metric in metrics:
        values = [score[metric] for score in scores]
        yield measured(
            SUITE,
            name,
            metric,
            sum(values) / len(values),
            unit="fraction",
            higher_is_better=True,
            ci95=mean_interval(values, seed=seed),
            **{**shared, "n": len(items)},
        )


def _gains(
    context: Context, name: str, found: Mapping[str, Sequence[Found]], total: int
) -> Iterator[Result]:
    yield from _gain(name, GAIN, (PRODUCT, FUSION), found, total, context.seed)
    if isinstance(context.settings.reranker, NoReranker):
        yield missing(SUITE, name, RERANK_GAIN, _NO_RERANKER)
        return
    systems = (PRODUCT, NOT_RERANKED)
    yield from _gain(name, RERANK_GAIN, systems, found, total, context.seed)


def _gain(
    name: str,
    metric: str,
    systems: tuple[str, str],
    found: Mapping[str, Sequence[Found]],
    total: int,
    seed: int,
) -> Iterator[Result]:
    """Of the first system over the second."""
    ours, theirs = (found.get(system, ()) for system in systems)
    if ours and len(ours) != len(theirs):
        yield missing(SUITE, name, metric, "not all questions were asked", "partial")
    if not ours or len(ours) != len(theirs):
        return
    mean, low, high = paired_difference(
        [scored(one)["hit_at_5"] for one in ours],
        [scored(one)["hit_at_5"] for one in theirs],
        seed=seed,
    )
    yield measured(
        SUITE,
        name,
        metric,
        mean,
        unit="of questions",
        higher_is_better=True,
        ci95=(low, high),
        n=len(ours),
        n_total=total,
        reason=f"ours less {systems[1]}, over the same questions; paired bootstrap",
    )
