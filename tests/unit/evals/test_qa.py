"""Whether the right answer was told, and what simpler systems are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals import ablations
from evals.asked_sets import asked_set
from evals.asking import Dealt, Reply, Said, ToldClaim
from evals.datasets.answerable import Answerable, Form
from evals.datasets.pages import Page
from evals.one_shot import PASSAGES, knows_nothing, prompt
from evals.qa_figures import counted, figures, gains, of_one, slices
from evals.results import PRODUCT, Result
from evals.scorers import mmlongbench, squad_answers
from evals.scorers.mmlongbench import Judged
from evals.suites import Context
from pincite.answers import Claim, Label
from pincite.config import Settings
from pincite.models.fakes import FakeChatModel

GOLD = Page("a.pdf", 3)


def asked(form: Form = "figure", *answers: str, **more: Any) -> Answerable:
    fields: dict[str, Any] = {
        "id": "financebench/1",
        "question": "What is the rent?",
        "answers": answers,
        "form": form,
        "gold": frozenset({GOLD} if answers else ()),
        "medium": "pdf",
        "about": "a.pdf",
    }
    return Answerable.model_validate(fields | more)


def dealt(of: Answerable, said: str, *claims: tuple[Label, bool]) -> Dealt:
    told = tuple(
        ToldClaim(text=said, label=label, cites=(GOLD,), is_quote=quote) for label, quote in claims
    )
    return Dealt(
        of,
        Reply(found=(), text=said, claims=told, seconds=2, prompt_tokens=300, output_tokens=20),
    )


# --- rules of the sets ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "gold", "said", "worth"),
    [
        ("Int", ("5",), "There are 5 buttons [1].", 1),
        ("Int", ("5",), "There are 6 buttons.", 0),
        ("Float", ("42%",), "A share of 0.42.", 1),
        ("Float", ("5.3",), "It is 5.34.", 1),
        ("Float", ("5.3",), "It is 5.4.", 0),
        ("Float", ("5.3",), "1.1 and 2.2, 3.3, 4.4, 6.6, 5.3", 0),
        ("Str", ("yellow",), "The zone is yellow.", 1),
        ("Str", ("yellow",), "The zone is yellowish.", 0),
        ("Str", ("Yes",), "Yes, it is.", 1),
        ("Str", ("Yes",), "It says yes.", 0),
        ("List", ("5.3%", "5.2%"), "5.2% and 5.3%", 1),
        ("List", ("UK", "Israel"), "The UK only.", 0),
        ("Str", ("10:08AM",), "", 0),
        ("None", (), "", 1),
        ("None", (), "It is red.", 0),
    ],
)
def test_rules_of_mmlongbench(form: str, gold: tuple[str, ...], said: str, worth: float) -> None:
    assert mmlongbench.score(form, gold, "How many in 2020?", said) == worth


def test_strings_are_worth_their_likeness() -> None:
    said = "It was signed by Rick Scot today."
    # "rick scot" has 9 of the 10 letters of "rick scott".
    assert mmlongbench.score("Str", ("Rick Scott",), "Who?", said) == pytest.approx(0.9)
    assert mmlongbench.likeness("abcd", "abxx") == 0


def test_f1_of_mmlongbench_is_over_answers_and_over_questions_with_one() -> None:
    judged = [Judged(1, True, True), Judged(0, True, False), Judged(0, False, True)]
    assert mmlongbench.f1(judged) == pytest.approx(2 * 1 / (2 + 2))
    assert mmlongbench.accuracy([*judged, Judged(1, False, False)]) == 0.5
    assert mmlongbench.f1([]) == mmlongbench.accuracy([]) == 0


def test_short_answers_are_compared_as_squad_does() -> None:
    golds = ("Denver Broncos", "The Broncos")
    assert squad_answers.exact(golds, "the denver broncos!") == 1
    assert squad_answers.f1(golds, "the Denver Broncos won") == pytest.approx(0.8)
    assert squad_answers.f1((), "") == squad_answers.exact((), "") == 1
    assert squad_answers.f1((), "something") == 0


def test_what_a_sentence_adds_to_its_question_is_the_short_answer() -> None:
    added = squad_answers.added("Where does the Rhine rise?", "The Rhine does rise in Switzerland.")
    assert added == "in switzerland"


# --- figures -------------------------------------------------------------------------------------


def test_a_failed_question_is_wrong_and_takes_no_time() -> None:
    assert of_one(Dealt(asked("figure", "980"), None, "no")) == {"score": 0, "answer_rate": 0}
    told = of_one(dealt(asked("figure", "980"), "It is 980."))
    assert (told["score"], told["answer_rate"], told["seconds_per_answer"]) == (1, 1, 2)
    assert (told["prompt_tokens"], told["output_tokens"]) == (300, 20)


def test_a_refusal_is_right_only_where_there_is_no_answer() -> None:
    none = asked("none", id="squad/1")
    assert of_one(dealt(none, ""))["correct_refusals"] == 1
    assert of_one(dealt(none, "980"))["score"] == 0
    assert of_one(dealt(asked("figure", "980"), ""))["score"] == 0
    assert none.group == "a.pdf"


def test_wrong_answers_that_look_supported_are_counted() -> None:
    gold = asked("figure", "980")
    assert not any(counted(dealt(gold, "It is 980.", (Label.SUPPORTED, False))).values())
    wrong = counted(dealt(gold, "It is 950.", (Label.SUPPORTED, False)))
    assert (wrong["wrong"], wrong["wrong_supported"]) == (True, True)
    quoted = counted(dealt(gold, "It is 950.", (Label.SUPPORTED, True)))
    assert quoted["wrong_supported"]
    assert not quoted["wrong_supported_own_words"]
    marked = counted(dealt(gold, "It is 950.", (Label.UNSUPPORTED, False)))
    assert marked["wrong"]
    assert not marked["wrong_supported"]
    assert counted(dealt(gold, ""))["refused"]
    assert not any(counted(Dealt(gold, None, "no")).values())


def test_figures_come_by_slice_with_counts() -> None:
    answers = [
        dealt(asked("span", "Switzerland", id="squad/1"), "The rent is Switzerland [1]."),
        dealt(asked("none", id="squad/2"), ""),
        dealt(asked("none", id="squad/3"), "Tomorrow."),
    ]
    assert set(slices(answers)) == {"answerable", "unanswerable"}
    found = [
        item
        for item in figures("squad", PRODUCT, answers, {"n_total": 9}, 0)
        if isinstance(item, Result)
    ]
    by = {(each.metric, each.slice): each for each in found}
    assert by["score", "all"].value == pytest.approx(2 / 3)
    assert by["correct_refusals", "all"].value == 0.5
    assert (by["em", "all"].value, by["f1_added", "all"].value) == (1, 1)
    assert by["f1", "all"].value == pytest.approx(0.5)
    assert (by["wrong", "all"].value, by["wrong", "all"].unit) == (1, "questions")
    assert by["score", "unanswerable"].n == 2


def test_gains_pair_the_same_questions_of_both_systems() -> None:
    right, wrong = (asked("figure", "980", id=f"financebench/{n}") for n in "ab")
    ours = {"financebench": [dealt(right, "980"), dealt(wrong, "980")]}
    theirs = {"financebench": [dealt(wrong, "950"), dealt(right, "980")]}
    found = {(each.dataset, each.slice): each for each in gains(ours, theirs, {}, 0)}
    assert found["financebench", "all"].value == found["pooled", "all"].value == 0.5
    assert found["pooled", "all"].n == 2


# --- what is asked -------------------------------------------------------------------------------


def test_squad_is_asked_of_all_articles_with_questions_that_have_no_answer(tmp_path: Path) -> None:
    def questions(title: str) -> dict[str, Any]:
        known = {"id": f"{title}1", "question": "How tall is the stone tower of the harbour?"}
        none = {"id": f"{title}2", "question": "How deep is the copper mine of the valley?"}
        qas = [{**known, "answers": [{"text": "30 m"}]}, {**none, "is_impossible": True}]
        return {"title": title, "paragraphs": [{"context": "It is 30 m tall.", "qas": qas}]}

    (tmp_path / "squad").mkdir()
    file = tmp_path / "squad/dev-v2.0.json"
    file.write_text(json.dumps({"data": [questions(title) for title in "abcdef"]}), "utf-8")
    context = Context(settings=Settings(), data=tmp_path, scratch=tmp_path / "scratch")
    found = asked_set(context, "squad")
    assert found is not None
    assert len(found.files) == 6
    assert {each.form for each in found.asked} == {"span"}
    assert {each.form for each in found.unanswerable} == {"none"}
    assert found.total == found.unanswerable_total < 6


# --- simpler systems -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "nothing"),
    [
        ("", True),
        ("I do not know.", True),
        ("The passages do not mention the rent. It may be 980.", True),
        ("The rent is not specified in the text, so it is not provided.", True),
        ("The rent is 980 EUR.", False),
        ("The tenant did not pay in May.", False),
    ],
)
def test_a_model_that_knows_nothing_is_understood(said: str, *, nothing: bool) -> None:
    assert knows_nothing(said) is nothing


def test_one_prompt_has_the_question_behind_the_passages() -> None:
    system, user = prompt(FakeChatModel(), "How tall?", [])
    assert "I do not know" in system.content
    assert user.content.endswith("Question: How tall?\nAnswer:")
    assert PASSAGES == 3
    assert Said("").prompt_tokens == 0


def test_who_believes_supports_everything() -> None:
    verdict = ablations.Believing().check(Claim(text="x", start=0, end=1, cites=(1,)), [])
    assert verdict.label is Label.SUPPORTED


def test_each_ablation_has_a_name_of_its_own() -> None:
    names = [way.name for way in ablations.ABLATIONS]
    assert len(set(names)) == len(names) == 6
    steps = (ablations.understand, ablations.retrieve, ablations.quote)
    assert {node.__name__ for node in steps} <= {node.__name__ for node in ablations.NODES}
