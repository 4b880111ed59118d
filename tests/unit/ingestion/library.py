"""A library with fakes for models and index, and what tests ask of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

from ingestion.ledger import Ledger
from ingestion.library import Library
from ingestion.messages import ParserSettings
from ingestion.pipeline import Ingestor
from ingestion.report import Accepted, IngestProgress, SourceStatus
from ingestion.vector_cache import VectorCache
from pincite.blobs import BlobStore
from pincite.config import Ingestion
from pincite.elements import Scope
from pincite.index.memory import MemoryIndex
from pincite.index.ports import ElementIndex
from pincite.index.words import Bm25Words
from pincite.models.fakes import FakeTextEncoder
from pincite.texts import TextStore

ROOT = Path(__file__).resolve().parents[3]
FAKES = "tests.unit.ingestion.fake_readers"
LOCAL = frozenset({"local"})
EVERYTHING = Scope(collections=frozenset())
QUICK = Ingestion(workers=1, unit_seconds=30, unit_memory_mib=512, retry_seconds=0.05)


@asynccontextmanager
async def opened(
    data: Path,
    *,
    index: ElementIndex | None = None,
    settings: Ingestion = QUICK,
    registry: str = FAKES,
) -> AsyncGenerator[Ingestor, None]:
    """An ingestor over `data`; its readers are those of `fake_readers` unless others are named."""
    with (
        TextStore(data / "texts.sqlite") as texts,
        Ledger(data / "ledger.sqlite") as ledger,
        VectorCache(data / "vectors.sqlite", most_bytes=1 << 20) as known,
        closing(index or MemoryIndex()) as vectors,
    ):
        library = Library(
            texts=texts,
            blobs=BlobStore(data / "blobs"),
            ledger=ledger,
            index=vectors,
            encoder=FakeTextEncoder(),
            words=Bm25Words(),
            vectors=known,
        )
        async with Ingestor(
            library,
            ParserSettings(ingestion=settings),
            data,
            registry=registry,
            readable=(ROOT / "tests",),
        ) as ingestor:
            yield ingestor


async def ingested(
    ingestor: Ingestor,
    *paths: Path,
    collection: str = "default",
    readers: frozenset[str] = LOCAL,
) -> list[IngestProgress]:
    return [
        progress
        async for progress in ingestor.ingest(paths, collection=collection, readers=readers)
    ]


def accepted(reports: Sequence[IngestProgress]) -> list[Accepted]:
    return [one for report in reports for one in report.accepted]


def finished(reports: Sequence[IngestProgress]) -> dict[str, SourceStatus]:
    return {one.source.name: one for report in reports for one in report.finished}


def found(ingestor: Ingestor, question: str, scope: Scope = EVERYTHING) -> list[str]:
    """Texts of the passages that share a word with the question."""
    library = ingestor._library
    hits = library.index.search_words(library.words.embed_query(question), scope, keep=20)
    passages = library.texts.passages([hit.passage for hit in hits])
    return [passage.text for passage, _ in passages.values()]


def bytes_under(folder: Path) -> bytes:
    """Names and contents of every file."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"".join(str(path).encode() + path.read_bytes() for path in files)
