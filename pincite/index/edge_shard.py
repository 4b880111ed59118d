"""One Qdrant Edge shard, inside the index process. The only module that imports `qdrant_edge`.

Every call holds the interpreter's lock while Rust works, which is why it has a process of its own.
"""

from __future__ import annotations

import uuid
from array import array
from pathlib import Path
from typing import Any

import qdrant_edge as qe

from pincite.index.edge_whole import FIELDS, Whole
from pincite.index.frames import (
    KEYWORDS,
    POINT_FIELDS,
    RANGES,
    Columns,
    Frame,
    Header,
    Tuning,
    split_columns,
)

WORDS = "words"
_NAMESPACE = uuid.UUID("6f1b7a52-6a3c-5f0e-9d53-0c1d6a9c2f11")
EXACT_BELOW = 10_000
"""Points under which looking at all of them takes less than 2 ms and misses nothing."""
_FULL_SCAN_KB = 10_000
"""Of vectors that a filter leaves, below which all are looked at: the engine's own default."""
_ALL = 1_000_000


def point_id(source: str, ordinal: int) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{source}.p{ordinal}"))


class Shard:
    """Rows and numbers in, rows and numbers out; see `frames` for their form."""

    def __init__(self, path: Path, dimensions: dict[str, int], tuning: Tuning) -> None:
        """`dimensions` of each space by its name. Another tuning counts from `optimize` on."""
        self._dimensions = dimensions
        self._tuning = tuning
        config = _config(dimensions, tuning)
        if (path / "edge_config.json").exists():
            self._shard = qe.EdgeShard.load(str(path), config)
        else:
            path.mkdir(parents=True, exist_ok=True)
            self._shard = qe.EdgeShard.create(str(path), config)
            for field in KEYWORDS:
                self._index(field, qe.PayloadSchemaType.Keyword)
            for field in RANGES:
                self._index(field, qe.PayloadSchemaType.Integer)
        self._whole = Whole(
            {field: self._facet(field, None) for field in FIELDS},
            without_readers=self._count(qe.Filter(must=[qe.IsEmptyCondition("readers")])) > 0,
        )
        self._size = self._shard.info().points_count

    def upsert(self, rows: list[list[Any]], body: bytes) -> None:
        self._whole.add(rows)
        columns = split_columns(body, rows, self._dimensions)
        points = _points(rows, columns, self._dimensions)
        self._shard.update(qe.UpdateOperation.upsert_points(points))
        self._size += len(rows)

    def delete(self, source: str, besides: list[int]) -> None:
        """`besides` are ordinals."""
        kept: list[Any] = [qe.FieldCondition("ordinal", match=qe.MatchAny(besides))]
        doomed = qe.Filter(
            must=_filter({"source": [source]}).must, must_not=kept if besides else None
        )
        self._shard.update(qe.UpdateOperation.delete_points_by_filter(doomed))
        self._size = self._shard.info().points_count

    def dense(
        self, vector: list[float], scope: Header, keep: int, space: str
    ) -> list[tuple[str, int, float]]:
        rescored = qe.QuantizationSearchParams(rescore=True, oversampling=self._tuning.oversampling)
        params = qe.SearchParams(
            exact=self._size <= EXACT_BELOW,
            hnsw_ef=max(self._tuning.graph_search, keep),
            quantization=None if self._tuning.quantization == "none" else rescored,
        )
        return self._nearest(vector, space, scope, keep, params)

    def words(
        self, terms: list[int], weights: list[float], scope: Header, keep: int
    ) -> list[tuple[str, int, float]]:
        # Term statistics of the scope alone: what the asker may not see must not even shift a rank.
        corpus = self._narrowed(scope)
        params = None if corpus is None else qe.SearchParams(idf=qe.IdfParams(corpus))
        return self._nearest(qe.SparseVector(terms, weights), WORDS, scope, keep, params)

    def count(self, scope: Header) -> int:
        narrowed = self._narrowed(scope)
        # The engine counts by going through all points, even where it knows how many there are.
        return self._shard.info().points_count if narrowed is None else self._count(narrowed)

    def facet(self, scope: Header, field: str) -> dict[str, int]:
        """How many points of the scope have each value of a field."""
        return self._facet(field, self._narrowed(scope))

    def page(self, offset: str | None, limit: int) -> Frame:
        """Points in the order of their ids, as an upsert of them, with `next` in the header."""
        records, following = self._shard.scroll(
            qe.ScrollRequest(offset=offset, limit=limit, with_payload=True, with_vector=True)
        )
        rows: list[list[Any]] = []
        dense, terms, weights = array("f"), array("I"), array("f")
        for record in records:
            vector: Any = record.vector
            words = vector.get(WORDS)
            payload = record.payload or {}
            spaces = [space for space in self._dimensions if space in vector]
            count = len(words.indices) if words else 0
            rows.append([*map(payload.get, POINT_FIELDS), spaces, count])
            for space in spaces:
                dense.extend(vector[space])
            if words:
                terms.extend(words.indices)
                weights.extend(words.values)
        body = Columns(dense.tobytes(), terms.tobytes(), weights.tobytes()).joined()
        return Frame({"rows": rows, "next": None if following is None else str(following)}, body)

    def optimize(self) -> None:
        self._shard.optimize()
        self._shard.flush()

    def flush(self) -> None:
        self._shard.flush()

    def close(self) -> None:
        self._shard.close()

    def _narrowed(self, scope: Header) -> qe.Filter | None:
        left = self._whole.left_of(scope)
        return _filter(left) if left else None

    def _count(self, narrowed: qe.Filter) -> int:
        return self._shard.count(qe.CountRequest(exact=True, filter=narrowed))

    def _facet(self, field: str, narrowed: qe.Filter | None) -> dict[str, int]:
        asked = qe.FacetRequest(field, limit=_ALL, exact=True, filter=narrowed)
        return {str(hit.value): hit.count for hit in self._shard.facet(asked).hits if hit.count}

    def _index(self, field: str, schema: qe.PayloadSchemaType) -> None:
        self._shard.update(qe.UpdateOperation.create_field_index(field, schema))

    def _nearest(
        self,
        vector: Any,
        using: str,
        scope: Header,
        keep: int,
        params: qe.SearchParams | None,
    ) -> list[tuple[str, int, float]]:
        found = self._shard.query(
            qe.QueryRequest(
                limit=keep,
                query=qe.Query.Nearest(vector, using=using),
                filter=self._narrowed(scope),
                with_payload=["source", "ordinal"],
                params=params,
            )
        )
        return [_row(hit) for hit in found]


