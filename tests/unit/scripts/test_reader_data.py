"""What the small reader is trained on, made from tiny sets of our own."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from evals.datasets.posed import chooses
from scripts.train_checker.examples import text_of
from scripts.train_reader import questions, tables
from scripts.train_reader.examples import Answer, Example, example, found_in, validates

PUMP = "The harbour pump was replaced on 3 May 2024. It cost 15,000 euros."
CRANE = (
    "Maria Keller inspected the north crane of the harbour in Hamburg. Piet approved the repair."
)
TRAINED = next(f"Article {n}" for n in range(99) if chooses(f"Article {n}"))
REPORTED = next(f"Article {n}" for n in range(99) if not chooses(f"Article {n}"))


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def asked(id_: str, question: str, answer: str = "", context: str = PUMP) -> dict[str, object]:
    if not answer:
        return {"id": id_, "question": question, "is_impossible": True, "answers": []}
    return {
        "id": id_,
        "question": question,
        "answers": [{"text": answer, "answer_start": context.index(answer)}],
    }


def squad_in(folder: Path) -> Path:
    paragraphs = [
        {
            "context": PUMP,
            "qas": [
                asked("a", "When was the harbour pump replaced?", "3 May 2024"),
                asked("b", "When was the harbour crane replaced?"),
            ],
        },
        {
            "context": CRANE,
            "qas": [asked("c", "Who inspected the north crane?", "Maria Keller", CRANE)],
        },
    ]
    data = [{"title": title, "paragraphs": paragraphs} for title in (TRAINED, REPORTED)]
    (folder / "dev-v2.0.json").write_text(json.dumps({"data": data}))
    return folder


def told(made: Example) -> str | None:
    return made.answer and made.window[slice(*made.answer)]


def test_questions_come_with_their_answer_in_the_window_that_is_read(tmp_path: Path) -> None:
    made = [e for e in questions.squad(seeded(1), squad_in(tmp_path)) if e.origin == "squad"]
    assert [told(each) for each in made] == ["3 May 2024", None, "Maria Keller"]


def test_what_the_suite_reports_is_never_learnt(tmp_path: Path) -> None:
    made = list(questions.squad(seeded(1), squad_in(tmp_path)))
    assert {each.group for each in made} == {TRAINED}


def test_changed_questions_and_texts_hold_no_answer(tmp_path: Path) -> None:
    folder = squad_in(tmp_path)
    made = [e for seed in range(30) for e in questions.squad(seeded(seed), folder)]
    others = {e.origin for e in made} - {"squad"}
    assert {"removed", "elsewhere"} <= others
    assert any(origin.startswith("changed-") for origin in others)
    assert all(e.answer is None for e in made if e.origin != "squad")
    assert all(
        "3 May 2024" not in e.window
        for e in made
        if e.origin == "elsewhere" and "pump" in e.question
    )


def test_an_answer_is_found_in_the_sentence_that_was_marked() -> None:
    context = "The fee is 5 euros. The fine is 5 euros."
    spots = text_of("g", [context]).spots
    assert found_in(spots, context, "5 euros", context.rindex("5 euros")) == Answer(1, "5 euros")
    assert found_in(spots, context, "5 euros", 999) is None


def test_an_answer_that_the_window_leaves_out_makes_no_example() -> None:
    long = " ".join(f"The gate of pier {n} is painted in colour {n}." for n in range(80))
    text = text_of("g", [long])
    assert (
        example("squad", "g", "What is the gate of pier 79?", text, Answer(40, "colour 40")) is None
    )
    made = example("squad", "g", "What is the gate of pier 79?", text, None)
    assert made is not None
    assert made.answer is None


def test_a_table_answers_one_question_and_not_the_other() -> None:
    made = list(tables.questions(seeded(2), 20))
    assert len(made) == 40
    for right, wrong in zip(made[::2], made[1::2], strict=True):
        assert told(right)
        assert wrong.answer is None


def test_a_foreign_window_answers_nothing() -> None:
    made = [Example("squad", g, f"What of {g}?", g, (0, 1)) for g in ("a", "b")]
    foreign = list(questions.foreign(seeded(1), made, 10))
    assert foreign
    assert all(e.window != e.group and e.answer is None for e in foreign)


def test_a_quarter_of_the_articles_is_kept_for_validation() -> None:
    assert 15 < sum(validates(f"Article {n}") for n in range(100)) < 35
