"""Is the right page found? Questions over whole collections of long documents.

Every file of a set is ingested through the composition root into one library, a collection a set;
the corpus of a set is all its pages, that of `pooled` the pages of all sets at once. A question
counts as found at k where any page that answers it is among the first k pages; passages give their
pages in order, each once. Questions without an answer are left out. `pooled` has the questions
about pages of PDFs; paragraphs of SQuAD lie among its pages, and are asked about on their own.

Baselines, in the same run over the same files: see `evals.plain_search`. `hit_at_5_gain` is the
mean of ours less theirs over the same questions, with its paired bootstrap.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

from evals.datasets import financebench, mmlongbench_doc, squad
from evals.datasets.pages import Asked, Page
from evals.intervals import mean_interval, paired_difference
from evals.page_library import Paragraphs, fill, pages, written
from evals.plain_search import FUSION, PlainSearch, Texts, Windows, embedded, page_texts
from evals.results import PRODUCT, Case, Result, Status, measured, missing
from evals.retrieval_variants import VARIANTS
from evals.scorers.ranking import hit, ndcg, reciprocal_rank
from evals.suites import Context
from pincite.config import NoChat, Settings
from pincite.elements import Scope
from pincite.values import Value
from retrievers.ports import Retriever
from serving.bootstrap import Services, services

SUITE, POOLED = "retrieval", "pooled"
STANDARD: Final = {"mmlongbench_doc": 400, "financebench": 200, "squad": 150}
"""Questions; all of the first two, as far as the sets are here."""
KEEP: Final = 30
"""Passages that are asked for: enough for ten pages, of three passages each."""
METRICS: Final = ("hit_at_1", "hit_at_5", "hit_at_10", "mrr", "ndcg_at_10")
GAIN: Final = "hit_at_5_gain"
_OF_PAGES: Final = frozenset({"mmlongbench_doc", "financebench"})


class Ranked(Value):
    """What one system found for one question."""

    pages: tuple[Page, ...]
    seconds: float = 0


class Corpus(NamedTuple):
    """A set as it is searched."""

    files: Sequence[Path]
    texts: Texts
    asked: Sequence[Asked]
    total: int
    """Questions that there are."""


class Found(NamedTuple):
    asked: Asked
    pages: tuple[Page, ...]
    seconds: float


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """Set by set, then pooled."""
    corpora, paragraphs = _corpora(context)
    for name in STANDARD:
        if name not in corpora:
            yield from _none(name, f"no folder {name} in --data")
    if not _OF_PAGES & corpora.keys():
        yield from _none(POOLED, "no set with pages of PDFs in --data")
    if not corpora:
        return
    found: dict[str, dict[str, list[Found]]] = {}
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(services(_settings(context))))
        try:
            files = {name: corpus.files for name, corpus in corpora.items()}
            failed = runner.run(fill(opened.service, files, lambda: not context.out_of_time))
            for name, corpus in _with_pooled(corpora).items():
                found[name] = _asked_all(context, opened, paragraphs, corpora, name, corpus)
        finally:
            runner.run(stack.aclose())
    if context.journal.folder and not context.out_of_time:
        shutil.rmtree(context.journal.folder, ignore_errors=True)
    for name, corpus in _with_pooled(corpora).items():
        yield from _cases(name, found[name])
        yield from _figures(context, name, found[name], corpus.total, len(failed))


# --- what is searched ----------------------------------------------------------------------------


def _corpora(context: Context) -> tuple[dict[str, Corpus], Paragraphs]:
    found: dict[str, Corpus] = {}
    for module in (mmlongbench_doc, financebench):
        folder = context.dataset(module.NAME)
        if folder is not None:
            files, asked = module.files(folder), list(module.read(folder))
            texts = {page: text for file in files for page, text in page_texts(file).items()}
            found[module.NAME] = _corpus(context, module.NAME, files, texts, asked)
    folder = context.dataset(squad.NAME)
    articles: list[squad.Article] = []
    if folder is not None:
        articles, asked = squad.read(folder)
        texts = {
            Page(article.title, number): paragraph
            for article in articles
            for number, paragraph in enumerate(article.paragraphs, start=1)
        }
        files = written(articles, context.scratch / "articles")
        found[squad.NAME] = _corpus(context, squad.NAME, files, texts, asked)
    return found, Paragraphs(articles)


def _corpus(
    context: Context, name: str, files: Sequence[Path], texts: Texts, asked: Sequence[Asked]
) -> Corpus:
    chosen = context.sample(asked, lambda item: item.id, STANDARD[name])
    return Corpus(files, texts, chosen, len(asked))


def _with_pooled(corpora: Mapping[str, Corpus]) -> dict[str, Corpus]:
    paged = [corpus for name, corpus in corpora.items() if name in _OF_PAGES]
    if not paged:
        return dict(corpora)
    pooled = Corpus(
        files=[file for corpus in corpora.values() for file in corpus.files],
        texts={page: text for corpus in corpora.values() for page, text in corpus.texts.items()},
        asked=[asked for corpus in paged for asked in corpus.asked],
        total=sum(corpus.total for corpus in paged),
    )
    return {**corpora, POOLED: pooled}


def _settings(context: Context) -> Settings:
    folder = context.journal.folder or context.scratch
    return context.settings.model_copy(update={"data_dir": folder / "library", "chat": NoChat()})


# --- who searches --------------------------------------------------------------------------------


def _asked_all(
    context: Context,
    opened: Services,
    paragraphs: Paragraphs,
    corpora: Mapping[str, Corpus],
    name: str,
    corpus: Corpus,
) -> dict[str, list[Found]]:
    """By system; a system that the time did not suffice for has fewer questions."""
    scope = Scope(collections=frozenset(corpora if name == POOLED else {name}))
    found: dict[str, list[Found]] = {}
    for system, retriever in _retrievers(opened).items():
        for asked in corpus.asked:
            if context.out_of_time:
                break

            def make(asked: Asked = asked, retriever: Retriever = retriever) -> Ranked:
                began = perf_counter()
                hits = retriever.search(asked.question, scope, keep=KEEP)
                seconds = perf_counter() - began
                return Ranked(pages=tuple(pages(hits, paragraphs)), seconds=seconds)

            ranked = context.once(Ranked, f"{name}/{asked.id}/{system}", make)
            found.setdefault(system, []).append(Found(asked, ranked.pages, ranked.seconds))
    plain = _plain(context, opened, corpora, name, corpus)
    if plain is not None:
        for asked in corpus.asked:
            for system, ranking in plain.rankings(asked.question, KEEP).items():
                found.setdefault(system, []).append(Found(asked, tuple(ranking), 0))
    return found


def _retrievers(opened: Services) -> dict[str, Retriever]:
    return {PRODUCT: opened.retriever} | {name: make(opened) for name, make in VARIANTS.items()}


def _plain(
    context: Context,
    opened: Services,
    corpora: Mapping[str, Corpus],
    name: str,
    corpus: Corpus,
) -> PlainSearch | None:
    folder = context.journal.folder or context.scratch
    windows: list[Windows] = []
    for part in corpora if name == POOLED else (name,):
        by_file: dict[str, Texts] = {}
        for page, text in corpora[part].texts.items():
            by_file.setdefault(page.file, {})[page] = text
        for file, texts in by_file.items():
            cache = folder / "windows" / part / f"{file}.npy"
            made = embedded(texts, opened.encoder, cache, lambda: not context.out_of_time)
            if made is None:
                return None
            windows.append(made)
    return PlainSearch(corpus.texts, windows, opened.encoder)


# --- figures -------------------------------------------------------------------------------------


def _scores(found: Found) -> dict[str, float]:
    gold = found.asked.gold
    return {
        **{f"hit_at_{k}": hit(found.pages, gold, k) for k in (1, 5, 10)},
        "mrr": reciprocal_rank(found.pages, gold),
        "ndcg_at_10": ndcg(found.pages, gold, 10),
    }


def _cases(name: str, found: Mapping[str, Sequence[Found]]) -> Iterator[tuple[str, Case]]:
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
                    score=_scores(one)["hit_at_5"],
                    why=f"{one.asked.question} — " + (f"rank {place}" if place else "not found"),
                ),
            )


def _told(found: Sequence[Page]) -> str:
    return ", ".join(f"{page.file} p. {page.number}" for page in found)


def _figures(
    context: Context, name: str, found: Mapping[str, Sequence[Found]], total: int, failed: int
) -> Iterator[Result]:
    if PRODUCT not in found:
        yield from _none(name, "the time budget was spent", "partial")
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
    yield from _gain(name, found, total, context.seed)


def _none(name: str, why: str, status: Status = "not_applicable") -> Iterator[Result]:
    for metric in (*METRICS, GAIN):
        yield missing(SUITE, name, metric, why, status)


def _means(
    name: str,
    items: Sequence[Found],
    metrics: Sequence[str],
    shared: Mapping[str, object],
    seed: int,
) -> Iterator[Result]:
    scores = [_scores(one) for one in items]
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


def _gain(
    name: str, found: Mapping[str, Sequence[Found]], total: int, seed: int
) -> Iterator[Result]:
    ours, theirs = found.get(PRODUCT, ()), found.get(FUSION, ())
    if ours and len(ours) != len(theirs):
        yield missing(SUITE, name, GAIN, "not all questions were asked", "partial")
    if not ours or len(ours) != len(theirs):
        return
    mean, low, high = paired_difference(
        [_scores(one)["hit_at_5"] for one in ours],
        [_scores(one)["hit_at_5"] for one in theirs],
        seed=seed,
    )
    yield measured(
        SUITE,
        name,
        GAIN,
        mean,
        unit="of questions",
        higher_is_better=True,
        ci95=(low, high),
        n=len(ours),
        n_total=total,
        reason=f"ours less {FUSION}, over the same questions; paired bootstrap",
    )
