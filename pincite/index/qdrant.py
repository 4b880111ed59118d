"""A Qdrant server or cluster behind the index port, and the client's own local mode.

The library is one collection behind an alias, so that a rebuilt one can take its place at once.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Self, cast

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException

from pincite import config
from pincite.elements import PassageId, Scope, SourceId, ordinal_of
from pincite.errors import DataFolderBusy, IncompatibleData, IndexUnavailable
from pincite.index import qdrant_layout as layout
from pincite.index.edge_frames import conditions
from pincite.index.folder import Made, difference
from pincite.index.frames import KEYWORDS, RANGES
from pincite.index.ports import TEXT, Facet, Hit, IndexInfo, Point, SparseVector, Vector

WRITE = 256
TIMEOUT_S = 60
_ALL = 1_000_000
OLDEST = (1, 19)
"""Server version; earlier ones pass over the corpus of term statistics without a word."""


class QdrantIndex:
    """`address` is the URL of a server, `:memory:`, or a folder for the client's local mode."""

    def __init__(self, address: str, made: Made, settings: config.Index) -> None:
        """Connect, and make the collection where there is none.

        A server is told of changed settings, but for the number of shards: that takes `purge`.

        Raises:
            IndexUnavailable: the server did not answer.
            IncompatibleData: the server is too old, or the collection was made otherwise.
            DataFolderBusy: another process has the folder open.
        """
        self._made = made
        self._settings = settings
        self._alias = settings.collection
        self._is_server = "://" in address
        self._client = _connect(address, settings)
        # Local mode is plain Python over lists; a server does its own locking.
        self._lock = nullcontext() if self._is_server else threading.RLock()
        self._writes = threading.RLock()
        try:
            self._prepare()
        except BaseException:
            self._client.close()
            raise

    # --- the port ---------------------------------------------------------------------------------

    def upsert(self, points: Sequence[Point]) -> None:
        for start in range(0, len(points), WRITE):
            batch = [layout.struct(point) for point in points[start : start + WRITE]]
            with self._writes, self._calling():
                self._client.upsert(self._alias, batch, wait=True)

    def delete(self, source: SourceId, *, besides: Collection[PassageId] = ()) -> None:
        kept = [layout.condition("ordinal", [*map(ordinal_of, besides)])] if besides else []
        doomed = layout.filter_of({"source": [source]}).model_copy(update={"must_not": kept})
        chosen = models.FilterSelector(filter=doomed)
        with self._writes, self._calling():
            self._client.delete(self._alias, chosen, wait=True)

    def search_dense(
        self, vector: Vector, scope: Scope, *, keep: int, space: str = TEXT
    ) -> list[Hit]:
        params = layout.search_params(self._settings, keep) if self._is_server else None
        return self._nearest(vector.tolist(), space, scope, keep, params)

    def search_words(self, words: SparseVector, scope: Scope, *, keep: int) -> list[Hit]:
        if not len(words.indices):
            return []
        # Term statistics of the scope alone: what the asker may not see must not shift a rank.
        corpus = models.IdfCorpusParams(corpus=layout.filter_of(conditions(scope)))
        params = models.SearchParams(idf=corpus)
        return self._nearest(layout.sparse(words), layout.WORDS, scope, keep, params)

    def count(self, scope: Scope) -> int:
        with self._calling():
            counted = self._client.count(
                self._alias, count_filter=layout.filter_of(conditions(scope)), exact=True
            )
        return counted.count

    def facet(self, scope: Scope, field: Facet) -> dict[str, int]:
        return self._facet(field, layout.filter_of(conditions(scope)))

    def sources(self) -> set[SourceId]:
        return set(map(SourceId, self._facet("source", None)))

    def points(self) -> Iterator[list[Point]]:
        with self._calling():
            for records in self._records():
                yield [layout.point(record) for record in records]

    def info(self) -> IndexInfo:
        with self._calling():
            points = self._client.count(self._alias, exact=True).count
            if not self._is_server:
                return IndexInfo(points=points)
            built = self._client.get_collection(self._alias).indexed_vectors_count or 0
        return IndexInfo(points=points, optimized=min(points, built))

    async def optimize(self) -> None:
        """A server optimises by itself; local mode has nothing to optimise."""
        await asyncio.sleep(0)

    def purge(self) -> None:
        """Copy what is left into a new collection and drop the old one with its files."""
        with self._writes, self._calling():
            old = cast("str", self._collection())
            new = layout.next_name(old, self._alias)
            self._create(new)
            for records in self._records():
                self._client.upsert(new, [layout.copied(each) for each in records], wait=True)
            self._point_alias(new, replacing=True)
            self._client.delete_collection(old)

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # --- collections ------------------------------------------------------------------------------

    def _prepare(self) -> None:
        with self._calling():
            if self._is_server:
                self._require_version()
            if self._collection() is None:
                # A rebuild that was cut short may have left a collection that no alias names.
                for remnant in self._client.get_collections().collections:
                    if layout.is_own(remnant.name, self._alias):
                        self._client.delete_collection(remnant.name)
                self._create(f"{self._alias}-1")
                self._point_alias(f"{self._alias}-1", replacing=False)
            found = self._client.get_collection(self._alias).config
            self._check(found)
            if self._is_server and layout.differs(found, self._settings):
                self._tune()

    def _require_version(self) -> None:
        found = self._client.info().version
        numbers = [int(number) for number in re.findall(r"\d+", found)[:2]]
        if tuple(numbers) < OLDEST:
            raise IncompatibleData(
                f"the Qdrant server is version {found}; Pincite needs {OLDEST[0]}.{OLDEST[1]} or "
                "later, for older ones count words in what the asker may not see"
            )

    def _collection(self) -> str | None:
        aliases = self._client.get_aliases().aliases
        return next((a.collection_name for a in aliases if a.alias_name == self._alias), None)

    def _create(self, name: str) -> None:
        if self._client.collection_exists(name):
            self._client.delete_collection(name)
        self._client.create_collection(
            name,
            vectors_config=layout.vectors(self._made, self._settings),
            sparse_vectors_config={
                layout.WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)
            },
            metadata=self._made.model_dump(mode="json"),
            **(layout.server_only(self._settings) if self._is_server else {}),
        )
        if self._is_server:
            for field in KEYWORDS:
                self._client.create_payload_index(name, field, models.PayloadSchemaType.KEYWORD)
            for field in RANGES:
                self._client.create_payload_index(name, field, models.PayloadSchemaType.INTEGER)

    def _point_alias(self, name: str, *, replacing: bool) -> None:
        operations: list[models.AliasOperations] = []
        if replacing:
            operations.append(
                models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=self._alias))
            )
        created = models.CreateAlias(collection_name=name, alias_name=self._alias)
        operations.append(models.CreateAliasOperation(create_alias=created))
        self._client.update_collection_aliases(operations)

    def _tune(self) -> None:
        """The server builds its search structures anew where it has to, and answers meanwhile."""
        settings = self._settings
        self._client.update_collection(
            cast("str", self._collection()),
            hnsw_config=layout.graph(settings),
            quantization_config=layout.quantization(settings) or models.Disabled.DISABLED,
            vectors_config={
                name: models.VectorParamsDiff(on_disk=settings.vectors_on_disk)
                for name in self._made.spaces
            },
            collection_params=models.CollectionParamsDiff(
                replication_factor=settings.replicas,
                write_consistency_factor=settings.write_consistency,
            ),
        )

    def _check(self, config: models.CollectionConfig) -> None:
        vectors = cast("dict[str, models.VectorParams]", config.params.vectors or {})
        sizes = {name: vector.size for name, vector in vectors.items()}
        wanted = {name: space.dimensions for name, space in self._made.spaces.items()}
        found = dict(config.metadata or {})
        if sizes != wanted or found != self._made.model_dump(mode="json"):
            raise IncompatibleData(
                f"the Qdrant collection {self._alias!r} was made otherwise ("
                f"{difference(found, self._made)}); set that back, or delete the "
                f"collection {self._collection()!r}: everything is embedded anew"
            )

    def _records(self) -> Iterator[list[models.Record]]:
        """All points, a page at a time, in the order of their ids."""
        offset: Any = None
        while True:
            records, offset = self._client.scroll(
                self._alias, limit=WRITE, offset=offset, with_payload=True, with_vectors=True
            )
            if records:
                yield records
            if offset is None:
                return

    # --- calls ------------------------------------------------------------------------------------

    def _facet(self, field: str, narrowed: models.Filter | None) -> dict[str, int]:
        with self._calling():
            found = self._client.facet(self._alias, field, narrowed, _ALL, exact=True)
        return {str(hit.value): hit.count for hit in found.hits if hit.count}

    def _nearest(
        self,
        query: Any,
        using: str,
        scope: Scope,
        keep: int,
        params: models.SearchParams | None,
    ) -> list[Hit]:
        with self._calling():
            found = self._client.query_points(
                self._alias,
                query=query,
                using=using,
                query_filter=layout.filter_of(conditions(scope)),
                search_params=params,
                limit=keep,
                with_payload=["source", "ordinal"],
            )
        return [Hit(layout.passage(point.payload or {}), point.score) for point in found.points]

    @contextmanager
    def _calling(self) -> Generator[None]:
        with self._lock:
            try:
                yield
            except (ApiException, ResponseHandlingException) as exc:
                raise IndexUnavailable(f"the Qdrant server did not do as asked: {exc}") from exc


def discard_collection(address: str, settings: config.Index) -> None:
    """Remove the collection behind the alias of these settings, and the alias."""
    client = _connect(address, settings)
    try:
        for alias in client.get_aliases().aliases:
            if alias.alias_name == settings.collection:
                client.delete_collection(alias.collection_name)
    except (ApiException, ResponseHandlingException) as exc:
        raise IndexUnavailable(f"the Qdrant server did not do as asked: {exc}") from exc
    finally:
        client.close()


def _connect(address: str, settings: config.Index) -> QdrantClient:
    if "://" in address:
        api_key = settings.api_key.get_secret_value() if settings.api_key else None
        return QdrantClient(
            url=address, api_key=api_key, timeout=TIMEOUT_S, check_compatibility=False
        )
    if address == ":memory:":
        return QdrantClient(location=":memory:")
    try:
        return QdrantClient(path=address, force_disable_check_same_thread=True)
    except RuntimeError as exc:
        raise DataFolderBusy(f"another process has the index in {address} open") from exc
