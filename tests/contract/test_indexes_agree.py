"""The same library in every engine gives the same ten best, up to ties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import numpy as np
import pytest

from pincite.elements import Medium, Scope, SourceId, passage_id
from pincite.index.memory import MemoryIndex
from pincite.index.ports import TEXT, ElementIndex, Hit, Point
from tests.contract.test_index import ENCODER, WORDS, opener

POINTS, SEARCHES = 240, 6
ENGINES = ["edge", "qdrant-memory", "qdrant-path"]
SCOPES = (
    Scope(),
    Scope(pages=(1, 3)),
    Scope(principals=frozenset({"bob"}), collections=frozenset()),
    Scope(media=frozenset({Medium.AUDIO}), collections=frozenset()),
)


def made_up(random: np.random.Generator, words: int) -> str:
    """Words of a vocabulary of 400, frequent and rare ones."""
    return " ".join(f"word{n}" for n in np.minimum(random.zipf(1.3, words), 400))


def library() -> list[Point]:
    random = np.random.default_rng(11)
    texts = [made_up(random, 30) for _ in range(POINTS)]
    vectors, weights = ENCODER.embed_documents(texts), WORDS.embed_documents(texts)
    return [
        Point(
            passage=passage_id(SourceId(f"s{n // 20}"), n % 20),
            source=SourceId(f"s{n // 20}"),
            collection="default" if n % 3 else "other",
            readers=frozenset({"local"} if n % 4 else {"bob", "eve"}),
            medium=Medium.AUDIO if n % 5 == 0 else Medium.PDF,
            page=1 + n % 9,
            vectors={TEXT: vector},
            words=words,
        )
        for n, (vector, words) in enumerate(zip(vectors, weights, strict=True))
    ]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[ElementIndex]]:
    points = library()
    with ExitStack() as stack:
        opened = [MemoryIndex()]
        opened += [
            stack.enter_context(opener(kind, tmp_path_factory.mktemp(kind))()) for kind in ENGINES
        ]
        for index in opened:
            index.upsert(points)
            index.delete(SourceId("s7"))
        yield opened


def assert_same_best(found: Sequence[Hit], expected: Sequence[Hit]) -> None:
    """`expected` goes deeper, so that a tie at the end of `found` can be told."""
    assert len(found) == min(10, len(expected))
    scores = {hit.passage: hit.score for hit in expected}
    for hit, wanted in zip(found, expected, strict=False):
        assert hit.score == pytest.approx(wanted.score, abs=2e-3)
        assert hit.score == pytest.approx(scores[hit.passage], abs=2e-3)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("kind", ["dense", "words"])
def test_every_engine_gives_the_same_ten_best(
    engines: list[ElementIndex], scope: Scope, kind: str
) -> None:
    random = np.random.default_rng(12)
    exact, *others = engines
    for _ in range(SEARCHES):
        question = made_up(random, 5)
        ask = _asking(kind, question, scope)
        expected = ask(exact, 40)
        assert expected
        for index in others:
            assert_same_best(ask(index, 10), expected)


def _asking(kind: str, question: str, scope: Scope) -> Callable[[ElementIndex, int], list[Hit]]:
    if kind == "dense":
        vector = ENCODER.embed_query(question)
        return lambda index, keep: index.search_dense(vector, scope, keep=keep)
    words = WORDS.embed_query(question)
    return lambda index, keep: index.search_words(words, scope, keep=keep)
