from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pincite.config import Retrieval
from pincite.elements import (
    Content,
    ContentId,
    How,
    Kind,
    Medium,
    ParsedElement,
    ParsedPassage,
    Scope,
    Source,
    SourceId,
    ordinal_of,
)
from pincite.index.memory import MemoryIndex
from pincite.index.ports import TEXT, Point
from pincite.index.words import Bm25Words
from pincite.locators import TextSpan
from pincite.models.fake_text import FakeTextEncoder
from pincite.texts import TextStore
from retrievers.hybrid import HybridRetriever

ENCODER, WORDS = FakeTextEncoder(), Bm25Words()
LOCAL = Scope()


class Library:
    """A text store and an index that were filled as ingestion fills them."""

    def __init__(self, folder: Path) -> None:
        self.texts = TextStore(folder / "texts.sqlite")
        self.index = MemoryIndex()
        self.retriever = HybridRetriever(
            self.index, ENCODER, WORDS, self.texts, Retrieval(candidates=4)
        )

    def add(
        self,
        name: str,
        *passages: str,
        readers: frozenset[str] = frozenset({"local"}),
        how: How = How.TEXT_LAYER,
    ) -> None:
        content = ContentId(name.ljust(64, "0"))
        self.texts.add_content(Content(id=content, size=1, media_type="x/y", medium=Medium.TEXT))
        source = Source(
            id=SourceId(name),
            content=content,
            name=name,
            origin=f"/{name}",
            medium=Medium.TEXT,
            readers=readers,
            added_at=datetime(2025, 1, 1, tzinfo=UTC),
        )
        self.texts.add_source(source)
        place = (TextSpan(start=0, end=1),)
        self.texts.put_unit(
            content,
            "test",
            1,
            [ParsedElement(kind=Kind.TEXT, text=t, locators=place, how=how) for t in passages],
            [ParsedPassage(elements=(n,), text=text) for n, text in enumerate(passages)],
        )
        self.index_source(source)

    def index_source(self, source: Source) -> None:
        found = self.texts.passages_of(source.id, 1)
        vectors = ENCODER.embed_documents([passage.text for passage in found])
        words = WORDS.embed_documents([passage.text for passage in found])
        self.index.upsert(
            [
                Point(
                    passage=passage.id,
                    source=source.id,
                    collection=source.collection,
                    readers=source.readers,
                    medium=source.medium,
                    page=passage.page,
                    vectors={TEXT: vector},
                    words=sparse,
                )
                for passage, vector, sparse in zip(found, vectors, words, strict=True)
            ]
        )


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path)
    yield made
    made.texts.close()


def test_evidence_can_be_read_and_cited(library: Library) -> None:
    library.add("log", "The turbine was inspected in May.", "Lunch is at noon.")
    best = library.retriever.search("When was the turbine inspected?", LOCAL, keep=3)[0]
    assert best.passage.text == "The turbine was inspected in May."
    assert [element.text for element in best.elements] == [best.passage.text]
    assert best.source.name == "log"
    assert best.found_by == ("dense", "words")
    assert best.similarity is not None
    assert 0.5 < best.similarity <= 1


def test_ranks_count_from_one_and_scores_fall(library: Library) -> None:
    library.add("log", *(f"turbine report number {n}" for n in range(9)))
    found = library.retriever.search("turbine report", LOCAL, keep=5)
    assert [item.rank for item in found] == [1, 2, 3, 4, 5]
    assert [item.score for item in found] == sorted((i.score for i in found), reverse=True)


@pytest.mark.parametrize("question", ["", "   \n"])
def test_an_empty_question_finds_nothing(library: Library, question: str) -> None:
    library.add("log", "The turbine was inspected in May.")
    assert library.retriever.search(question, LOCAL, keep=3) == []


def test_an_empty_library_finds_nothing(library: Library) -> None:
    assert library.retriever.search("turbine", LOCAL, keep=3) == []


def test_a_question_of_50_kilobytes_is_answered(library: Library) -> None:
    library.add("log", "The turbine was inspected in May.")
    assert library.retriever.search("turbine " * 7_000, LOCAL, keep=3)


def test_the_same_words_again_are_shown_once(library: Library) -> None:
    library.add("one", "The turbine was inspected in May.")
    library.add("two", "the turbine  was inspected\nin May.", "The turbine hall is cold.")
    found = library.retriever.search("turbine inspected in May", LOCAL, keep=5)
    assert [" ".join(item.passage.text.lower().split()) for item in found] == [
        "the turbine was inspected in may.",
        "the turbine hall is cold.",
    ]


def test_a_copy_that_the_asker_may_not_see_takes_nothing_away(library: Library) -> None:
    library.add("bobs", "The turbine was inspected in May.", readers=frozenset({"bob"}))
    library.add("mine", "The turbine was inspected in May.")
    found = library.retriever.search("turbine inspected in May", LOCAL, keep=5)
    assert [item.source.id for item in found] == ["mine"]


def test_what_was_deleted_from_the_texts_is_no_longer_found(library: Library) -> None:
    library.add("log", "The turbine was inspected in May.")
    library.texts.delete_source(SourceId("log"))
    assert library.index.count(LOCAL) == 1
    assert library.retriever.search("turbine", LOCAL, keep=3) == []


def test_an_index_that_lags_behind_new_readers_leaks_nothing(library: Library) -> None:
    library.add("bobs", "The turbine was inspected in May.", readers=frozenset({"bob"}))
    stale = library.texts.source(SourceId("bobs")).model_copy(
        update={"readers": frozenset({"local"})}
    )
    library.index_source(stale)
    assert library.index.count(LOCAL) == 1
    assert library.retriever.search("turbine", LOCAL, keep=3) == []


def test_a_machine_caption_helps_to_find(library: Library) -> None:
    library.add("photo", "A crane lifts a turbine blade.", how=How.MACHINE_CAPTION)
    found = library.retriever.search("turbine blade crane", LOCAL, keep=3)
    assert [ordinal_of(item.passage.id) >= 0 for item in found] == [True]
    assert not found[0].elements[0].how.may_support


def test_repeats_at_the_top_do_not_starve_what_comes_after(library: Library) -> None:
    library.add("log", *(["The turbine was inspected."] * 6), "A turbine stood still.")
    found = library.retriever.search("turbine inspected", LOCAL, keep=4)
    assert len(found) == 2
