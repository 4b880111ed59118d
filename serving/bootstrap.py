"""The composition root: settings → everything one process needs, opened once, closed in reverse.

Only what every command needs is opened here. Models load at first use, or at `warm_up`.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from agent.assistant import Assistant
from agent.extracting.source_rows import Tools
from agent.services import AgentServices, Draws, Places
from ingestion.captions import Captioner
from ingestion.ledger import Ledger
from ingestion.pictured import PictureSpace
from ingestion.pipeline import Ingestor, Library, ParserSettings
from ingestion.vector_cache import VectorCache
from pincite.blobs import BlobStore
from pincite.config import Settings
from pincite.drawing.opening import studio
from pincite.errors import PinciteError
from pincite.grounding.checking import SpotChecker
from pincite.grounding.memory import remembering
from pincite.grounding.shipped import shipped_checker, shipped_languages
from pincite.grounding.visual import VisualChecker
from pincite.index.ports import IMAGE, TEXT, Space
from pincite.index.words import Bm25Words
from pincite.models.factory import (
    embedded_at,
    picture_describer,
    picture_judge,
    text_encoder,
)
from pincite.models.outgoing import Outgoing
from pincite.models.passage_reader import shipped_reader
from pincite.models.ports import ChatModel, ClaimChecker, JointEncoder, TextEncoder
from pincite.models.store import ModelStore
from pincite.texts import TextStore
from retrievers.neighbours import WithNeighbours
from retrievers.ports import Retriever
from retrievers.searching import Searching
from serving.element_pictures import ElementPictures
from serving.elsewhere import Chats, chats, elsewhere, encoder_for_answers, outgoing
from serving.extracting import extractor
from serving.indexes import Indexes, Wanted, searching_all
from serving.known_languages import known_languages
from serving.local import Files, LocalService
from serving.made_with import made_with, product_version
from serving.owner import private_folder
from serving.page_pictures import PagePictures
from serving.query_files import QueryFiles
from serving.readiness import Readiness
from serving.reranking import rerank_stage
from serving.seeing import picture_search, seeing

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """The parts of one process; `service` is what surfaces talk to."""

    settings: Settings
    store: ModelStore
    library: Library
    encoder: TextEncoder
    retriever: Searching
    chat: ChatModel | None
    """None in quotes-only mode."""
    assistant: Assistant
    ingestor: Ingestor
    service: LocalService
    readiness: Readiness

    async def begin(self) -> None:
        """In the background of a service: go on reading what waits, and load the models.

        A failure becomes a notice, which the page shows.
        """
        try:
            await self.service.resume()
        except PinciteError as exc:
            _LOG.warning("%s", exc)
            self.readiness.warmed(exc)
        await self.warm_up()

    async def warm_up(self) -> None:
        """Load the models now; later calls do not pay for it. A failure becomes a notice."""
        try:
            await self.assistant.warm_up()
        except PinciteError as exc:
            _LOG.warning("%s", exc)
            self.readiness.warmed(exc)
        else:
            self.readiness.warmed()


@asynccontextmanager
async def services(settings: Settings) -> AsyncGenerator[Services, None]:
    """Open everything. Only for the owner of the data folder.

    Raises:
        SetupError: a part is missing or broken; the message names the command that mends it.
    """
    folder = private_folder(settings.data_dir)
    store = ModelStore(settings.models)
    gate = outgoing(settings)
    encoder = text_encoder(settings.encoder, store, gate)
    answering = chats(settings, store, gate)
    chat = answering.chat
    async with AsyncExitStack() as stack:
        joint, blind = seeing(settings, store, encoder)
        notice = _noticed(answering.mute, blind)
        wanted = Wanted(settings, encoder, _spaces(encoder, joint), Bm25Words())
        indexes = Indexes(wanted, store)
        library = await _library(settings, (encoder, joint), indexes, stack, gate)
        parsers = ParserSettings.of(settings)
        ingestor = await stack.enter_async_context(Ingestor(library, parsers, folder))
        pictures = PagePictures(_emptied(folder / "drawing"), parsers)
        stack.push_async_callback(pictures.close)
        hybrid, filling = searching_all(library, indexes, settings)
        stack.push_async_callback(asyncio.to_thread, filling.close)
        retriever = _retriever(settings, library, hybrid, gate)
        places = ElementPictures(pictures, library.texts, library.blobs)
        models = _Models(encoder_for_answers(settings, encoder, store), encoder, answering, gate)
        drawn = studio(
            settings.image_generator,
            settings.data_dir,
            gate,
            library.egress,
            version=product_version(),
        )
        assistant = _assistant(settings, (retriever, models), library, ingestor, places, drawn)
        stack.push_async_callback(assistant.close)
        readiness = Readiness(chat, notice, embedded_at(settings.encoder), lambda: filling.state)
        asked_with = QueryFiles(_emptied(folder / "asked-with"), parsers)
        files = Files(pictures, asked_with, drawn)
        service = LocalService(library, ingestor, retriever, assistant, files, readiness.health)
        yield Services(
            settings=settings,
            store=store,
            library=library,
            encoder=encoder,
            retriever=retriever,
            chat=chat,
            assistant=assistant,
            ingestor=ingestor,
            service=service,
            readiness=readiness,
        )


def _noticed(*told: str | None) -> str | None:
    notice = "; ".join(filter(None, told))
    if notice:
        _LOG.warning("%s", notice)
    return notice or None


def _spaces(encoder: TextEncoder, joint: JointEncoder | None) -> dict[str, Space]:
    spaces = {TEXT: Space(encoder=encoder.id, dimensions=encoder.dimensions)}
    if joint is not None:
        spaces[IMAGE] = Space(encoder=joint.id, dimensions=joint.dimensions)
    return spaces


class _Models(NamedTuple):
    """What answers are made with."""

    encoder: TextEncoder
    """Of quotes and claims."""
    indexed: TextEncoder
    """Of the index."""
    answering: Chats
    gate: Outgoing


def _retriever(
    settings: Settings, library: Library, hybrid: Retriever, gate: Outgoing
) -> Searching:
    return Searching(
        hybrid,
        library.index,
        library.texts,
        settings.retrieval,
        rerank=rerank_stage(settings.reranker, library.blobs, gate),
        pictures=picture_search(library, settings.retrieval),
    )


def _assistant(
    settings: Settings,
    parts: tuple[Retriever, _Models],
    library: Library,
    ingestor: Ingestor,
    places: Places,
    drawn: Draws,
) -> Assistant:
    retriever, models = parts
    chat, stand_in, _ = models.answering
    # Quoting and checking look at the same sentences: one memory for both.
    remembered = remembering(models.encoder)
    words = settings.retrieval.neighbour_words
    checker = _checker(settings, remembered, library, models.gate)
    agent = AgentServices(
        retriever=WithNeighbours(retriever, library.texts, words=words),
        encoder=remembered,
        checker=checker,
        chat=chat,
        library=library.texts,
        coverage=ingestor.coverage,
        settings=settings.agent,
        reader=shipped_reader(),
        places=places,
        keep=settings.retrieval.keep,
        made_with=made_with(settings, models.indexed, checker),
        egress=library.egress,
        stand_in=stand_in,
        elsewhere=elsewhere(settings),
        languages=known_languages(settings.encoder, shipped_languages()),
        files=library.texts,
        studio=drawn,
        extractor=extractor(
            library, ingestor, Tools(library.texts, retriever, remembered, checker, chat, stand_in)
        ),
    )
    return Assistant(agent, settings.data_dir / "conversations.db")


def _checker(
    settings: Settings, encoder: TextEncoder, library: Library, gate: Outgoing
) -> ClaimChecker:
    """What ships, and a model that looks at pictures where one is configured."""
    shipped, judge = shipped_checker(encoder), picture_judge(settings.picture_judge, gate)
    if judge is None or not isinstance(shipped, SpotChecker):
        return shipped
    return VisualChecker(shipped, judge, library.blobs.get)


async def _library(
    settings: Settings,
    encoders: tuple[TextEncoder, JointEncoder | None],
    indexes: Indexes,
    stack: AsyncExitStack,
    gate: Outgoing,
) -> Library:
    encoder, joint = encoders
    folder = settings.data_dir
    texts = stack.enter_context(TextStore(folder / "texts.db"))
    ledger = stack.enter_context(Ledger(folder / "ledger.db"))
    most = settings.index.known_vectors_mib << 20
    vectors = stack.enter_context(VectorCache(folder / "vectors.db", most_bytes=most))
    index = stack.enter_context(closing(await asyncio.to_thread(indexes.open)))
    blobs = BlobStore(folder / "blobs")
    describer = picture_describer(settings.captions, gate)
    return Library(
        texts=texts,
        blobs=blobs,
        ledger=ledger,
        index=index,
        encoder=encoder,
        words=Bm25Words(),
        captioner=Captioner(describer, blobs) if describer else None,
        pictures=PictureSpace(joint, blobs) if joint else None,
        vectors=vectors,
        default_hosts=settings.egress.hosts,
    )


def _emptied(folder: Path) -> Path:
    """A private folder without what a killed process left in it."""
    shutil.rmtree(folder, ignore_errors=True)
    return private_folder(folder)
