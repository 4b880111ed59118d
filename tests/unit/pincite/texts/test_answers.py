from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pincite.answers import (
    Answered,
    AnswerId,
    CheckedSentence,
    Citation,
    MadeWith,
    Record,
    RefusalReason,
    Refused,
    SentenceId,
    Shown,
    Voice,
)
from pincite.elements import ElementId, Kind, Medium, Scope, SourceId
from pincite.errors import UnknownSource
from pincite.evidence import Coverage
from pincite.texts import TextStore
from tests.unit.pincite.texts.conftest import box, content, source

STAFF = frozenset({"staff"})
ALICE = Scope(principals=frozenset({"alice", "staff"}))
BOB = Scope(principals=frozenset({"bob", "staff"}))


def answered(*cited: str) -> Answered:
    citations = tuple(
        Citation(
            number=number,
            element=ElementId(f"{name}.10000"),
            source=SourceId(name),
            source_name="r.pdf",
            source_version=1,
            medium=Medium.PDF,
            kind=Kind.TEXT,
            locators=(box(1),),
            quote="said so",
        )
        for number, name in enumerate(cited, 1)
    )
    return Answered(
        id=AnswerId("x"),
        question="who?",
        coverage=Coverage(),
        citations=citations,
        sentences=(CheckedSentence(id=SentenceId("s"), text="They did [1]."),),
        voice=Voice.QUOTES,
    )


@pytest.fixture
def library(texts: TextStore) -> TextStore:
    texts.add_content(content())
    texts.add_source(source("shared", readers=STAFF))
    texts.add_source(source("alices", readers=frozenset({"alice"})))
    return texts


def test_an_answer_comes_back_as_it_was(library: TextStore) -> None:
    library.put_answer(answered("shared", "alices"), ALICE)
    assert library.answer(AnswerId("x"), ALICE) == answered("shared", "alices")


def test_putting_an_answer_again_replaces_it(library: TextStore) -> None:
    library.put_answer(answered("shared", "alices"), ALICE)
    library.put_answer(answered("shared"), ALICE)
    assert library.answer(AnswerId("x"), ALICE) == answered("shared")


def test_a_refusal_is_kept_too(library: TextStore) -> None:
    refused = Refused(
        id=AnswerId("r"),
        question="who?",
        coverage=Coverage(),
        reason=RefusalReason.NO_EVIDENCE,
        message="Nothing was found.",
    )
    library.put_answer(refused, ALICE)
    assert library.answer(AnswerId("r"), ALICE) == refused


def test_another_asker_of_the_same_group_does_not_see_an_answer(library: TextStore) -> None:
    library.put_answer(answered("shared"), ALICE)
    with pytest.raises(UnknownSource):
        library.answer(AnswerId("x"), BOB)


def test_an_answer_goes_with_any_source_it_shows_something_of(library: TextStore) -> None:
    library.put_answer(answered("shared", "alices"), ALICE)
    library.delete_source(SourceId("alices"))
    with pytest.raises(UnknownSource):
        library.answer(AnswerId("x"), ALICE)


def test_an_answer_goes_with_a_source_that_was_read_for_it(library: TextStore) -> None:
    shown = Shown(number=2, element=ElementId("alices.10000"), fingerprint="0" * 64)
    record = Record(at=datetime(2026, 1, 1, tzinfo=UTC), made_with=MadeWith(), shown=(shown,))
    answer = answered("shared").model_copy(update={"record": record})
    library.put_answer(answer, ALICE)
    assert library.answer(AnswerId("x"), ALICE) == answer
    library.delete_source(SourceId("alices"))
    with pytest.raises(UnknownSource):
        library.answer(AnswerId("x"), ALICE)


def test_an_answer_that_was_kept_without_a_record_still_loads(library: TextStore) -> None:
    told = answered("shared").model_dump(mode="json")
    del told["record"]
    assert Answered.model_validate(told).record is None


def test_an_answer_that_rests_on_nothing_of_a_deleted_source_stays(library: TextStore) -> None:
    library.put_answer(answered("shared"), ALICE)
    library.delete_source(SourceId("alices"))
    assert library.answer(AnswerId("x"), ALICE) == answered("shared")


def test_an_unknown_answer_is_said_to_be_unknown(library: TextStore) -> None:
    with pytest.raises(UnknownSource):
        library.answer(AnswerId("nothing"), ALICE)


def test_an_answer_is_recalled_by_its_digest_for_its_asker_alone(library: TextStore) -> None:
    library.put_answer(answered("shared"), ALICE, "digest")
    assert library.recall("digest", ALICE) == answered("shared")
    assert library.recall("digest", BOB) is None
    assert library.recall("other", ALICE) is None
    assert library.recall("", ALICE) is None


def test_an_answer_is_not_recalled_once_its_source_is_gone(library: TextStore) -> None:
    library.put_answer(answered("shared"), ALICE, "digest")
    library.delete_source(SourceId("shared"))
    assert library.recall("digest", ALICE) is None


def test_the_state_of_a_scope_changes_with_what_is_in_it_alone(library: TextStore) -> None:
    before = library.state(ALICE)
    assert library.state(BOB) != before
    library.add_source(source("bobs", readers=frozenset({"bob"})))
    assert library.state(ALICE) == before
    library.put_unit(content().id, "parser-1", 0, [], [])
    read = library.state(ALICE)
    assert read != before
    library.delete_source(SourceId("alices"))
    assert library.state(ALICE) not in {before, read}
