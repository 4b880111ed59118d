"""One Qdrant Edge shard, inside the index process. The only module that imports `qdrant_edge`.

Every call holds the interpreter's lock while Rust works, which is why it has a process of its own.
"""

from __future__ import annotations

import uuid
from array import array
from pathlib import Path
from typing import Any

import qdrant_edge as qe

from pincite.index.frames import (
    POINT_FIELDS,
    Columns,
    Frame,
    Header,
    split_columns,
    term_counts,
)

DENSE, WORDS = "text", "words"
_NAMESPACE = uuid.UUID("6f1b7a52-6a3c-5f0e-9d53-0c1d6a9c2f11")
_KEYWORDS = ("source", "collection", "readers", "medium")
EXACT_BELOW = 10_000
"""Points under which looking at all of them takes less than 2 ms and misses nothing."""
EF = 128
"""Breadth of the graph search above that."""
_ALL = 1_000_000


def point_id(source: str, ordinal: int) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{source}.p{ordinal}"))


class Shard:
    """Rows and numbers in, rows and numbers out; see `frames` for their form."""

    def __init__(self, path: Path, dimensions: int) -> None:
        self._dimensions = dimensions
        config = _config(dimensions)
        if (path / "edge_config.json").exists():
            self._shard = qe.EdgeShard.load(str(path), config)
        else:
            path.mkdir(parents=True, exist_ok=True)
            self._shard = qe.EdgeShard.create(str(path), config)
            for field in _KEYWORDS:
                self._index(field, qe.PayloadSchemaType.Keyword)
            self._index("page", qe.PayloadSchemaType.Integer)
        self._size = self.count({})

    def upsert(self, rows: list[list[Any]], body: bytes) -> None:
        counts = term_counts(rows)
        columns = split_columns(
            body, points=len(rows), dimensions=self._dimensions, terms=sum(counts)
        )
        points = _points(rows, counts, columns, self._dimensions)
        self._shard.update(qe.UpdateOperation.upsert_points(points))
        self._size += len(rows)

    def delete(self, source: str) -> None:
        self._shard.update(
            qe.UpdateOperation.delete_points_by_filter(_filter({"source": [source]}))
        )
        self._size = self.count({})

    def dense(self, vector: list[float], scope: Header, keep: int) -> list[tuple[str, int, float]]:
        params = qe.SearchParams(exact=self._size <= EXACT_BELOW, hnsw_ef=max(EF, keep))
        return self._nearest(vector, DENSE, scope, keep, params)

    def words(
        self, terms: list[int], weights: list[float], scope: Header, keep: int
    ) -> list[tuple[str, int, float]]:
        # Term statistics of the scope alone: what the asker may not see must not even shift a rank.
        params = qe.SearchParams(idf=qe.IdfParams(_filter(scope)))
        return self._nearest(qe.SparseVector(terms, weights), WORDS, scope, keep, params)

    def count(self, scope: Header) -> int:
        return self._shard.count(qe.CountRequest(exact=True, filter=_filter(scope)))

    def sources(self) -> list[str]:
        found = self._shard.facet(qe.FacetRequest("source", limit=_ALL, exact=True))
        return [str(hit.value) for hit in found.hits if hit.count]

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
            rows.append([*map(payload.get, POINT_FIELDS), len(words.indices) if words else 0])
            dense.extend(vector[DENSE])
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

    def _index(self, field: str, schema: qe.PayloadSchemaType) -> None:
        self._shard.update(qe.UpdateOperation.create_field_index(field, schema))

    def _nearest(
        self,
        vector: Any,
        using: str,
        scope: Header,
        keep: int,
        params: qe.SearchParams,
    ) -> list[tuple[str, int, float]]:
        found = self._shard.query(
            qe.QueryRequest(
                limit=keep,
                query=qe.Query.Nearest(vector, using=using),
                filter=_filter(scope),
                with_payload=["source", "ordinal"],
                params=params,
            )
        )
        return [_row(hit) for hit in found]


def _config(dimensions: int) -> qe.EdgeConfig:
    return qe.EdgeConfig(
        vectors={DENSE: qe.EdgeVectorParams(dimensions, qe.Distance.Cosine)},
        sparse_vectors={WORDS: qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)},
    )


def _points(
    rows: list[list[Any]], counts: list[int], columns: Columns, dimensions: int
) -> list[qe.Point]:
    dense = array("f", columns.dense)
    terms = array("I", columns.terms)
    weights = array("f", columns.weights)
    points: list[qe.Point] = []
    start = 0
    for number, (row, count) in enumerate(zip(rows, counts, strict=True)):
        payload = {k: v for k, v in zip(POINT_FIELDS, row[:-1], strict=True) if v is not None}
        at = number * dimensions
        vectors: dict[str, Any] = {DENSE: dense[at : at + dimensions].tolist()}
        end = start + count
        if count:  # a point without terms takes no part in term statistics
            vectors[WORDS] = qe.SparseVector(terms[start:end].tolist(), weights[start:end].tolist())
        points.append(qe.Point(point_id(payload["source"], payload["ordinal"]), vectors, payload))
        start = end
    return points


def _filter(scope: Header) -> qe.Filter:
    """`field: [any of these]`, and `page: [first, last]`."""
    conditions: list[Any] = [
        qe.FieldCondition(field, match=qe.MatchAny(values))
        for field, values in scope.items()
        if field != "page"
    ]
    if "page" in scope:
        first, last = scope["page"]
        conditions.append(qe.FieldCondition("page", range=qe.RangeFloat(gte=first, lte=last)))
    return qe.Filter(must=conditions)


def _row(hit: qe.ScoredPoint) -> tuple[str, int, float]:
    payload: Any = hit.payload
    return payload["source"], payload["ordinal"], hit.score
