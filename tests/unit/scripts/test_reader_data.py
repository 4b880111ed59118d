"""What the small reader is trained on, made from tiny sets of our own."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from evals.datasets.posed import chooses
from scripts.train_checker.examples import CONTRADICTED, SUPPORTED, UNSUPPORTED, Example
from scripts.train_reader import questions, tables

PUMP = "The harbour pump was replaced on 3 May 2024. It cost 15,000 euros."
CRANE = (
    "Maria Keller inspected the north crane of the harbour in Hamburg. Piet approved the repair."
)
TITLES = [f"Article {n}" for n in range(99)]
TRAINED = next(t for t in TITLES if chooses(t) and not questions.validates(t))
KEPT = next(t for t in TITLES if chooses(t) and questions.validates(t))
REPORTED = next(t for t in TITLES if not chooses(t))


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
    data = [{"title": title, "paragraphs": paragraphs} for title in (TRAINED, KEPT, REPORTED)]
    (folder / "dev-v2.0.json").write_text(json.dumps({"data": data}))
    return folder


def squad(seed: int, folder: Path, *, validation: bool = False) -> list[Example]:
    return list(questions.squad(seeded(seed), folder, validation=validation))


def test_a_question_is_a_claim_that_a_text_with_its_answer_bears_out(tmp_path: Path) -> None:
    made = [e for e in squad(1, squad_in(tmp_path)) if e.origin == "question-squad"]
    assert [(e.claim.split()[0], e.label) for e in made] == [
        ("When", SUPPORTED),
        ("When", UNSUPPORTED),
        ("Who", SUPPORTED),
    ]
    assert [e.marks for e in made] == [(), None, ()]
    assert "3 May 2024" in made[0].evidence


def test_what_the_suite_reports_is_never_learnt(tmp_path: Path) -> None:
    folder = squad_in(tmp_path)
    assert {e.group.split("-")[1] for e in squad(1, folder)} == {TRAINED}
    assert {e.group.split("-")[1] for e in squad(1, folder, validation=True)} == {KEPT}


def test_changed_questions_and_texts_hold_no_answer(tmp_path: Path) -> None:
    folder = squad_in(tmp_path)
    made = [e for seed in range(30) for e in squad(seed, folder)]
    others = [e for e in made if e.origin != "question-squad"]
    kinds = {e.origin for e in others}
    assert {"question-removed", "question-elsewhere"} <= kinds
    assert all(e.label != SUPPORTED for e in others)
    changed = [e for e in others if e.label == CONTRADICTED]
    assert changed
    assert all(e.marks for e in changed)
    assert all("May" not in e.evidence for e in others if e.marks is None and "When" in e.claim)


def test_a_table_answers_one_question_and_not_the_other() -> None:
    made = list(tables.questions(seeded(2), 20))
    for right, wrong in zip(made[::2], made[1::2], strict=True):
        assert (right.label, wrong.label) == (SUPPORTED, UNSUPPORTED)
        assert right.evidence
        start, end = (wrong.marks or ((0, 0),))[0]
        assert wrong.claim[start:end]
        assert wrong.claim[start:end] not in right.claim


def test_a_foreign_text_answers_nothing(tmp_path: Path) -> None:
    made = squad(1, squad_in(tmp_path))
    foreign = list(questions.foreign(seeded(1), made, 10))
    assert foreign
    assert {e.label for e in foreign} == {UNSUPPORTED}


def test_a_quarter_of_the_articles_is_kept_for_validation() -> None:
    assert 15 < sum(questions.validates(f"Article {n}") for n in range(100)) < 35
