"""Nothing of what an asker may not see shows in any answer of any index, whatever came before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pincite.elements import Kind, Medium, PassageId, Scope, SourceId
from pincite.index.factory import open_index
from pincite.index.memory import MemoryIndex, admits
from pincite.index.ports import IMAGE, ElementIndex, Facet, Hit, Point
from tests.contract.test_index import ENCODER, SPACES, WORDS, opener, point, server

PEOPLE, WEATHER = ["local", "bob", "eve"], ["wind", "rain", "snow", "hail", "fog"]
SOURCES = ["a", "b", "c", "d"]


class Write(NamedTuple):
    """A source is written; a source's rights are those of all its passages."""

    source: str
    readers: frozenset[str]
    collection: str
    texts: list[str]
    page: int | None
    kind: Kind
    language: str | None
    day: date | None


class Share(NamedTuple):
    source: str
    readers: frozenset[str]


class Delete(NamedTuple):
    source: str


Step = Write | Share | Delete
READERS = st.frozensets(st.sampled_from(PEOPLE), max_size=2)
STEPS = st.lists(
    st.builds(
        Write,
        st.sampled_from(SOURCES),
        READERS,
        st.sampled_from(["default", "other"]),
        st.lists(st.lists(st.sampled_from(WEATHER), max_size=3).map(" ".join), max_size=3),
        st.none() | st.integers(1, 3),
        st.sampled_from([Kind.TEXT, Kind.TABLE]),
        st.sampled_from([None, "de", "en"]),
        st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 3)),
    )
    | st.builds(Share, st.sampled_from(SOURCES), READERS)
    | st.builds(Delete, st.sampled_from(SOURCES)),
    min_size=1,
    max_size=8,
)
ASKERS = st.builds(
    Scope,
    principals=st.frozensets(st.sampled_from(PEOPLE), max_size=2),
    collections=st.sampled_from([frozenset[str](), frozenset({"default"})]),
    pages=st.none() | st.just((1, 2)),
    kinds=st.sampled_from([frozenset[Kind](), frozenset({Kind.TABLE})]),
    languages=st.sampled_from([frozenset[str](), frozenset({"de"})]),
    dates=st.none() | st.just((date(2020, 1, 2), date(2020, 1, 3))),
)
QUESTIONS = st.lists(st.sampled_from([*WEATHER, "the", "?"]), min_size=1, max_size=4).map(" ".join)


class Kept:
    """What an index holds by now, and the one that holds only what somebody may see."""

    def __init__(self, index: ElementIndex) -> None:
        self.index = index
        self.points: dict[PassageId, Point] = {}

    def do(self, step: Step) -> None:
        source = SourceId(step.source)
        there = [each for each in self.points.values() if each.source == source]
        match step:
            case Delete():
                self.index.delete(source)
                self.points = {k: p for k, p in self.points.items() if p.source != source}
            case Share(readers=readers):
                self._write([replace(each, readers=readers) for each in there])
            case Write():
                self.do(Delete(step.source))
                self._write([_made(step, n, text) for n, text in enumerate(step.texts)])

    def _write(self, points: Sequence[Point]) -> None:
        self.index.upsert(points)
        self.points |= {each.passage: each for each in points}

    def seen(self, asker: Scope) -> MemoryIndex:
        alone = MemoryIndex()
        alone.upsert([each for each in self.points.values() if admits(asker, each)])
        return alone


def _made(step: Write, ordinal: int, text: str) -> Point:
    return point(
        text,
        step.source,
        ordinal,
        readers=step.readers,
        collection=step.collection,
        medium=Medium.PDF,
        page=step.page,
        kinds=frozenset({step.kind}),
        language=step.language,
        day=step.day,
        image=(0.6, 0.8, 0, 0) if step.kind is Kind.TABLE else None,
    )


def told(hits: Sequence[Hit]) -> dict[PassageId, float]:
    return {hit.passage: round(hit.score, 3) for hit in hits}


