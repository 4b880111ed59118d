"""What every index promises, asked of all of them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from qdrant_client import QdrantClient

from pincite import config
from pincite.elements import Kind, Medium, PassageId, Scope, SourceId, passage_id
from pincite.index.factory import open_index
from pincite.index.memory import MemoryIndex, admits
from pincite.index.ports import IMAGE, TEXT, ElementIndex, Point, Space, Vector
from pincite.index.qdrant_layout import is_own
from pincite.index.words import Bm25Words
from pincite.models.fake_text import FakeTextEncoder
from tests.contract.qdrant_stub import qdrant_stub

ENCODER, WORDS = FakeTextEncoder(32), Bm25Words()
SPACES = {
    TEXT: Space(encoder=ENCODER.id, dimensions=ENCODER.dimensions),
    IMAGE: Space(encoder="pictures", dimensions=4),
}
Open = Callable[[], ElementIndex]
KINDS = ["memory", "edge", "qdrant-memory", "qdrant-path", "qdrant-rest", "qdrant-server"]


def opener(kind: str, folder: Path) -> Open:
    match kind:
        case "qdrant-memory":
            chosen = config.Index(kind="qdrant", url=":memory:")
        case "qdrant-path":
            chosen = config.Index(kind="qdrant", url=str(folder / "qdrant"))
        case "edge":
            chosen = config.Index(kind="edge")
        case _:
            chosen = config.Index(kind="memory")
    return lambda: open_index(chosen, folder, SPACES)


@contextmanager
def server(kind: str) -> Generator[config.Index]:
    """`qdrant-rest` is ours, in this process; `qdrant-server` a real one, where there is one."""
    if kind == "qdrant-rest":
        with qdrant_stub() as stub:
            yield config.Index(kind="qdrant", url=stub.url)
        return
    address = os.environ.get("PINCITE_QDRANT_URL")
    if not address:
        pytest.skip("no server")
    name = f"test_{uuid.uuid4().hex}"
    key = os.environ.get("PINCITE_INDEX__API_KEY")
    try:
        yield config.Index(
            kind="qdrant", url=address, collection=name, api_key=SecretStr(key) if key else None
        )
    finally:
        with closing(QdrantClient(url=address, api_key=key)) as client:
            for made in client.get_collections().collections:
                if is_own(made.name, name):
                    client.delete_collection(made.name)


@pytest.fixture(params=KINDS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ElementIndex]:
    if request.param in ("qdrant-rest", "qdrant-server"):
        with server(request.param) as chosen, open_index(chosen, tmp_path, SPACES) as opened:
            yield opened
        return
    with opener(request.param, tmp_path)() as opened:
        yield opened


@pytest.fixture(params=["edge", "qdrant-path"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    return opener(request.param, tmp_path)


def point(
    text: str,
    source: str = "s1",
    ordinal: int = 0,
    *,
    readers: frozenset[str] = frozenset({"local"}),
    collection: str = "default",
    medium: Medium = Medium.PDF,
    page: int | None = 1,
    image: Sequence[float] | None = None,
    kinds: frozenset[Kind] = frozenset({Kind.TEXT}),
    language: str | None = None,
    day: date | None = None,
) -> Point:
    vectors: dict[str, Vector] = {TEXT: ENCODER.embed_documents([text])[0]}
    if image is not None:
        vectors = {IMAGE: np.array(image, np.float32)} | (vectors if text else {})
    return Point(
        passage=passage_id(SourceId(source), ordinal),
        source=SourceId(source),
        collection=collection,
        readers=readers,
        medium=medium,
        page=page,
        vectors=vectors,
        words=WORDS.embed_documents([text])[0],
        kinds=kinds,
        language=language,
        day=day,
    )


def dense(index: ElementIndex, question: str, scope: Scope, keep: int = 10) -> list[PassageId]:
    return [h.passage for h in index.search_dense(ENCODER.embed_query(question), scope, keep=keep)]


def words(index: ElementIndex, question: str, scope: Scope, keep: int = 10) -> list[PassageId]:
    return [h.passage for h in index.search_words(WORDS.embed_query(question), scope, keep=keep)]


LOCAL = Scope()
LIBRARY = (
    point("The turbine was inspected in May and found sound.", "s1", 0, page=1),
    point("Lunch is served at noon in the canteen.", "s1", 1, page=2),
    point("Rain fell all week on the turbine hall.", "s2", 0, page=None, medium=Medium.AUDIO),
)


def test_an_empty_index_finds_nothing(index: ElementIndex) -> None:
    assert dense(index, "turbine", LOCAL) == []
    assert words(index, "turbine", LOCAL) == []
    assert index.count(LOCAL) == 0
    assert index.sources() == set()


def test_hits_come_best_first_with_cosines(index: ElementIndex) -> None:
    index.upsert(LIBRARY)
    question = ENCODER.embed_query("When was the turbine inspected?")
    hits = index.search_dense(question, LOCAL, keep=10)
    assert hits[0].passage == "s1.p0"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].score == pytest.approx(float(LIBRARY[0].vectors[TEXT] @ question), abs=1e-3)
    assert len(index.search_dense(question, LOCAL, keep=2)) == 2


def test_words_find_only_what_shares_a_term(index: ElementIndex) -> None:
    index.upsert(LIBRARY)
    assert set(words(index, "turbine", LOCAL)) == {"s1.p0", "s2.p0"}
    assert words(index, "canteen noon", LOCAL) == ["s1.p1"]
    assert words(index, "submarine", LOCAL) == []
    assert words(index, "the of and", LOCAL) == []


def test_a_rare_term_weighs_more_than_a_common_one(index: ElementIndex) -> None:
    index.upsert([point("wind and rain", "s1", n) for n in range(8)])
    index.upsert([point("wind and snow", "s2", 0), point("wind and hail", "s2", 1)])
    assert words(index, "wind snow", LOCAL, keep=1) == ["s2.p0"]


def test_the_same_passage_again_replaces_the_old(index: ElementIndex) -> None:
    index.upsert([point("the turbine", "s1", 0)])
    index.upsert([point("the canteen", "s1", 0)])
    assert index.count(LOCAL) == 1
    assert words(index, "turbine", LOCAL) == []
    assert words(index, "canteen", LOCAL) == ["s1.p0"]


def test_a_deleted_source_is_gone_and_others_stay(index: ElementIndex) -> None:
    index.upsert(LIBRARY)
    index.delete(SourceId("s1"))
    index.delete(SourceId("never there"))
    assert index.sources() == {"s2"}
    assert dense(index, "turbine", LOCAL) == ["s2.p0"]
    assert index.count(LOCAL) == 1


def test_of_a_source_all_but_some_passages_can_be_deleted(index: ElementIndex) -> None:
    index.upsert([point(f"turbine {n}", "s1", n) for n in range(4)])
    index.upsert([point("turbine", "s2", 0), point("turbine", "s2", 1)])
    index.delete(SourceId("s1"), besides=[passage_id(SourceId("s1"), n) for n in (0, 2, 7)])
    assert set(words(index, "turbine", LOCAL)) == {"s1.p0", "s1.p2", "s2.p0", "s2.p1"}
    assert index.count(LOCAL) == 4


def test_values_are_counted_where_the_scope_admits_them(index: ElementIndex) -> None:
    both = frozenset({Kind.TEXT, Kind.TABLE})
    index.upsert([
        point("One.", "s1", 0, kinds=both, language="en"),
        point("Two.", "s1", 1),
        point("Three.", "s2", medium=Medium.AUDIO, collection="other", language="de"),
        point("Hidden.", "s3", readers=frozenset({"eve"}), language="fr"),
    ])  # fmt: skip
    everywhere = Scope(collections=frozenset())
    assert index.facet(everywhere, "kinds") == {"text": 3, "table": 1}
    assert index.facet(everywhere, "language") == {"en": 1, "de": 1}
    assert index.facet(everywhere, "collection") == {"default": 2, "other": 1}
    assert index.facet(LOCAL, "medium") == {"pdf": 2}
    assert index.facet(Scope(principals=frozenset()), "kinds") == {}


def test_a_point_without_terms_is_found_by_meaning_only(index: ElementIndex) -> None:
    index.upsert([point("of the and", "s1", 0), point("turbine", "s1", 1)])
    assert set(dense(index, "turbine", LOCAL)) == {"s1.p0", "s1.p1"}
    assert words(index, "turbine", LOCAL) == ["s1.p1"]


def test_each_space_is_searched_alone(index: ElementIndex) -> None:
    index.upsert(
        [
            point("turbine", "a", 0),
            point("turbine in the rain", "a", 1, image=(1, 0, 0, 0)),
            point("", "b", 0, image=(0, 1, 0, 0), medium=Medium.IMAGE),
        ]
    )
    asked = np.array((0.6, 0.8, 0, 0), np.float32)
    found = index.search_dense(asked, LOCAL, keep=10, space=IMAGE)
    assert [(hit.passage, round(hit.score, 3)) for hit in found] == [("b.p0", 0.8), ("a.p1", 0.6)]
    assert set(dense(index, "turbine", LOCAL)) == {"a.p0", "a.p1"}
    photos = Scope(media=frozenset({Medium.IMAGE}))
    assert [h.passage for h in index.search_dense(asked, photos, keep=10, space=IMAGE)] == ["b.p0"]
    index.purge()
    assert len(index.search_dense(asked, LOCAL, keep=10, space=IMAGE)) == 2


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), {"a.p0", "a.p1", "b.p0"}),
        (Scope(principals=frozenset()), set[str]()),
        (Scope(principals=frozenset({"bob"})), {"c.p0"}),
        (Scope(principals=frozenset({"bob", "local"})), {"a.p0", "a.p1", "b.p0", "c.p0"}),
        (Scope(collections=frozenset()), {"a.p0", "a.p1", "b.p0", "d.p0"}),
        (Scope(collections=frozenset({"other"})), {"d.p0"}),
        (Scope(sources=frozenset({SourceId("b")})), {"b.p0"}),
        (Scope(sources=frozenset({SourceId("c")})), set[str]()),
        (Scope(media=frozenset({Medium.AUDIO})), {"b.p0"}),
        (Scope(pages=(2, 3)), {"a.p1"}),
        (Scope(pages=(1, 1)), {"a.p0"}),
        (Scope(kinds=frozenset({Kind.TABLE})), {"a.p1"}),
        (Scope(kinds=frozenset({Kind.TABLE, Kind.TEXT})), {"a.p0", "a.p1", "b.p0"}),
        (Scope(kinds=frozenset({Kind.PHOTO})), set[str]()),
        (Scope(languages=frozenset({"de", "en"})), {"a.p0"}),
        (Scope(dates=(date(2020, 1, 1), date(2020, 12, 31))), {"a.p0", "b.p0"}),
        (Scope(dates=(date(2020, 1, 2), date(2020, 12, 31))), {"b.p0"}),
    ],
)
def test_a_scope_is_part_of_the_query(
    index: ElementIndex, scope: Scope, expected: set[str]
) -> None:
    index.upsert(
        [
            point("turbine one", "a", 0, page=1, language="de", day=date(2020, 1, 1)),
            point("turbine two", "a", 1, page=3, kinds=frozenset({Kind.TEXT, Kind.TABLE})),
            point("turbine three", "b", 0, page=None, medium=Medium.AUDIO, day=date(2020, 12, 31)),
            point("turbine four", "c", 0, readers=frozenset({"bob", "eve"})),
            point("turbine five", "d", 0, collection="other"),
        ]
    )
    assert set(dense(index, "turbine", scope)) == expected
    assert set(words(index, "turbine", scope)) == expected
    assert index.count(scope) == len(expected)


def test_what_lies_outside_the_scope_changes_no_score(index: ElementIndex) -> None:
    mine = [point("wind rain", "a", 0), point("wind snow", "a", 1), point("hail", "a", 2)]
    index.upsert(mine)
    query = WORDS.embed_query("wind snow hail")
    before = index.search_words(query, LOCAL, keep=10)
    hidden = [point("wind snow snow", "z", n, readers=frozenset({"eve"})) for n in range(20)]
    index.upsert(hidden)
    after = index.search_words(query, LOCAL, keep=10)
    assert [(h.passage, round(h.score, 4)) for h in after] == [
        (h.passage, round(h.score, 4)) for h in before
    ]


async def test_optimizing_and_purging_change_no_answer(index: ElementIndex) -> None:
    index.upsert(LIBRARY)
    index.delete(SourceId("s2"))
    await index.optimize()
    assert set(dense(index, "turbine", LOCAL)) == {"s1.p0", "s1.p1"}
    index.purge()
    assert words(index, "canteen", LOCAL) == ["s1.p1"]
    index.upsert(LIBRARY)
    assert index.count(LOCAL) == 3


def test_everything_is_there_after_reopening(reopen: Open) -> None:
    with reopen() as index:
        index.upsert(LIBRARY)
    with reopen() as index:
        assert index.count(LOCAL) == 3
        assert words(index, "canteen", LOCAL) == ["s1.p1"]
        index.purge()
    with reopen() as index:
        assert dense(index, "When was the turbine inspected?", LOCAL)[0] == "s1.p0"


def test_after_a_purge_no_byte_of_a_deleted_source_is_left(reopen: Open, tmp_path: Path) -> None:
    marker, kept = "deletedsourcemarker", "keptsourcemarker"
    with reopen() as index:
        index.upsert([point(f"turbine {n}", marker, n, collection="secret") for n in range(300)])
        index.upsert([point("canteen", kept, 0)])
        index.delete(SourceId(marker))
        index.purge()
        for path in (path for path in tmp_path.rglob("*") if path.is_file()):
            assert marker.encode() not in path.read_bytes(), path
        assert index.sources() == {kept}


MANY = st.lists(
    st.builds(
        point,
        st.lists(st.sampled_from(["wind", "rain", "snow", "hail", "fog"]), max_size=4).map(
            " ".join
        ),
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 4),
        readers=st.frozensets(st.sampled_from(["local", "bob", "eve"])),
        collection=st.sampled_from(["default", "other"]),
        medium=st.sampled_from([Medium.PDF, Medium.AUDIO]),
        page=st.none() | st.integers(1, 4),
        kinds=st.frozensets(st.sampled_from([Kind.TEXT, Kind.TABLE])),
        language=st.sampled_from([None, "de", "en"]),
        day=st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 4)),
    ),
    max_size=12,
)
SCOPES = st.builds(
    Scope,
    principals=st.frozensets(st.sampled_from(["local", "bob", "eve"])),
    collections=st.frozensets(st.sampled_from(["default", "other", "none"])),
    sources=st.frozensets(st.sampled_from(["a", "b"]).map(SourceId)),
    media=st.frozensets(st.sampled_from([Medium.PDF, Medium.AUDIO])),
    pages=st.none() | st.just((2, 3)),
    kinds=st.frozensets(st.sampled_from([Kind.TEXT, Kind.TABLE]), max_size=1),
    languages=st.frozensets(st.sampled_from(["de", "fr"])),
    dates=st.none() | st.just((date(2020, 1, 2), date(2020, 1, 3))),
)


@pytest.mark.parametrize("kind", ["edge", "qdrant-memory"])
def test_every_index_agrees_with_the_memory_index(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    index = opener(kind, tmp_path_factory.mktemp("index"))()

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(MANY, SCOPES, st.sampled_from(["wind", "rain snow", "hail hail fog"]))
    def agree(points: list[Point], scope: Scope, question: str) -> None:
        for source in index.sources():
            index.delete(source)
        exact = MemoryIndex()
        for target in (index, exact):
            target.upsert(points)
        stored = {p.passage: p for p in points}
        assert index.count(scope) == exact.count(scope)
        assert index.count(scope) == sum(admits(scope, p) for p in stored.values())
        for search in (dense, words):
            assert set(search(index, question, scope, 50)) == set(
                search(exact, question, scope, 50)
            )
        expected = exact.search_words(WORDS.embed_query(question), scope, keep=50)
        found = index.search_words(WORDS.embed_query(question), scope, keep=50)
        assert np.allclose([h.score for h in found], [h.score for h in expected], atol=1e-3)

    with index:
        agree()
