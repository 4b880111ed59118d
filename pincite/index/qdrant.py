"""A Qdrant server or cluster behind the index port, and the client's own local mode.

The library is one collection behind an alias, so that a rebuilt one can take its place at once.
"""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Self, cast

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException

from pincite.elements import PassageId, Scope, SourceId, ordinal_of, passage_id
from pincite.errors import DataFolderBusy, IncompatibleData, IndexUnavailable
from pincite.index.edge_frames import conditions
from pincite.index.folder import Made, difference
from pincite.index.frames import KEYWORDS, RANGES
from pincite.index.ports import TEXT, Hit, Point, SparseVector, Vector

ALIAS = "pincite"
WORDS = "words"
WRITE = 256
TIMEOUT_S = 60
EF = 128
"""Breadth of the graph search; the server looks at all points where they are few."""
_NAMESPACE = uuid.UUID("6f1b7a52-6a3c-5f0e-9d53-0c1d6a9c2f11")
_ALL = 1_000_000


class QdrantIndex:
    """`address` is the URL of a server, `:memory:`, or a folder for the client's local mode."""

    def __init__(self, address: str, made: Made, *, api_key: str | None = None) -> None:
        """Connect, and make the collection where there is none.

        Raises:
            IndexUnavailable: the server did not answer.
            IncompatibleData: the collection was made with another encoder.
            DataFolderBusy: another process has the folder open.
        """
        self._made = made
        self._is_server = "://" in address
        self._client = _connect(address, api_key)
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
            batch = [_struct(point) for point in points[start : start + WRITE]]
            with self._writes, self._calling():
                self._client.upsert(ALIAS, batch, wait=True)

    def delete(self, source: SourceId, *, besides: Collection[PassageId] = ()) -> None:
        kept = [_condition("ordinal", [*map(ordinal_of, besides)])] if besides else []
        doomed = _filter({"source": [source]}).model_copy(update={"must_not": kept})
        chosen = models.FilterSelector(filter=doomed)
        with self._writes, self._calling():
            self._client.delete(ALIAS, chosen, wait=True)

    def search_dense(
        self, vector: Vector, scope: Scope, *, keep: int, space: str = TEXT
    ) -> list[Hit]:
        params = models.SearchParams(hnsw_ef=max(EF, keep)) if self._is_server else None
        return self._nearest(vector.tolist(), space, scope, keep, params)

    def search_words(self, words: SparseVector, scope: Scope, *, keep: int) -> list[Hit]:
        if not len(words.indices):
            return []
        # Term statistics of the scope alone: what the asker may not see must not shift a rank.
        corpus = models.IdfCorpusParams(corpus=_filter(conditions(scope)))
        return self._nearest(_sparse(words), WORDS, scope, keep, models.SearchParams(idf=corpus))

    def count(self, scope: Scope) -> int:
        with self._calling():
            counted = self._client.count(ALIAS, count_filter=_filter(conditions(scope)), exact=True)
        return counted.count

    def sources(self) -> set[SourceId]:
        with self._calling():
            found = self._client.facet(ALIAS, "source", limit=_ALL, exact=True)
        return {SourceId(str(hit.value)) for hit in found.hits if hit.count}

    async def optimize(self) -> None:
        """A server optimises by itself; local mode has nothing to optimise."""
        await asyncio.sleep(0)

    def purge(self) -> None:
        """Copy what is left into a new collection and drop the old one with its files."""
        with self._writes, self._calling():
            old = self._collection()
            new = f"{ALIAS}-{int(cast('str', old).rpartition('-')[2]) + 1}"
            self._create(new)
            offset: Any = None
            while True:
                records, offset = self._client.scroll(
                    ALIAS, limit=WRITE, offset=offset, with_payload=True, with_vectors=True
                )
                if records:
                    self._client.upsert(new, [_copy(record) for record in records], wait=True)
                if offset is None:
                    break
            self._point_alias(new, replacing=True)
            self._client.delete_collection(cast("str", old))

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # --- collections ------------------------------------------------------------------------------

    def _prepare(self) -> None:
        with self._calling():
            if self._collection() is None:
                # A rebuild that was cut short may have left a collection that no alias names.
                for remnant in self._client.get_collections().collections:
                    if remnant.name.startswith(f"{ALIAS}-"):
                        self._client.delete_collection(remnant.name)
                self._create(f"{ALIAS}-1")
                self._point_alias(f"{ALIAS}-1", replacing=False)
            self._check()

    def _collection(self) -> str | None:
        aliases = self._client.get_aliases().aliases
        return next((a.collection_name for a in aliases if a.alias_name == ALIAS), None)

    def _create(self, name: str) -> None:
        if self._client.collection_exists(name):
            self._client.delete_collection(name)
        self._client.create_collection(
            name,
            vectors_config={
                name: models.VectorParams(size=space.dimensions, distance=models.Distance.COSINE)
                for name, space in self._made.spaces.items()
            },
            sparse_vectors_config={WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            metadata=self._made.model_dump(mode="json"),
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
                models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=ALIAS))
            )
        created = models.CreateAlias(collection_name=name, alias_name=ALIAS)
        operations.append(models.CreateAliasOperation(create_alias=created))
        self._client.update_collection_aliases(operations)

    def _check(self) -> None:
        config = self._client.get_collection(ALIAS).config
        vectors = cast("dict[str, models.VectorParams]", config.params.vectors or {})
        sizes = {name: vector.size for name, vector in vectors.items()}
        wanted = {name: space.dimensions for name, space in self._made.spaces.items()}
        # Servers before 1.16 keep no metadata: then the sizes are all there is to compare.
        found = dict(config.metadata or self._made.model_dump(mode="json"))
        if sizes != wanted or found != self._made.model_dump(mode="json"):
            raise IncompatibleData(
                f"the Qdrant collection {ALIAS!r} was made otherwise ("
                f"{difference(found, self._made)}); set that back, or delete the "
                f"collection {self._collection()!r}: everything is embedded anew"
            )

    # --- calls ------------------------------------------------------------------------------------

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
                ALIAS,
                query=query,
                using=using,
                query_filter=_filter(conditions(scope)),
                search_params=params,
                limit=keep,
                with_payload=["source", "ordinal"],
            )
        return [Hit(_passage(point.payload or {}), point.score) for point in found.points]

    @contextmanager
    def _calling(self) -> Generator[None]:
        with self._lock:
            try:
                yield
            except (ApiException, ResponseHandlingException) as exc:
                raise IndexUnavailable(f"the Qdrant server did not do as asked: {exc}") from exc


