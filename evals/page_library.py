"""A library as a user would have it: files ingested by what ships, one collection a set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

from evals.datasets.pages import Page
from evals.datasets.squad import Article
from pincite.elements import Element
from pincite.evidence import Evidence
from pincite.locators import PageBox
from serving.service import Service

READERS = frozenset({"local"})
_TELLING = 60
"""Signs by which the paragraph that an element is of is known."""


async def fill(
    service: Service, files: Mapping[str, Sequence[Path]], go_on: Callable[[], bool]
) -> list[str]:
    """Read what is not yet read, by collection; what was refused or failed. Stops early if told."""
    failed: list[str] = []
    for collection, paths in files.items():
        stream = service.ingest(paths, collection=collection, readers=READERS)
        async with aclosing(stream) as events:
            async for progress in events:
                failed += [f"{each.name}: {each.why}" for each in progress.accepted if each.why]
                failed += [
                    f"{each.source.name}: {each.units_failed} pages failed"
                    for each in progress.finished
                    if each.units_failed
                ]
                if not go_on():
                    return failed
    return failed


def written(articles: Sequence[Article], folder: Path) -> list[Path]:
    """Articles as text files, a paragraph a line."""
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for article in articles:
        file = folder / f"{article.title.replace('/', '_')}.txt"
        file.write_text("\n\n".join(article.paragraphs) + "\n", encoding="utf-8")
        files.append(file)
    return files


class Paragraphs:
    """Which paragraph of an article a found element is of."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = {
            article.title.replace("/", "_"): (article.title, article.paragraphs)
            for article in articles
        }

    def page(self, name: str, element: Element) -> Page | None:
        title, paragraphs = self._articles.get(Path(name).stem, (name, ()))
        told = " ".join(element.text.split())[:_TELLING]
        for number, paragraph in enumerate(paragraphs, start=1):
            if told in paragraph:
                return Page(title, number)
        return None


def pages(found: Sequence[Evidence], paragraphs: Paragraphs) -> list[Page]:
    """Pages in the order of the passages that are on them, then of their context, each once."""
    ranked: dict[Page, None] = {}
    for item in found:
        name = item.source.name
        if item.passage.page is not None:
            ranked[Page(name, item.passage.page)] = None
            boxes = [at for element in item.context for at in element.locators]
            ranked |= {Page(name, at.page): None for at in boxes if isinstance(at, PageBox)}
            continue
        for element in (*item.elements, *item.context):
            page = paragraphs.page(name, element)
            if page is not None:
                ranked[page] = None
    return list(ranked)
