"""The service in this process: the owner of the data folder does the work itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from agent.assistant import Assistant
from ingestion.pipeline import Ingestor, Library, Offer
from ingestion.renderers import unit_at
from pincite.answers import Answer, AnswerId
from pincite.asking import AS_EVER, Wishes
from pincite.drawing.studio import Studio
from pincite.egress import host_of, sending
from pincite.elements import Content, Element, ElementId, Medium, Scope, SourceId, source_of
from pincite.errors import UnknownSource, UnsupportedMedia
from pincite.events import AskEvent
from pincite.evidence import Coverage, Findings
from pincite.extractions import Asked, Extracted, Extracting, Extraction
from pincite.feedback import Feedback, Objection
from retrievers.searching import Searching
from serving.collection_rules import collection_rules
from serving.page_pictures import PagePictures
from serving.queries import narrowed_by, nothing_left, sensible
from serving.query_files import QueryFiles
from serving.service import (
    Accepted,
    Accounted,
    Alike,
    CollectionRule,
    Health,
    IngestProgress,
    Placed,
    Query,
    SourceStatus,
    Upload,
)

_ANY_DPI = 150
"""A picture of a video has its own size."""


class Files(NamedTuple):
    """What has to do with files beside the library's own: strangers' in a confined child each."""

    pictures: PagePictures
    asked_with: QueryFiles
    studio: Studio


class LocalService:
    """Implements `Service` over the opened parts; blocking work runs in threads."""

    def __init__(
        self,
        library: Library,
        ingestor: Ingestor,
        searching: Searching,
        assistant: Assistant,
        files: Files,
        health: Callable[[], Health],
    ) -> None:
        self._library = library
        self._ingestor = ingestor
        self._searching = searching
        self._assistant = assistant
        self._pictures = files.pictures
        self._asked_with = files.asked_with
        self.studio = files.studio
        self._health = health

    # --- files ------------------------------------------------------------------------------------

    def ingest(
        self, paths: Sequence[Path], *, collection: str, readers: frozenset[str]
    ) -> AsyncGenerator[IngestProgress, None]:
        return self._ingestor.ingest(paths, collection=collection, readers=readers)

    async def add(
        self, uploads: Sequence[Upload], *, collection: str, readers: frozenset[str]
    ) -> list[Accepted]:
        offers = [Offer(path=each.path, name=each.name, origin=each.origin) for each in uploads]
        try:
            return await self._ingestor.add(offers, collection=collection, readers=readers)
        finally:
            for each in uploads:
                if each.is_ours:
                    each.path.unlink(missing_ok=True)

    def watch(self, scope: Scope) -> AsyncGenerator[IngestProgress, None]:
        return self._ingestor.watch(scope)

    async def resume(self) -> int:
        return await self._ingestor.resume()

    async def sources(self, scope: Scope) -> list[SourceStatus]:
        return await self._ingestor.statuses(scope)

    async def source(self, source: SourceId, scope: Scope) -> SourceStatus:
        return await self._ingestor.status(source, scope)

    async def delete(self, source: SourceId, scope: Scope, *, now: bool) -> None:
        await asyncio.to_thread(self._library.texts.source, source, scope)
        for each in await asyncio.to_thread(self._library.going_with, source):
            await self._pictures.forget(each.content)
            await self._assistant.forget(each.id)
        await self._ingestor.delete(source, now=now)

    async def stop(self, source: SourceId, scope: Scope) -> None:
        found = await asyncio.to_thread(self._library.texts.source, source, scope)
        await self._ingestor.stop(found)

    async def retry(self, source: SourceId, scope: Scope) -> int:
        await asyncio.to_thread(self._library.texts.source, source, scope)
        return await self._ingestor.retry(source)

    async def account(self, scope: Scope) -> Accounted:
        return await self._ingestor.account(scope)

    async def duplicates(self, scope: Scope) -> list[Alike]:
        return await asyncio.to_thread(self._ingestor.duplicates, scope)

    async def placed(self, prefix: str, collection: str) -> list[Placed]:
        return await asyncio.to_thread(self._library.texts.placed, prefix, collection)

    async def place(self, source: SourceId, *, origin: str, stamp: str) -> None:
        await asyncio.to_thread(self._library.texts.place, source, origin, stamp)

    async def displace(self, source: SourceId, origin: str) -> bool:
        if not await asyncio.to_thread(self._library.texts.displace, source, origin):
            return False
        found = await asyncio.to_thread(self._library.texts.source, source)
        await self.delete(
            source, Scope(principals=found.readers, collections=frozenset()), now=False
        )
        return True

    async def coverage(self, scope: Scope) -> Coverage:
        return await asyncio.to_thread(self._ingestor.coverage, scope)

    # --- questions --------------------------------------------------------------------------------

    async def search(self, query: Query, scope: Scope, *, keep: int) -> Findings:
        sensible(query)
        narrow = partial(narrowed_by, query.filters, texts=self._library.texts)
        part = await asyncio.to_thread(narrow, scope)
        heard = await self._asked_with.words_of(query.audio) if query.audio else ""
        picture = await self._asked_with.png_of(query.image) if query.image else None
        question = " ".join(filter(None, (query.question.strip(), heard)))
        found = Findings()
        if part is not None:
            with sending(await asyncio.to_thread(self._library.egress.asked, part)):
                found = await asyncio.to_thread(
                    self._searching.find, question, part, keep=keep, picture=picture
                )
        told = found.decisions
        if not found.evidence:
            told += await asyncio.to_thread(
                nothing_left, query.filters, scope, part, self._library.index
            )
        return found.model_copy(update={"heard": heard, "decisions": told})

    def ask(
        self,
        question: str,
        scope: Scope,
        *,
        conversation: str | None = None,
        wishes: Wishes = AS_EVER,
    ) -> AsyncGenerator[AskEvent, None]:
        return self._assistant.ask(question, scope, conversation=conversation, wishes=wishes)

    async def extract(
        self, asked: Asked, scope: Scope, *, filters: Sequence[tuple[str, str]] = ()
    ) -> AsyncGenerator[Extracting | Extracted, None]:
        narrow = partial(narrowed_by, filters, texts=self._library.texts)
        part = await asyncio.to_thread(narrow, scope)
        if part is None:
            nothing = Extraction(asked=asked, rows=(), files=(), coverage=Coverage())
            yield Extracted(table=nothing)
            return
        async with contextlib.aclosing(self._assistant.extract(asked, part)) as events:
            async for event in events:
                yield event

    async def answer(self, answer: AnswerId, scope: Scope) -> Answer:
        return await asyncio.to_thread(self._library.texts.answer, answer, scope)

    async def dossier(self, answer: AnswerId, scope: Scope) -> bytes:
        from serving.dossier.build import dossier

        return await dossier(self, answer, scope)

    async def object_to(self, answer: AnswerId, objection: Objection, scope: Scope) -> Feedback:
        return await asyncio.to_thread(self._library.texts.object_to, answer, objection, scope)

    async def feedback(self, scope: Scope) -> list[Feedback]:
        return await asyncio.to_thread(self._library.texts.feedback, scope)

    # --- evidence ---------------------------------------------------------------------------------

    async def element(self, element: ElementId, scope: Scope) -> Element:
        def find() -> Element:
            try:
                self._library.texts.source(source_of(element), scope)
                return self._library.texts.element(element)
            except (UnknownSource, ValueError) as exc:
                raise UnknownSource(f"there is no element {element}") from exc

        return await asyncio.to_thread(find)

    async def elements(self, source: SourceId, unit: int, scope: Scope) -> list[Element]:
        def find() -> list[Element]:
            self._library.texts.source(source, scope)
            return self._library.texts.elements_on(source, unit)

        return await asyncio.to_thread(find)

    async def picture(self, source: SourceId, page: int, scope: Scope, *, dpi: int) -> bytes:
        content = await self._content(source, scope)
        original = self._library.blobs.path(content.id)
        return await self._pictures.png(content, original, page, dpi=dpi)

    async def frame(self, source: SourceId, at_s: float, scope: Scope) -> bytes:
        content = await self._content(source, scope)
        if content.medium is not Medium.VIDEO:
            raise UnsupportedMedia("only a video has a picture for each second")
        original = self._library.blobs.path(content.id)
        return await self._pictures.png(content, original, unit_at(at_s), dpi=_ANY_DPI)

    async def _content(self, source: SourceId, scope: Scope) -> Content:
        found = await asyncio.to_thread(self._library.texts.source, source, scope)
        content = await asyncio.to_thread(self._library.texts.content, found.content)
        if content is None:
            raise UnknownSource(f"there is no source {source}")
        return content

    async def original(self, source: SourceId, scope: Scope) -> tuple[Path, str]:
        found = await asyncio.to_thread(self._library.texts.source, source, scope)
        content = await asyncio.to_thread(self._library.texts.content, found.content)
        path = self._library.blobs.path(found.content)
        if content is None or not path.exists():
            raise UnknownSource(f"there is no source {source}")
        with contextlib.suppress(UnknownSource):
            self._ingestor.prioritise(source)
        return path, content.media_type

    async def rules(self, scope: Scope) -> list[CollectionRule]:
        endpoint = self._health().endpoint
        return await asyncio.to_thread(collection_rules, self._library, scope, endpoint)

    async def allow(self, collection: str, hosts: Sequence[str] | None) -> None:
        named = None if hosts is None else [host_of(host) for host in hosts]
        await asyncio.to_thread(self._library.texts.set_egress, collection, named)

    async def health(self) -> Health:
        return self._health()