def _connect(address: str, api_key: str | None) -> QdrantClient:
    if "://" in address:
        return QdrantClient(url=address, api_key=api_key, timeout=TIMEOUT_S)
    if address == ":memory:":
        return QdrantClient(location=":memory:")
    try:
        return QdrantClient(path=address, force_disable_check_same_thread=True)
    except RuntimeError as exc:
        raise DataFolderBusy(f"another process has the index in {address} open") from exc


def _struct(point: Point) -> models.PointStruct:
    payload = {
        "source": point.source,
        "ordinal": ordinal_of(point.passage),
        "collection": point.collection,
        "readers": sorted(point.readers),
        "medium": point.medium.value,
        "page": point.page,
        "kinds": sorted(kind.value for kind in point.kinds),
        "language": point.language,
        "day": None if point.day is None else point.day.toordinal(),
    }
    vectors: dict[str, Any] = {name: vector.tolist() for name, vector in point.vectors.items()}
    if len(point.words.indices):  # a point without terms takes no part in term statistics
        vectors[WORDS] = _sparse(point.words)
    name = str(uuid.uuid5(_NAMESPACE, point.passage))
    return models.PointStruct(
        id=name, vector=vectors, payload={k: v for k, v in payload.items() if v is not None}
    )


def _copy(record: models.Record) -> models.PointStruct:
    return models.PointStruct(
        id=record.id, vector=cast("Any", record.vector), payload=record.payload
    )


def _sparse(words: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=words.indices.tolist(), values=words.values.tolist())


def _filter(wanted: dict[str, Any]) -> models.Filter:
    return models.Filter(must=[_condition(field, values) for field, values in wanted.items()])


def _condition(field: str, values: list[Any]) -> models.FieldCondition:
    if field in RANGES:
        return models.FieldCondition(key=field, range=models.Range(gte=values[0], lte=values[1]))
    return models.FieldCondition(key=field, match=models.MatchAny(any=values))


def _passage(payload: dict[str, Any]) -> PassageId:
    return passage_id(SourceId(payload["source"]), int(payload["ordinal"]))
