"""Questions with and without an answer: how they are read, chosen, looked for and scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.sufficiency import WITH_READER, Signals
from evals.datasets import clapnq, mmlongbench_doc, squad
from evals.datasets.posed import Posed, chooses
from evals.doubtful import clear, stands_alone
from evals.refusal_figures import METRICS, Asked, figures, scored
from evals.refusing import (
    ALWAYS,
    QUOTES,
    SYSTEMS,
    WITHOUT,
    Known,
    Library,
    given,
    known,
    searched,
)
from evals.results import PRODUCT
from evals.scorers.selective import calibration_error, reliability
from evals.suites import Context
from pincite.config import Settings
from pincite.elements import Scope
from pincite.errors import CorruptSource
from pincite.evidence import Evidence
from pincite.models.fake_text import FakeTextEncoder
from pincite.models.ports import PassageReading

RENT = "The rent of the flat in Lindau is 980 EUR a month. It rises every year."


def posed(question: str, text: str = RENT, *, answerable: bool = True) -> Posed:
    return Posed(
        id=question,
        question=question,
        is_answerable=answerable,
        group=text,
        title="Lease",
        text=text,
    )


# --- sets ----------------------------------------------------------------------------------------


def test_questions_come_with_their_passage_and_whether_it_answers_them(tmp_path: Path) -> None:
    questions = [
        {"id": "q1", "question": "How much? "},
        {"id": "q2", "question": "Why?", "is_impossible": True},
    ]
    article = {"title": "The_lease", "paragraphs": [{"context": RENT, "qas": questions}]}
    (tmp_path / "dev-v2.0.json").write_text(json.dumps({"data": [article]}))
    _, (first, second) = squad.read_posed(tmp_path)
    assert (first.question, first.title, first.text) == ("How much?", "The lease", RENT)
    assert [first.is_answerable, second.is_answerable] == [True, False]

    told = {"id": 1, "input": "how much", "passages": [{"title": "Lease", "text": "980  EUR ."}]}
    for name in ("answerable", "unanswerable"):
        (tmp_path / f"clapnq_dev_{name}.jsonl").write_text(json.dumps(told) + "\n")
    assert [each.is_answerable for each in clapnq.read(tmp_path)] == [True, False]

    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.pdf").touch()
    sample = {"doc_id": "a.pdf", "question": "Who?", "answer": "Not answerable"}
    samples = [sample, {**sample, "answer": "3"}, {**sample, "doc_id": "gone.pdf"}]
    (tmp_path / "samples.json").write_text(json.dumps(samples))
    found = mmlongbench_doc.read_posed(tmp_path)
    assert [(each.group, each.is_answerable) for each in found] == [
        ("a.pdf", False),
        ("a.pdf", True),
    ]


@pytest.mark.parametrize("read", [squad.read_posed, clapnq.read, mmlongbench_doc.read_posed])
def test_a_folder_without_its_questions_is_named(
    tmp_path: Path, read: Callable[[Path], Iterable[object]]
) -> None:
    with pytest.raises(CorruptSource, match="unpack the set again"):
        list(read(tmp_path))


def test_half_of_all_names_may_choose_cuts() -> None:
    assert 400 < sum(chooses(f"squad/{n}") for n in range(1_000)) < 600


# --- doubtful questions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("What is the monthly rent of the flat in Lindau?", True),
        ("What is its monthly rent in the second year?", False),
        ("When did she leave the harbour office?", False),
        ("When did she leave Lindau for the harbour?", True),
        ("What is rent?", False),
    ],
)
def test_a_question_that_points_back_or_says_little_is_doubtful(question: str, alone: bool) -> None:
    assert stands_alone(question) is alone


def test_what_another_paragraph_may_answer_is_no_question_without_an_answer() -> None:
    other = "The harbour office of Lindau opened in 1990."
    asked = [
        posed("How high is the rent of the flat in Lindau?"),
        posed("When did the harbour office of Lindau close?", other, answerable=False),
        posed("When was the harbour office of Lindau opened?", answerable=False),
        posed("How high is the rent of the flat in Lindau now?", other, answerable=False),
    ]
    assert clear(asked) == asked[:2]


# --- what is known before a model reads ----------------------------------------------------------


class Reads:
    """Finds an answer wherever the passage has the word `rent`."""

    id = "reads"

    def read(self, question: str, passage: str) -> PassageReading:
        del question
        told = 4.0 if "rent" in passage else -4.0
        return PassageReading(answered=told, doubt=-told)


@pytest.mark.parametrize("reader", [None, Reads()])
def test_a_passage_that_speaks_of_what_is_asked_is_surer_than_one_that_does_not(
    reader: Reads | None,
) -> None:
    encoder = FakeTextEncoder()
    rent, ceiling = "What is the monthly rent of the flat in Lindau?", "Who painted the ceiling?"
    near = known(rent, [given(posed(rent), encoder)], encoder, reader)
    text = "The harbour of Bregenz opened in 1890."
    far = known(ceiling, [given(posed(ceiling, text), encoder)], encoder, reader)
    cuts = near.cuts()
    assert all(near.scores()[system] >= far.scores()[system] for system in SYSTEMS)
    assert far.scores()[PRODUCT] < cuts[PRODUCT] <= near.scores()[PRODUCT]
    assert far.scores()[QUOTES] < 1 <= near.scores()[QUOTES]
    assert far.scores()[ALWAYS] >= cuts[ALWAYS]
    assert (near.scores()[PRODUCT] == near.scores()[WITHOUT]) is (reader is None)


def test_nothing_found_is_no_reason_to_answer() -> None:
    found = known("What is the rent?", [], FakeTextEncoder(), Reads())
    assert found == Known(signals=Signals(), read=True)


def test_another_query_is_tried_where_the_first_found_too_little() -> None:
    asked: list[str] = []
    encoder = FakeTextEncoder()

    class Found:
        def search(self, question: str, scope: Scope, *, keep: int) -> list[Evidence]:
            del scope, keep
            asked.append(question)
            return [] if len(asked) == 1 else [given(posed(question), encoder)]

    question, library = "What is the rent of the flat?", Library(Found(), encoder, None)
    found = searched(question, Scope(), library, keep=3, refinements=1)
    assert asked == [question, "rent flat"]
    assert len(found) == 1
    asked.clear()
    assert searched(question, Scope(), library, keep=3, refinements=0) == []


# --- figures -------------------------------------------------------------------------------------


def test_refusals_are_scored_against_questions_without_an_answer() -> None:
    answerable = np.array([True, True, False, False])
    scores = np.array([0.9, 0.4, 0.6, 0.1])
    told = {metric: scored(metric, answerable, scores, 0.5) for metric in METRICS}
    assert (told["precision"], told["recall"], told["over_refusal"]) == (0.5, 0.5, 0.5)
    assert told["base_rate"] == 0.5
    assert told["recall_at_over_refusal_15"] == 0.5
    assert told["aurc"] == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)


def test_every_system_has_every_figure(tmp_path: Path) -> None:
    context = Context(settings=Settings(), data=None, scratch=tmp_path)
    sure = Known(signals=Signals(0.9, 0.9, 1.0, 1.0, 0.0, 6.0, -6.0), read=True)
    none = Known(signals=Signals(answered=-9.0, doubt=9.0), read=True)
    asked = [Asked(posed("a"), sure), Asked(posed("b", "other", answerable=False), none)]
    found: list[Any] = list(figures(context, "squad_closed", asked, 5, 1, ["x.pdf: no"]))
    likely = [r.system for r in found if r.metric == "ece"]
    assert likely == [PRODUCT, WITHOUT]
    assert len(found) == (len(METRICS) - 1) * len(SYSTEMS) + len(likely)
    ours = {r.metric: r for r in found if r.system == PRODUCT}
    assert (ours["recall"].value, ours["recall"].n, ours["recall"].n_failed) == (1, 2, 1)
    assert "1 files" in str(ours["recall"].reason)
    always = {r.metric: r.value for r in found if r.system == ALWAYS}
    assert (always["recall"], always["aurc"]) == (0, 0.5)
    assert sure.cuts()[PRODUCT] == WITH_READER.answers_from


def test_probabilities_are_held_against_the_share_that_is_true() -> None:
    truth = np.array([True, True, False, False])
    assert calibration_error(truth, np.array([0.75, 0.75, 0.25, 0.25]), bins=2) == 0.25
    assert reliability(truth, np.array([1.0, 0.8, 0.0, 0.2]), bins=2) == [
        (pytest.approx(0.1), 0.0, 2),
        (pytest.approx(0.9), 1.0, 2),
    ]
