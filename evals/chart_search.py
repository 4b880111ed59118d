"""Charts of which only the picture is known, ingested as a user would, and searched by words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from typing import NamedTuple

from evals.datasets.opencqa import NAME, QUERIES, Chart
from evals.datasets.pages import Page
from evals.page_library import READERS, fill
from evals.plain_search import PlainSearch, Texts, embedded
from evals.results import PRODUCT
from evals.suites import Context
from pincite.config import NoChat
from pincite.elements import Scope
from pincite.values import Value
from serving.bootstrap import Services, services

KEEP = 60
"""Passages that are asked for."""
SCOPE = Scope(collections=frozenset({NAME}))


class Ranked(Value):
    """Names of the charts that one system found, best first."""

    charts: tuple[str, ...]


class Asked(NamedTuple):
    chart: Chart
    query: str
    """Which of its texts was asked: see `QUERIES`."""
    system: str
    ranked: tuple[str, ...]


class Charts(NamedTuple):
    asked: list[Asked]
    failed: list[str]


def searched(context: Context, charts: Sequence[Chart]) -> Charts:
    """Ingest the pictures of all charts, then ask for each by each of its texts."""
    folder = context.journal.folder or context.scratch
    settings = context.settings.model_copy(update={"data_dir": folder / "charts", "chat": NoChat()})
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(services(settings)))
        try:
            files = {NAME: [chart.image for chart in charts]}
            failed = runner.run(fill(opened.service, files, lambda: not context.out_of_time))
            return Charts(list(_all(context, opened, charts)), failed)
        finally:
            runner.run(stack.aclose())


def _all(context: Context, opened: Services, charts: Sequence[Chart]) -> Iterator[Asked]:
    plain = _plain(context, opened)
    for chart in charts:
        for query in QUERIES:
            if context.out_of_time:
                return
            text = str(getattr(chart, query))

            def make(text: str = text) -> Ranked:
                found = opened.retriever.search(text, SCOPE, keep=KEEP)
                return Ranked(charts=tuple(dict.fromkeys(each.source.name for each in found)))

            ours = context.once(Ranked, f"{NAME}/{chart.id}/{query}", make)
            yield Asked(chart, query, PRODUCT, ours.charts)
            if plain is not None:
                for system, pages in plain.rankings(text, KEEP).items():
                    yield Asked(chart, query, system, tuple(page.file for page in pages))


def _plain(context: Context, opened: Services) -> PlainSearch | None:
    """Over the same OCR text as ours; None where the time is spent."""
    folder = context.journal.folder or context.scratch
    texts: Texts = {}
    for source in opened.library.texts.sources(SCOPE.model_copy(update={"principals": READERS})):
        elements = opened.library.texts.elements_on(source.id, 1)
        read = [each.text for each in elements if each.how.may_support and each.field is None]
        texts[Page(source.name, 1)] = " ".join(read)
    windows = embedded(
        texts, opened.encoder, folder / "charts.npy", lambda: not context.out_of_time
    )
    return None if windows is None else PlainSearch(texts, [windows], opened.encoder)
