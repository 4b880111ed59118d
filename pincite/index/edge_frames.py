"""Points, vectors and scopes in the form the index process takes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from pincite.elements import (
    Kind,
    Medium,
    PassageId,
    Scope,
    SourceId,
    ordinal_of,
    passage_id,
)
from pincite.index.frames import POINT_FIELDS, Columns, Frame, Header, split_columns
from pincite.index.ports import Hit, Point, SparseVector, Vector


def upsert_frame(points: Sequence[Point]) -> Frame:
    rows = [
        [
            point.source,
            ordinal_of(point.passage),
            point.collection,
            sorted(point.readers),
            point.medium.value,
            point.page,
            sorted(kind.value for kind in point.kinds),
            point.language,
            None if point.day is None else point.day.toordinal(),
            list(point.vectors),
            len(point.words.indices),
        ]
        for point in points
    ]
    columns = Columns(
        _bytes([vector for point in points for vector in point.vectors.values()], np.float32),
        _bytes([point.words.indices for point in points], np.uint32),
        _bytes([point.words.values for point in points], np.float32),
    )
    return Frame({"call": "upsert", "rows": rows}, columns.joined())


def points(page: Frame, dimensions: Mapping[str, int]) -> list[Point]:
    """Undo `upsert_frame`; `dimensions` of each space by its name."""
    rows: list[list[Any]] = page.header["rows"]
    columns = split_columns(page.body, rows, dimensions)
    dense = np.frombuffer(columns.dense, np.float32)
    terms = np.frombuffer(columns.terms, np.uint32)
    weights = np.frombuffer(columns.weights, np.float32)
    found: list[Point] = []
    at = start = 0
    for *fields, spaces, count in rows:
        vectors: dict[str, Vector] = {}
        for space in spaces:
            vectors[space] = dense[at : at + dimensions[space]]
            at += dimensions[space]
        words = SparseVector(terms[start : start + count], weights[start : start + count])
        start += count
        found.append(_point(dict(zip(POINT_FIELDS, fields, strict=True)), vectors, words))
    return found


def _point(fields: Header, vectors: dict[str, Vector], words: SparseVector) -> Point:
    source, day = SourceId(fields["source"]), fields["day"]
    return Point(
        passage=passage_id(source, fields["ordinal"]),
        source=source,
        collection=fields["collection"],
        readers=frozenset(fields["readers"]),
        medium=Medium(fields["medium"]),
        page=fields["page"],
        vectors=vectors,
        words=words,
        kinds=frozenset(map(Kind, fields["kinds"] or ())),
        language=fields["language"],
        day=None if day is None else date.fromordinal(day),
    )


def delete_frame(source: SourceId, besides: Collection[PassageId]) -> Frame:
    kept = sorted(map(ordinal_of, besides))
    return Frame({"call": "delete", "source": source, "besides": kept})


def dense_frame(vector: Vector, scope: Scope, keep: int, space: str) -> Frame:
    asked = {"call": "dense", "scope": conditions(scope), "keep": keep, "space": space}
    return Frame(asked, _bytes([vector], np.float32))


def words_frame(words: SparseVector, scope: Scope, keep: int) -> Frame:
    asked = {"call": "words", "scope": conditions(scope), "keep": keep}
    return Frame(asked, _bytes([words.indices], np.uint32) + _bytes([words.values], np.float32))


def conditions(scope: Scope) -> Header:
    """What `memory.admits` says, as `field: [any of these]`; of `RANGES`, `[first, last]`.

    Without principals the list for `readers` is empty, and nothing matches any of nothing.
    """
    wanted: Header = {"readers": sorted(scope.principals)}
    if scope.collections:
        wanted["collection"] = sorted(scope.collections)
    if scope.sources:
        wanted["source"] = sorted(scope.sources)
    if scope.media:
        wanted["medium"] = sorted(medium.value for medium in scope.media)
    if scope.pages is not None:
        wanted["page"] = list(scope.pages)
    if scope.kinds:
        wanted["kinds"] = sorted(kind.value for kind in scope.kinds)
    if scope.languages:
        wanted["language"] = sorted(scope.languages)
    if scope.dates is not None:
        wanted["day"] = [day.toordinal() for day in scope.dates]
    return wanted


def hits(header: Header) -> list[Hit]:
    return [
        Hit(passage_id(SourceId(source), ordinal), float(score))
        for source, ordinal, score in header["hits"]
    ]


def _bytes(arrays: Sequence[npt.NDArray[Any]], kind: type[np.generic]) -> bytes:
    return b"".join(np.ascontiguousarray(array, dtype=kind).tobytes() for array in arrays)
