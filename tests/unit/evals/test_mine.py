"""A user's own questions: how the file is read, and what an answer is worth."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.datasets.own_questions import Mine, read
from evals.datasets.pages import Page
from evals.scorers.short_answers import told
from evals.suites.mine import Dealt, Reply, is_gold, of_one
from pincite.answers import Label
from pincite.errors import UserError


def written(folder: Path, text: str) -> Path:
    file = folder / "questions.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_columns_come_in_any_order_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    first, second = read(
        written(
            tmp_path,
            '\ufeffPage;Question;file;Owner\n3-4 7;"How high;\nis it?";in/lease.pdf;me\n'
            ";;;\n;Who?;;\n",
        )
    )
    assert (first.id, first.question, first.file) == ("line 3", "How high;\nis it?", "lease.pdf")
    assert first.gold == {Page("lease.pdf", n) for n in (3, 4, 7)}
    assert (second.question, second.file, second.pages) == ("Who?", "", frozenset())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("answer\n5\n", "no column question"),
        ("question,page,file\nWho?,iv,a.pdf\n", "line 2: 'iv' is no page"),
        ("question,page\nWho?,3\n", "line 2: a page without a file"),
        ("", "no column question"),
    ],
)
def test_what_cannot_be_understood_is_named(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        read(written(tmp_path, text))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="UTF-8"):
        read(tmp_path / "q.csv")


@pytest.mark.parametrize(
    ("gold", "said", "worth"),
    [
        ("1,214 ships", "There were 1214 ships in 2023.", 1),
        ("1,214 ships", "There were 1124 ships in 2023.", 0),
        ("Maria Keller", "It was Keller.", 0.5),
        ("5 %", "It rose by 5%.", 1),
        ("yes", "Yes, it is.", 1),
        ("Maria Keller", "", 0),
    ],
)
def test_an_answer_is_worth_what_it_tells_of_the_known_one(
    gold: str, said: str, worth: float
) -> None:
    assert told(gold, said) == worth


REPLY = Reply(
    found=(Page("other.pdf", 1), Page("Lease.PDF", 3)),
    cited=(Page("lease.pdf", 3), Page("lease.pdf", 9)),
    text="980 EUR.",
    verdicts=(Label.SUPPORTED, Label.NOT_CHECKABLE),
    seconds=2.0,
)


def test_pages_count_where_they_are_known_and_files_elsewhere() -> None:
    mine = Mine(id="1", question="q", file="lease.pdf", pages=frozenset({3, 4}))
    scores = of_one(Dealt(mine, REPLY))
    assert (scores["hit_at_1"], scores["hit_at_5"]) == (0, 1)
    assert (scores["page_precision"], scores["page_recall"]) == (0.5, 0.5)
    assert (scores["supported_share"], scores["not_checkable_share"]) == (0.5, 0.5)
    assert "answer_told" not in scores
    whole_file = mine.model_copy(update={"file": "lease", "pages": frozenset[int]()})
    assert is_gold(whole_file, Page("Lease.PDF", 9))
    assert of_one(Dealt(whole_file, REPLY))["page_precision"] == 1


def test_a_refusal_answers_nothing() -> None:
    mine = Mine(id="1", question="q", answer="980", file="lease.pdf")
    refused = Reply(found=(), cited=(), text="", verdicts=(), seconds=1)
    scores = of_one(Dealt(mine, refused))
    assert (scores["answer_rate"], scores["answer_told"], scores["page_recall"]) == (0, 0, 0)
    assert "page_precision" not in scores
    assert "supported_share" not in scores
