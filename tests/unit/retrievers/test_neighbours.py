from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

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
    passage_id,
)
from pincite.evidence import Evidence
from pincite.locators import TextSpan
from pincite.texts import UNIT_STRIDE, TextStore
from retrievers.neighbours import WithNeighbours, with_neighbours

BOOK = SourceId("book")


@pytest.fixture
def texts(tmp_path: Path) -> Iterator[TextStore]:
    with TextStore(tmp_path / "texts.db") as store:
        content = ContentId("c" * 64)
        store.add_content(Content(id=content, size=1, media_type="x/y", medium=Medium.PDF))
        store.add_source(
            Source(
                id=BOOK,
                content=content,
                name="book",
                origin="/book",
                medium=Medium.PDF,
                added_at=datetime(2025, 1, 1, tzinfo=UTC),
            )
        )
        yield store


def put(texts: TextStore, unit: int, *passages: tuple[str, str]) -> None:
    """Each a section and its only element's text."""
    place = (TextSpan(start=0, end=1),)
    texts.put_unit(
        ContentId("c" * 64),
        "test",
        unit,
        [
            ParsedElement(kind=Kind.TEXT, text=text, locators=place, how=How.TEXT_LAYER)
            for _, text in passages
        ],
        [
            ParsedPassage(elements=(n,), text=text, heading_path=(section,))
            for n, (section, text) in enumerate(passages)
        ],
    )


def evidence(texts: TextStore, unit: int, place: int) -> Evidence:
    id_ = passage_id(BOOK, unit * UNIT_STRIDE + place)
    passage, elements = texts.passages([id_])[id_]
    return Evidence(
        passage=passage,
        elements=elements,
        source=texts.source(BOOK),
        score=1,
        rank=1,
        found_by=("words",),
    )


def around(texts: TextStore, *found: Evidence, words: int = 9) -> list[list[str]]:
    return [
        [element.text for element in item.context]
        for item in with_neighbours(found, texts, words=words)
    ]


def test_lines_of_the_same_section_are_read_with_what_was_found(texts: TextStore) -> None:
    put(texts, 1, ("", "Corner Shop"), ("", "Milk 1.20"), ("", "Total 1.20"))
    assert around(texts, evidence(texts, 1, 0)) == [["Milk 1.20"]]
    assert around(texts, evidence(texts, 1, 1)) == [["Corner Shop", "Total 1.20"]]


def test_another_section_is_not(texts: TextStore) -> None:
    put(texts, 1, ("One", "The pump."), ("Two", "The valve."), ("Two", "It leaked."))
    assert around(texts, evidence(texts, 1, 1)) == [["It leaked."]]


def test_the_next_page_goes_on_where_one_ends(texts: TextStore) -> None:
    put(texts, 1, ("One", "It was inspected"))
    put(texts, 2, ("Other", "in May."), ("Other", "Then it rained."))
    assert around(texts, evidence(texts, 1, 0)) == [["in May."]]


def test_the_last_page_has_nothing_after_it(texts: TextStore) -> None:
    put(texts, 3, ("One", "The end"))
    assert around(texts, evidence(texts, 3, 0)) == [[]]


def test_long_neighbours_stay_away(texts: TextStore) -> None:
    put(texts, 1, ("", "Short"), ("", "far " * 50))
    assert around(texts, evidence(texts, 1, 0)) == [[]]
    assert around(texts, evidence(texts, 1, 0), words=60) == [["far " * 50]]


def test_what_is_evidence_is_nobodys_neighbour(texts: TextStore) -> None:
    put(texts, 1, ("", "One."), ("", "Two."), ("", "Three."))
    found = (evidence(texts, 1, 0), evidence(texts, 1, 2))
    assert around(texts, *found) == [["Two."], []]


def test_the_setting_turns_it_off(texts: TextStore) -> None:
    put(texts, 1, ("", "One."), ("", "Two."))

    class Fixed:
        def search(self, question: str, scope: Scope, *, keep: int) -> Sequence[Evidence]:
            return [evidence(texts, 1, 0)]

    fixed = Fixed()
    on, off = (
        WithNeighbours(fixed, texts, words=words).search("q", Scope(), keep=1)  # pyright: ignore[reportArgumentType]
        for words in (9, 0)
    )
    assert [len(on[0].context), len(off[0].context)] == [1, 0]
