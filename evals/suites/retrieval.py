"""Is the right page found? Questions over whole collections of long documents.

Every file of a set is ingested through the composition root into one library, a collection a set;
the corpus of a set is all its pages, that of `pooled` the pages of all sets at once. A question
counts as found at k where any page that answers it is among the first k pages; passages give their
pages in order, each once. Questions without an answer are left out. `pooled` has the questions
about pages of PDFs; paragraphs of SQuAD lie among its pages, and are asked about on their own.

Baselines, in the same run over the same files: see `evals.plain_search`. `hit_at_5_gain` is the
mean of ours less theirs over the same questions, with its paired bootstrap; `hit_at_5_rerank_gain`
the same of reranking, where the settings name a reranker.
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
from evals.page_library import Paragraphs, fill, pages, written
from evals.plain_search import PlainSearch, Texts, Windows, embedded, page_texts
from evals.results import PRODUCT, Case, Result
from evals.retrieval_figures import Found, cases, figures, none
from evals.retrieval_variants import variants
from evals.suites import Context
from pincite.config import NoChat, Settings
from pincite.elements import Scope
from pincite.values import Value
from retrievers.ports import Retriever
from serving.bootstrap import Services, services

POOLED: Final = "pooled"
STANDARD: Final = {"mmlongbench_doc": 400, "financebench": 200, "squad": 150}
"""Questions; all of the first two, as far as the sets are here."""
KEEP: Final = 30
"""Passages that are asked for: enough for ten pages, of three passages each."""
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


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """Set by set, then pooled."""
    corpora, paragraphs = _corpora(context)
    for name in STANDARD:
        if name not in corpora:
            yield from none(name, f"no folder {name} in --data")
    if not _OF_PAGES & corpora.keys():
        yield from none(POOLED, "no set with pages of PDFs in --data")
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
        yield from cases(name, found[name], corpus.files)
        yield from figures(context, name, found[name], corpus.total, len(failed))


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
    return {PRODUCT: opened.retriever, **variants(opened)}


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