def _config(dimensions: dict[str, int], tuning: Tuning) -> qe.EdgeConfig:
    return qe.EdgeConfig(
        hnsw_config=qe.HnswIndexConfig(
            tuning.graph_links, tuning.graph_build, full_scan_threshold=_FULL_SCAN_KB
        ),
        quantization_config=_quantization(tuning.quantization),
        vectors={
            space: qe.EdgeVectorParams(size, qe.Distance.Cosine)
            for space, size in dimensions.items()
        },
        sparse_vectors={WORDS: qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)},
    )


def _quantization(kind: str) -> qe.QuantizationConfigType | None:
    match kind:
        case "int8":
            return qe.ScalarQuantizationConfig(qe.ScalarType.Int8, quantile=0.99)
        case "product":
            return qe.ProductQuantizationConfig(qe.CompressionRatio.X16)
        case "binary":
            return qe.BinaryQuantizationConfig()
        case _:
            return None


def _points(rows: list[list[Any]], columns: Columns, dimensions: dict[str, int]) -> list[qe.Point]:
    dense = array("f", columns.dense)
    terms = array("I", columns.terms)
    weights = array("f", columns.weights)
    points: list[qe.Point] = []
    at = start = 0
    for *fields, spaces, count in rows:
        payload = {k: v for k, v in zip(POINT_FIELDS, fields, strict=True) if v is not None}
        vectors: dict[str, Any] = {}
        for space in spaces:
            vectors[space] = dense[at : at + dimensions[space]].tolist()
            at += dimensions[space]
        end = start + count
        if count:  # a point without terms takes no part in term statistics
            vectors[WORDS] = qe.SparseVector(terms[start:end].tolist(), weights[start:end].tolist())
        points.append(qe.Point(point_id(payload["source"], payload["ordinal"]), vectors, payload))
        start = end
    return points


def _filter(scope: Header) -> qe.Filter:
    """`field: [any of these]`; of `RANGES`, `[first, last]`."""
    conditions: list[Any] = [
        qe.FieldCondition(field, range=qe.RangeFloat(gte=values[0], lte=values[1]))
        if field in RANGES
        else qe.FieldCondition(field, match=qe.MatchAny(values))
        for field, values in scope.items()
    ]
    return qe.Filter(must=conditions)


def _row(hit: qe.ScoredPoint) -> tuple[str, int, float]:
    payload: Any = hit.payload
    return payload["source"], payload["ordinal"], hit.score
