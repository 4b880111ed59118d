"""The questions about the sample library fit the sample library."""

from __future__ import annotations

from pathlib import Path

import pytest

from pincite.errors import BadSettings
from serving.demo.questions import Question, load
from serving.demo.samples import samples
from tests.unit.repository_files import ROOT

QUESTIONS = load(ROOT / "samples" / "questions.toml")


def test_a_checkout_finds_its_own_samples() -> None:
    assert samples() == ROOT / "samples"


def test_every_expected_citation_names_a_file_of_the_library() -> None:
    library = {path.name for path in (ROOT / "samples" / "library").iterdir()}
    assert {place.file for q in QUESTIONS for place in q.cites} <= library


def test_every_file_of_the_library_is_asked_about() -> None:
    library = {path.name for path in (ROOT / "samples" / "library").iterdir()}
    assert library == {place.file for q in QUESTIONS for place in q.cites}


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.expect == "answer"], ids=str)
def test_every_answer_is_checked_by_words_and_by_place(question: Question) -> None:
    assert question.contains
    assert question.cites


def test_there_is_a_refusal_an_injection_and_a_question_over_two_media() -> None:
    assert any(q.expect == "refusal" for q in QUESTIONS)
    assert any(q.forbid for q in QUESTIONS)
    assert any(len({Path(p.file).suffix for p in q.cites}) == 2 for q in QUESTIONS)


def test_what_must_not_be_said_is_in_the_library() -> None:
    mail = (
        (ROOT / "samples" / "library" / "hull-coating.eml").read_text(encoding="utf-8").casefold()
    )
    text = " ".join(mail.split())
    assert all(words.casefold() in text for q in QUESTIONS for words in q.forbid)


def test_the_library_is_small() -> None:
    files = (ROOT / "samples").rglob("*")
    assert sum(path.stat().st_size for path in files if path.is_file()) < 2_000_000


def test_a_misspelt_expectation_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.toml"
    path.write_text('[[question]]\nid = "a"\nask = "b"\nexpects = "answer"\n', encoding="utf-8")
    with pytest.raises(BadSettings, match="expects"):
        load(path)
