from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from pincite.elements import Kind, Medium, Scope, SourceId, passage_id
from pincite.index.memory import MemoryIndex
from pincite.index.ports import NO_WORDS, TEXT, Point
from serving.queries import nothing_left


@pytest.fixture
def index() -> Iterator[MemoryIndex]:
    with MemoryIndex() as index:
        index.upsert([point(0, "en"), point(1, "en"), point(2, "de"), point(3, "fr", "eve")])
        yield index


def point(ordinal: int, language: str, reader: str = "local") -> Point:
    source = SourceId(reader)
    return Point(
        passage=passage_id(source, ordinal),
        source=source,
        collection="default",
        readers=frozenset({reader}),
        medium=Medium.PDF,
        page=None,
        vectors={TEXT: np.ones(1, np.float32)},
        words=NO_WORDS,
        kinds=frozenset({Kind.TEXT}),
        language=language,
    )


def test_filters_that_leave_nothing_are_told_of_with_what_there_is(index: MemoryIndex) -> None:
    french = Scope(languages=frozenset({"fr"}))
    told = nothing_left([("language", "fr")], Scope(), french, index)
    assert told == ("the filters leave nothing to search; language may be en (2), de (1)",)
    assert nothing_left([("pages", "900")], Scope(), None, index) == (
        "the filters leave nothing to search",
    )


def test_what_others_have_is_never_told(index: MemoryIndex) -> None:
    nobody = Scope(principals=frozenset())
    told = nothing_left([("kind", "table")], nobody, None, index)
    assert told == ("the filters leave nothing to search; no passage has a kind",)


def test_filters_that_leave_something_are_not_told_of(index: MemoryIndex) -> None:
    assert nothing_left([], Scope(), None, index) == ()
    assert nothing_left([("language", "en")], Scope(), Scope(), index) == ()
