"""The demo passes only where the right thing is said, cited and not forbidden."""

from __future__ import annotations

import pytest

from pincite.answers import Answered, Label
from serving.demo.grading import cited_by_sentences, problems
from serving.demo.questions import Expected, Question
from tests.unit.serving.scripted_library import (
    ANSWER,
    CITATIONS,
    LIE,
    REFUSAL,
    sentence,
)


def _question(**expectations: object) -> Question:
    return Question.model_validate({"id": "q", "ask": "?", "expect": "answer", **expectations})


def _spoken(label: Label = Label.SUPPORTED) -> Answered:
    """An answer whose only sentence cites the recording, from second 2 to 4."""
    one = sentence(1, "The crane lifts forty tonnes [2].", label, cites=(2,))
    return ANSWER.model_copy(update={"sentences": (one,)})


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("1872", id="as it is written"),
        pytest.param("the HARBOUR  opened", id="in other letters and spaces"),
        pytest.param("in the year|in 1872", id="one of two spellings"),
    ],
)
def test_what_a_supported_sentence_says_is_said(words: str) -> None:
    assert problems(_question(contains=(words,)), ANSWER) == []


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("1873", id="nowhere"),
        pytest.param("900 tonnes", id="only in a sentence that carries a warning"),
        pytest.param("four years of work", id="only in a quote"),
    ],
)
def test_what_only_a_marked_sentence_or_a_quote_says_is_not_said(words: str) -> None:
    assert problems(_question(contains=(words,)), ANSWER) == [f"no sentence says {words!r}"]


def test_a_citation_counts_where_a_sentence_without_warning_cites_it() -> None:
    place = Expected(file="harbour report.pdf", page=3, says="1872")
    assert problems(_question(cites=(place,)), ANSWER) == []


@pytest.mark.parametrize(
    "place",
    [
        pytest.param({"file": "harbour report.pdf", "page": 4, "says": "1872"}, id="page"),
        pytest.param({"file": "other.pdf", "page": 3, "says": "1872"}, id="file"),
        pytest.param({"file": "harbour report.pdf", "page": 3, "says": "1900"}, id="words"),
        pytest.param({"file": "call.wav", "says": "forty"}, id="only a marked sentence cites it"),
    ],
)
def test_a_citation_of_another_place_does_not_count(place: dict[str, object]) -> None:
    (problem,) = problems(_question(cites=(place,)), ANSWER)
    assert problem.startswith(f"no sentence cites {place['file']}")


@pytest.mark.parametrize(("seconds", "met"), [((1, 5), True), ((2.5, 9), False), ((0, 3.9), False)])
def test_a_cited_stretch_has_to_lie_within_the_expected_seconds(
    seconds: tuple[float, float],
    met: bool,
) -> None:
    place = Expected(file="call.wav", seconds=seconds, says="forty")
    assert (problems(_question(cites=(place,)), _spoken()) == []) is met


def test_a_contradicted_sentence_cites_nothing() -> None:
    assert cited_by_sentences(_spoken(Label.CONTRADICTED)) == []


def test_only_what_sentences_cite_is_cited() -> None:
    assert [citation.number for citation in cited_by_sentences(ANSWER)] == [1, 3]
    assert len(CITATIONS) == 3


def test_a_refusal_is_no_answer_and_an_answer_is_no_refusal() -> None:
    assert problems(_question(), REFUSAL) == ["it refused (no_evidence) and had to answer"]
    assert problems(_question(expect="refusal"), ANSWER) == ["it had to refuse and answered"]
    assert problems(_question(expect="refusal"), REFUSAL) == []


@pytest.mark.parametrize(
    "words", [pytest.param(LIE, id="marked sentence"), pytest.param("four years", id="quote")]
)
def test_what_is_forbidden_may_stand_nowhere(words: str) -> None:
    assert problems(_question(forbid=(words,)), ANSWER) == [f"it says {words!r}"]


def test_nothing_is_expected_of_a_question_of_ones_own() -> None:
    own = Question(id="yours", ask="?")
    assert problems(own, ANSWER) == problems(own, REFUSAL) == []
