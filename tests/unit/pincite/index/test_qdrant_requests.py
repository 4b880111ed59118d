"""What goes over the wire to a Qdrant server; the answers are those of `qdrant_stub`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from pincite import config
from pincite.elements import Medium, Scope, SourceId, passage_id
from pincite.errors import IncompatibleData, IndexUnavailable
from pincite.index.folder import Made
from pincite.index.ports import TEXT, Point, Space, SparseVector
from pincite.index.qdrant import QdrantIndex
from tests.contract.qdrant_stub import QdrantStub, qdrant_stub

MADE = Made(spaces={TEXT: Space(encoder="one", dimensions=4)}, words="words-1")
VECTOR = np.array([1, 0, 0, 0], np.float32)
TERMS = SparseVector(np.array([7], np.uint32), np.array([1.5], np.float32))
ALIASED = r"/collections/pincite/points/query"


@pytest.fixture
def stub() -> Iterator[QdrantStub]:
    with qdrant_stub() as listening:
        yield listening


def opened(stub: QdrantStub, made: Made = MADE, **settings: Any) -> QdrantIndex:
    chosen = config.Index.model_validate({"kind": "qdrant", "url": stub.url} | settings)
    return QdrantIndex(stub.url, made, chosen)


def point(source: str = "s") -> Point:
    return Point(
        passage=passage_id(SourceId(source), 0),
        source=SourceId(source),
        collection="default",
        readers=frozenset({"local"}),
        medium=Medium.PDF,
        page=None,
        vectors={TEXT: VECTOR},
        words=TERMS,
    )


def test_a_library_is_a_collection_behind_an_alias(stub: QdrantStub) -> None:
    with opened(stub, collection="papers"):
        pass
    (made,) = stub.bodies("PUT", "/collections/papers-1")
    assert made["vectors"] == {"text": {"size": 4, "distance": "Cosine"}}
    assert made["sparse_vectors"] == {"words": {"modifier": "idf"}}
    assert made["metadata"] == MADE.model_dump(mode="json")
    (aliased,) = stub.bodies("POST", "/collections/aliases")
    assert aliased == {
        "actions": [{"create_alias": {"collection_name": "papers-1", "alias_name": "papers"}}]
    }
    indexed = stub.bodies("PUT", "/collections/papers-1/index")
    assert {(each["field_name"], each["field_schema"]) for each in indexed} == {
        *((f, "keyword") for f in ("source", "collection", "readers", "medium", "kinds")),
        ("language", "keyword"),
        ("page", "integer"),
        ("day", "integer"),
    }


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("none", None),
        ("int8", {"scalar": {"type": "int8", "quantile": 0.99, "always_ram": True}}),
        ("product", {"product": {"compression": "x16", "always_ram": True}}),
        ("binary", {"binary": {"always_ram": True}}),
    ],
)
def test_settings_say_how_a_collection_is_made_and_searched(
    stub: QdrantStub, kind: str, sent: Any
) -> None:
    with opened(
        stub,
        quantization=kind,
        oversampling=3,
        graph_links=32,
        graph_build=200,
        graph_search=99,
        vectors_on_disk=True,
        shards=6,
        replicas=2,
        write_consistency=2,
    ) as index:
        index.search_dense(VECTOR, Scope(), keep=5)
    (made,) = stub.bodies("PUT", "/collections/pincite-1")
    assert made.get("quantization_config") == sent
    assert made["hnsw_config"] == {"m": 32, "ef_construct": 200}
    assert made["vectors"]["text"]["on_disk"] is True
    assert (made["shard_number"], made["replication_factor"]) == (6, 2)
    assert made["write_consistency_factor"] == 2
    (asked,) = stub.bodies("POST", ALIASED)
    rescored = {"quantization": {"rescore": True, "oversampling": 3.0}} if sent else {}
    assert asked["params"] == {"hnsw_ef": 99} | rescored
    assert stub.bodies("PATCH", ".*") == []


def test_changed_settings_reach_a_collection_that_is_there(stub: QdrantStub) -> None:
    with opened(stub, quantization="int8") as index:
        index.upsert([point()])
    changed: dict[str, Any] = {
        "quantization": "none",
        "graph_links": 24,
        "replicas": 3,
        "vectors_on_disk": True,
    }
    with opened(stub, **changed) as index:
        assert index.sources() == {"s"}
    (told,) = stub.bodies("PATCH", "/collections/pincite-1")
    assert told == {
        "hnsw_config": {"m": 24, "ef_construct": 100},
        "quantization_config": "Disabled",
        "vectors": {"text": {"on_disk": True}},
        "params": {"replication_factor": 3, "write_consistency_factor": 1},
    }
    with opened(stub, **changed):
        pass
    assert len(stub.bodies("PATCH", ".*")) == 1


def test_every_question_carries_the_askers_rights_and_its_own_term_statistics(
    stub: QdrantStub,
) -> None:
    rights = {
        "must": [
            {"key": "readers", "match": {"any": ["bob"]}},
            {"key": "collection", "match": {"any": ["default"]}},
        ]
    }
    scope = Scope(principals=frozenset({"bob"}))
    with opened(stub) as index:
        index.search_dense(VECTOR, scope, keep=5)
        index.search_words(TERMS, scope, keep=5)
        index.count(scope)
    dense, words = stub.bodies("POST", ALIASED)
    assert dense["filter"] == words["filter"] == rights
    assert words["params"] == {"idf": {"corpus": rights}}
    assert dense["with_payload"] == words["with_payload"] == ["source", "ordinal"]
    (counted,) = stub.bodies("POST", "/collections/pincite/points/count")
    assert counted["filter"] == rights


def test_a_purge_fills_a_new_collection_moves_the_alias_at_once_and_drops_the_old(
    stub: QdrantStub,
) -> None:
    with opened(stub) as index:
        index.upsert([point("a"), point("b")])
        index.delete(SourceId("a"))
        stub.heard.clear()
        index.purge()
        assert index.sources() == {"b"}
    order = [f"{heard.method} {heard.path}" for heard in stub.heard if heard.method != "GET"]
    filled = order.index("PUT /collections/pincite-2/points")
    assert filled < order.index("POST /collections/aliases")
    assert order.index("POST /collections/aliases") < order.index("DELETE /collections/pincite-1")
    (moved,) = stub.bodies("POST", "/collections/aliases")
    assert moved["actions"] == [
        {"delete_alias": {"alias_name": "pincite"}},
        {"create_alias": {"collection_name": "pincite-2", "alias_name": "pincite"}},
    ]


def test_libraries_of_other_names_on_the_same_server_are_left_alone(stub: QdrantStub) -> None:
    with opened(stub, collection="pincite_two") as other:
        other.upsert([point("theirs")])
        with opened(stub) as index:
            assert index.sources() == set()
        assert other.sources() == {"theirs"}


def test_another_encoder_or_size_is_refused_and_nothing_is_written(stub: QdrantStub) -> None:
    with opened(stub) as index:
        index.upsert([point()])
    stub.heard.clear()
    for space in (Space(encoder="two", dimensions=4), Space(encoder="one", dimensions=8)):
        with pytest.raises(IncompatibleData, match="embedded anew"):
            opened(stub, Made(spaces={TEXT: space}, words="words-1"))
    assert {heard.method for heard in stub.heard} == {"GET"}


def test_a_server_that_would_count_hidden_words_is_refused(stub: QdrantStub) -> None:
    stub.version = "1.18.2"
    with pytest.raises(IncompatibleData, match=r"version 1\.18\.2; Pincite needs 1\.19 or later"):
        opened(stub)
    assert stub.heard == []


def test_a_server_that_does_not_answer_is_named_in_one_sentence() -> None:
    with qdrant_stub() as gone:
        pass
    with pytest.raises(IndexUnavailable, match="did not do as asked"):
        opened(gone)
