"""Whether what was found answers a question, by its words, its vectors and a reader."""

from __future__ import annotations

import pytest

from agent.sufficiency import WITH_READER, WITHOUT_READER, Signals, signals, sufficiency
from pincite.elements import Scope
from pincite.evidence import Evidence
from pincite.models.fakes import FakeTextEncoder
from pincite.models.ports import PassageReading
from tests.unit.agent.conftest import HARBOUR
from tests.unit.agent.library import MemoryLibrary

WHEN = "When was the harbour pump replaced?"
FAR = "Who won the chess tournament in Brazil?"
ENCODER = FakeTextEncoder()


class Reader:
    """Answers from passages that hold a word, and keeps what it was given."""

    id = "reader"

    def __init__(self, word: str) -> None:
        self.word = word
        self.given: list[tuple[str, str]] = []

    def read(self, question: str, passage: str) -> PassageReading:
        self.given.append((question, passage))
        told = 5.0 if self.word in passage else -5.0
        return PassageReading(answered=told, doubt=-told)


def found(question: str) -> list[Evidence]:
    return MemoryLibrary(HARBOUR).search(question, Scope(), keep=8)


def test_nothing_found_is_not_enough() -> None:
    assert not sufficiency(WHEN, [], ENCODER, None).enough
    assert signals(WHEN, [], ENCODER, Reader("")) == Signals()


def test_without_a_reader_words_and_vectors_decide() -> None:
    assert sufficiency(WHEN, found(WHEN), ENCODER, None).enough
    assert not sufficiency(FAR, found(FAR), ENCODER, None).enough


def test_what_the_reader_says_of_the_best_of_the_nearest_passages_counts() -> None:
    evidence = found(WHEN)
    told = [
        sufficiency(WHEN, evidence, ENCODER, reader).probability
        for reader in (Reader("3 May 2024"), Reader("no such words"))
    ]
    assert told[0] > told[1]


def test_the_reader_is_given_neither_hidden_text_nor_what_a_machine_said() -> None:
    library = MemoryLibrary()
    library.add("a.pdf", ["The pump was replaced in May."], flags=("hidden_text",))
    reader = Reader("May")
    found = signals(WHEN, library.search(WHEN, Scope(), keep=3), ENCODER, reader)
    assert reader.given == []
    assert found.answered < 0


def test_a_name_or_year_that_no_passage_holds_is_noticed() -> None:
    known = signals("What did Maria Keller inspect?", found("Keller"), ENCODER, None)
    strange = signals("What did Anna Sommer inspect in 1999?", found("Keller"), ENCODER, None)
    assert known.names == 1
    assert strange.names == 0


def test_of_several_things_asked_the_ones_that_are_not_there_are_told() -> None:
    question = f"{WHEN} {FAR}"
    told = sufficiency(question, found(question), ENCODER, None)
    assert told.enough
    assert told.missing == (FAR,)
    assert sufficiency(WHEN, found(WHEN), ENCODER, None).missing == ()


@pytest.mark.parametrize("weights", [WITH_READER, WITHOUT_READER])
def test_the_cut_lies_between_what_says_all_and_what_says_nothing(weights: object) -> None:
    assert isinstance(weights, type(WITH_READER))
    nothing = Signals(answered=-8.0, doubt=4.0)
    everything = Signals(0.8, 0.9, 1.0, 1.0, 0.0, 6.0, -6.0)
    assert weights.probability(nothing) < weights.answers_from < weights.probability(everything)