def assert_alike(found: Sequence[Hit], expected: Sequence[Hit]) -> None:
    """The same passages and scores, in the same order but for ties."""
    first, second = told(found), told(expected)
    assert first.keys() == second.keys()
    assert np.allclose([first[k] for k in second], list(second.values()), atol=2e-3)
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)


def assert_nothing_leaks(kept: Kept, asker: Scope, question: str) -> None:
    index, alone = kept.index, kept.seen(asker)
    everything = Scope(principals=asker.principals, collections=frozenset())
    assert index.count(asker) == alone.count(everything)
    for field in get_args(Facet):
        assert index.facet(asker, field) == alone.facet(everything, field)
    meaning, words = ENCODER.embed_query(question), WORDS.embed_query(question)
    assert_alike(
        index.search_dense(meaning, asker, keep=50), alone.search_dense(meaning, asker, keep=50)
    )
    seen = np.array((1, 0, 0, 0), np.float32)
    assert_alike(
        index.search_dense(seen, asker, keep=50, space=IMAGE),
        alone.search_dense(seen, asker, keep=50, space=IMAGE),
    )
    assert_alike(
        index.search_words(words, asker, keep=50), alone.search_words(words, asker, keep=50)
    )
    fewer = index.search_words(words, asker, keep=1)
    assert len(fewer) == min(1, len(alone.search_words(words, asker, keep=50)))


def check(index: ElementIndex, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS, st.lists(st.tuples(ASKERS, QUESTIONS), min_size=1, max_size=3))
    def holds(steps: list[Step], asked: list[tuple[Scope, str]]) -> None:
        kept = Kept(index)
        for source in index.sources():
            index.delete(source)
        for step in steps:
            kept.do(step)
            assert_nothing_leaks(kept, *asked[0])
        for asker, question in asked:
            assert_nothing_leaks(kept, asker, question)
        assert index.sources() == {each.source for each in kept.points.values()}

    holds()


@pytest.mark.parametrize(
    "kind", ["memory", "edge", "qdrant-memory", "qdrant-rest", "qdrant-server"]
)
def test_nothing_leaks_whatever_was_written_shared_or_deleted_before(
    kind: str, tmp_path: Path
) -> None:
    if kind in ("qdrant-rest", "qdrant-server"):
        with server(kind) as chosen, open_index(chosen, tmp_path, SPACES) as index:
            check(index, 15)
        return
    with opener(kind, tmp_path)() as index:
        check(index, 60 if kind != "edge" else 40)


HIDDEN = (
    Write("a", frozenset({"local"}), "default", ["wind rain", "snow"], 1, Kind.TEXT, None, None),
    Write("b", frozenset({"eve"}), "default", ["wind", "wind snow"], 1, Kind.TEXT, None, None),
    Write("c", frozenset(), "default", ["rain hail"], 1, Kind.TEXT, None, None),
    Write("d", frozenset({"local"}), "other", ["fog wind"], 1, Kind.TEXT, None, None),
)


@pytest.mark.parametrize("left", [(0,), (0, 1), (0, 2), (0, 3), (0, 1, 2, 3)])
@pytest.mark.parametrize("purged", [False, True])
def test_nothing_leaks_after_reopening(tmp_path: Path, left: tuple[int, ...], purged: bool) -> None:
    """An Edge index drops the filter of whoever may see everything: it must know so anew."""
    reopen = opener("edge", tmp_path)
    with reopen() as index:
        before = Kept(index)
        for number in left:
            before.do(HIDDEN[number])
        if purged:
            index.purge()
            assert_nothing_leaks(before, Scope(), "wind rain snow hail fog")
    with reopen() as index:
        before.index = index
        for principals in ({"local"}, {"eve"}, {"local", "eve"}, set[str]()):
            for collections in (frozenset[str](), frozenset({"default"}), frozenset({"other"})):
                asker = Scope(principals=frozenset(principals), collections=collections)
                assert_nothing_leaks(before, asker, "wind rain snow hail fog")
