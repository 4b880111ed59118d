"""What we tell Qdrant of points, filters and collections. Pure."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any, cast

import numpy as np
from qdrant_client import models

from pincite import config
from pincite.elements import Kind, Medium, PassageId, SourceId, ordinal_of, passage_id
from pincite.index.folder import Made
from pincite.index.frames import RANGES
from pincite.index.ports import Point, SparseVector

WORDS = "words"
_NAMESPACE = uuid.UUID("6f1b7a52-6a3c-5f0e-9d53-0c1d6a9c2f11")


# --- points --------------------------------------------------------------------------------------


def struct(point: Point) -> models.PointStruct:
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
        vectors[WORDS] = sparse(point.words)
    name = str(uuid.uuid5(_NAMESPACE, point.passage))
    return models.PointStruct(
        id=name, vector=vectors, payload={k: v for k, v in payload.items() if v is not None}
    )


def point(record: models.Record) -> Point:
    """Undo `struct`."""
    payload = record.payload or {}
    vectors = cast("dict[str, Any]", record.vector or {})
    words: models.SparseVector | None = vectors.get(WORDS)
    return Point(
        passage=passage(payload),
        source=SourceId(payload["source"]),
        collection=payload["collection"],
        readers=frozenset(payload["readers"]),
        medium=Medium(payload["medium"]),
        page=payload.get("page"),
        vectors={k: np.array(v, np.float32) for k, v in vectors.items() if k != WORDS},
        words=SparseVector(
            np.array(words.indices if words else (), np.uint32),
            np.array(words.values if words else (), np.float32),
        ),
        kinds=frozenset(map(Kind, payload.get("kinds", ()))),
        language=payload.get("language"),
        day=date.fromordinal(payload["day"]) if "day" in payload else None,
    )


def copied(record: models.Record) -> models.PointStruct:
    return models.PointStruct(
        id=record.id, vector=cast("Any", record.vector), payload=record.payload
    )


def passage(payload: dict[str, Any]) -> PassageId:
    return passage_id(SourceId(payload["source"]), int(payload["ordinal"]))


def sparse(words: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=words.indices.tolist(), values=words.values.tolist())


# --- filters -------------------------------------------------------------------------------------


def filter_of(wanted: dict[str, Any]) -> models.Filter:
    """Of what `edge_frames.conditions` gives."""
    return models.Filter(must=[condition(field, values) for field, values in wanted.items()])


def condition(field: str, values: list[Any]) -> models.FieldCondition:
    if field in RANGES:
        return models.FieldCondition(key=field, range=models.Range(gte=values[0], lte=values[1]))
    return models.FieldCondition(key=field, match=models.MatchAny(any=values))


# --- collections ---------------------------------------------------------------------------------


def is_own(name: str, alias: str) -> bool:
    """Whether a collection was made for this alias."""
    return re.fullmatch(rf"{re.escape(alias)}-\d+", name) is not None


def next_name(name: str, alias: str) -> str:
    return f"{alias}-{int(name.rpartition('-')[2]) + 1}"


def vectors(made: Made, settings: config.Index) -> dict[str, models.VectorParams]:
    return {
        name: models.VectorParams(
            size=space.dimensions,
            distance=models.Distance.COSINE,
            on_disk=settings.vectors_on_disk or None,
        )
        for name, space in made.spaces.items()
    }


def graph(settings: config.Index) -> models.HnswConfigDiff:
    return models.HnswConfigDiff(m=settings.graph_links, ef_construct=settings.graph_build)


def quantization(settings: config.Index) -> models.QuantizationConfig | None:
    match settings.quantization:
        case "none":
            return None
        case "int8":
            scalar = models.ScalarQuantizationConfig(
                type=models.ScalarType.INT8, quantile=0.99, always_ram=True
            )
            return models.ScalarQuantization(scalar=scalar)
        case "product":
            product = models.ProductQuantizationConfig(
                compression=models.CompressionRatio.X16, always_ram=True
            )
            return models.ProductQuantization(product=product)
        case "binary":
            return models.BinaryQuantization(
                binary=models.BinaryQuantizationConfig(always_ram=True)
            )


def server_only(settings: config.Index) -> dict[str, Any]:
    """What the client's local mode does not know."""
    return {
        "hnsw_config": graph(settings),
        "quantization_config": quantization(settings),
        "shard_number": settings.shards,
        "replication_factor": settings.replicas,
        "write_consistency_factor": settings.write_consistency,
    }


def search_params(settings: config.Index, keep: int) -> models.SearchParams:
    return models.SearchParams(
        hnsw_ef=max(settings.graph_search, keep),
        quantization=None
        if settings.quantization == "none"
        else models.QuantizationSearchParams(rescore=True, oversampling=settings.oversampling),
    )


def differs(found: models.CollectionConfig, settings: config.Index) -> bool:
    """Whether a collection was tuned otherwise than the settings say now."""
    params, wanted = found.params, quantization(settings)
    kept = cast("dict[str, models.VectorParams]", params.vectors or {}).values()
    return (
        (found.hnsw_config.m, found.hnsw_config.ef_construct)
        != (settings.graph_links, settings.graph_build)
        or type(found.quantization_config) is not type(wanted)
        or any(bool(vector.on_disk) != settings.vectors_on_disk for vector in kept)
        or (params.replication_factor or 1) != settings.replicas
        or (params.write_consistency_factor or 1) != settings.write_consistency
    )
