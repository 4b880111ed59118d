"""Feedback belongs to an answer: its readers give and see it, and it goes with it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pincite.answers import (
    Answered,
    AnswerId,
    CheckedClaim,
    CheckedSentence,
    Claim,
    Label,
    SentenceId,
    Verdict,
)
from pincite.elements import SourceId
from pincite.errors import UnknownSource, UserError
from pincite.feedback import Objection
from pincite.texts import TextStore
from pincite.texts.schema import SCHEMA
from tests.unit.pincite.texts.conftest import content, source
from tests.unit.pincite.texts.test_answers import ALICE, BOB, STAFF, answered

X = AnswerId("x")
WRONG = Objection(sentence=SentenceId("s"), label=Label.UNSUPPORTED, note="not on that page")


def claimed(*cited: str) -> Answered:
    verdict = Verdict(label=Label.SUPPORTED, probability=0.9, reason="It says so.")
    claim = CheckedClaim(claim=Claim(text="They did", start=0, end=8, cites=(1,)), verdict=verdict)
    said = CheckedSentence(id=SentenceId("s"), text="They did [1].", claims=(claim,))
    return answered(*cited).model_copy(update={"sentences": (said,)})


@pytest.fixture
def library(texts: TextStore) -> TextStore:
    texts.add_content(content())
    texts.add_source(source("shared", readers=STAFF))
    texts.add_source(source("alices", readers=frozenset({"alice"})))
    texts.put_answer(claimed("shared", "alices"), ALICE)
    return texts


def test_it_is_kept_with_who_said_it_when_and_of_what(library: TextStore) -> None:
    kept = library.object_to(X, WRONG, ALICE)
    assert (kept.by, kept.text, kept.shown) == ("alice, staff", "They did", Label.SUPPORTED)
    assert kept.objection == WRONG
    assert library.feedback(ALICE) == [kept]


def test_who_may_not_read_the_answer_neither_gives_nor_sees_any(library: TextStore) -> None:
    library.object_to(X, WRONG, ALICE)
    with pytest.raises(UnknownSource):
        library.object_to(X, WRONG, BOB)
    assert library.feedback(BOB) == []


def test_a_later_word_on_the_same_claim_replaces_the_earlier_one(library: TextStore) -> None:
    library.object_to(X, WRONG, ALICE)
    library.object_to(X, WRONG.model_copy(update={"label": None}), ALICE)
    assert [each.objection.label for each in library.feedback(ALICE)] == [None]


def test_a_claim_that_is_not_there_is_named(library: TextStore) -> None:
    with pytest.raises(UserError, match="claim 2"):
        library.object_to(X, WRONG.model_copy(update={"claim": 2}), ALICE)


def test_it_goes_with_the_source_that_its_answer_rests_on(
    library: TextStore, tmp_path: Path
) -> None:
    library.object_to(X, WRONG, ALICE)
    library.delete_source(SourceId("alices"))
    assert library.feedback(ALICE) == []
    library.purge()
    assert b"not on that page" not in (tmp_path / "data" / "texts.sqlite").read_bytes()


def test_a_store_of_an_earlier_version_gets_its_table(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as db:
        for statement in SCHEMA.split(";"):
            if "TABLE feedback" not in statement:
                db.execute(statement)
        db.execute("DROP INDEX answers_by_recall")
        db.execute("ALTER TABLE answers DROP COLUMN recalled_by")
        db.execute("PRAGMA user_version = 3")
    db.close()
    with TextStore(path) as store:
        assert store.feedback(ALICE) == []
