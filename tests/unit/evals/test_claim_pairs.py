"""How right claims are made of gold annotations, and turned wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.asked_sets import AskedSet
from evals.claim_pairs import pairs_of, stated
from evals.corruptions import (
    PRINTED,
    negated,
    other_digit,
    other_figure,
    other_spoken_number,
    swapped,
    turned,
)
from evals.datasets.answerable import Answerable
from evals.datasets.funsd import Entity, Form
from evals.datasets.icdar2013 import GoldCell, GoldTable, TableDocument
from evals.datasets.marked import MarkedText
from evals.datasets.pages import Page
from evals.datasets.speech import Clip
from evals.datasets.sroie import Receipt
from evals.marked_pairs import named_cells
from evals.statements import as_statement

# --- corruptions ---------------------------------------------------------------------------------


def test_another_figure_has_the_same_shape_and_another_value() -> None:
    text = "Sales were $13.2 billion."
    assert other_figure(text, "13.2", ["7.2", "13.1", "2,019", "5"], "k") == (
        "Sales were $7.2 billion."
    )
    assert other_figure("In 2018.", "2018", ["2019", "3000"], "k") == "In 2019."
    assert other_figure(text, "13.2", ["13.3", "13"], "k") is None


def test_printed_figures_end_before_punctuation() -> None:
    found = [match[0] for match in PRINTED.finditer("$30, 1,214.50, 24. 10-K, v2.1.3, 5%")]
    assert found == ["30", "1,214.50", "24", "10", "5"]


@pytest.mark.parametrize(
    ("figure", "other"), [("1577.00", "1877.00"), ("9", "2"), ("33.90", "36.90"), ("x", None)]
)
def test_one_digit_is_another(figure: str, other: str | None) -> None:
    assert other_digit(f"It is {figure}", figure) == (f"It is {other}" if other else None)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("The rent is high.", "The rent is not high."),
        ("It has never been surpassed.", "It has been surpassed."),
        ("It differs if not from all.", None),
        ("There are none.", None),
        ("They followed them.", None),
    ],
)
def test_a_statement_is_denied_where_that_reads_well(text: str, other: str | None) -> None:
    assert negated(text) == other


def test_directions_are_turned_round_with_their_article() -> None:
    assert turned("It forecasts an increase of 5.") == "It forecasts a decrease of 5."
    assert turned("Lower costs drove it.") == "Higher costs drove it."
    assert turned("It is stable.") is None


def test_spoken_numbers_and_values_change() -> None:
    assert other_spoken_number("FOUR of clubs") == "FIVE of clubs"
    assert other_spoken_number("no number") is None
    assert swapped("It is a.", "a", ["b"], "k") == "It is b."
    assert swapped("It is a.", "a", [], "k") is None


# --- claims of gold ------------------------------------------------------------------------------


def answerable(answer: str, evidence: str, **more: object) -> Answerable:
    fields = {
        "id": "financebench/1",
        "question": "What was it?",
        "answers": (answer,),
        "form": "statement",
        "gold": frozenset({Page("a.pdf", 3)}),
        "medium": "pdf",
        "evidence": evidence,
    }
    return Answerable.model_validate(fields | more)


def test_only_what_a_page_states_becomes_a_claim() -> None:
    page = "Net sales of the shop rose to 14,189 from 13,000 in May"
    assert stated(answerable("Yes. Net sales were $14,189 million.", page)) == (
        "Net sales were $14,189 million."
    )
    assert stated(answerable("Net sales were 15,000.", page)) == ""
    assert stated(answerable("The wages of the staff.", page)) == ""
    assert stated(answerable("Yes", page)) == ""
    assert stated(answerable("5", "5 cats", form="figure")) == ""
    computed = answerable("13,000", page, question="What is the difference?", form="figure")
    assert stated(computed) == ""


def test_an_answer_gets_twins_with_other_figures_directions_and_denials() -> None:
    page = "Net sales rose to 14,189 from 13,000"
    asked = answerable("Net sales have increased to 14,189.", page)
    (pair,) = pairs_of(AskedSet("financebench", [], [], 1, everything=[asked]))
    assert {wrong.kind: wrong.text for wrong in pair.wrong} == {
        "number of the page": "Net sales have increased to 13,000.",
        "digit": "Net sales have increased to 17,189.",
        "direction": "Net sales have decreased to 14,189.",
        "negation": "Net sales have not increased to 14,189.",
    }
    assert pair.pages == (Page("a.pdf", 3),)


def test_of_a_statement_made_with_its_question_the_answer_is_denied() -> None:
    page = "Total debt was 8,802, that of May 7,700"
    asked = answerable("8802", page, question="What is debt that was due?", form="figure")
    (pair,) = pairs_of(AskedSet("financebench", [], [], 1, everything=[asked]))
    assert (pair.right, pair.question) == ("Debt that was due is 8802.", "")
    assert {wrong.kind: wrong.text for wrong in pair.wrong} == {
        "number of the page": "Debt that was due is 7,700.",
        "digit": "Debt that was due is 8102.",
        "negation": "Debt that was due is not 8802.",
    }


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("what is total debt in 2023? In million.", "8802", "Total debt in 2023 is 8802."),
        ("What were the profits of Ann?", "5", "The profits of Ann were 5."),
        ("Who produced the map?", "Ann", "Ann produced the map."),
        ("How many stores does it have in May?", "978", "It has 978 stores in May."),
        ("Which port has the trigger?", "P1.1", "The port that has the trigger is P1.1."),
        ("Why is it so?", "Rain", None),
        ("What is it? And why?", "Rain", None),
    ],
)
def test_simple_questions_become_statements(question: str, answer: str, said: str | None) -> None:
    assert as_statement(question, answer) == said


# --- claims of marked pages ----------------------------------------------------------------------


def table(*rows: tuple[str, ...]) -> GoldTable:
    cells = tuple(
        GoldCell(row=r, column=c, end_row=r, end_column=c, text=text, box=(0, 0, 1, 1))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text
    )
    return GoldTable(table="1", page=2, cells=cells)


def test_cells_of_plainly_named_tables_become_claims() -> None:
    plain = table(("", "1995", "1996"), ("France", "25.0", "26.1"), ("Italy", "19.0", "-"))
    assert set(named_cells(plain)) == {
        (row, column) for row in ("France", "Italy") for column in ("1995", "1996")
    }
    assert named_cells(table(("", "1995", "1995"), ("France", "1", "2"))) == {}
    assert named_cells(table(("", "1995"), ("France", "1"), ("", "2"))) == {}
    document = TableDocument(name="eu-1", path=Path("eu-1.pdf"), tables=(plain,))
    pairs = pairs_of(AskedSet("icdar2013_tables", [], [], 0, tables=[document]))
    assert len(pairs) == 2
    for pair in pairs:
        assert pair.right.startswith(("For France, 199", "For Italy, 199"))
        assert pair.pages == (Page("eu-1.pdf", 2),)
        assert {wrong.kind for wrong in pair.wrong} <= {"row", "column", "negation"}
        assert all("-" not in wrong.text for wrong in pair.wrong)


def marked(text: str, top: float = 0) -> MarkedText:
    return MarkedText(text=text, left=0, top=top, right=9, bottom=top + 5)


def receipt(id_: str, total: str, *lines: str) -> Receipt:
    return Receipt(
        id=id_,
        split="all",
        image=Path(f"{id_}.jpg"),
        lines=tuple(marked(line) for line in lines),
        fields={"total": total},
    )


def test_fields_of_receipts_are_swapped_with_those_of_others() -> None:
    receipts = [receipt("1", "9.00", "CASH 10.00"), receipt("2", "8.00")]
    first, second = pairs_of(AskedSet("sroie", [], [], 2, receipts=receipts))
    said = first.right.removesuffix("9.00.")
    assert said in {"The total is ", "The total of the receipt is "}
    assert {wrong.kind: wrong.text for wrong in first.wrong} == {
        "receipt": f"{said}8.00.",
        "number of the page": f"{said}10.00.",
        "digit": f"{said}9.30.",
        "negation": f"{said}not 9.00.",
    }
    assert second.pages == (Page("2.jpg", 1),)


def entity(id_: int, label: str, text: str, *links: tuple[int, int]) -> Entity:
    return Entity.model_validate(
        {"id": id_, "label": label, "whole": marked(text, id_), "words": (), "linking": links}
    )


def test_values_of_forms_are_swapped_with_those_of_other_keys() -> None:
    form = Form(
        id="f",
        split="testing_data",
        image=Path("f.png"),
        entities=(
            entity(0, "question", "BRAND:", (0, 1)),
            entity(1, "answer", "Harbour"),
            entity(2, "question", "Date of report", (2, 3)),
            entity(3, "answer", "May 1996"),
            entity(5, "question", "TO:", (5, 1)),
        ),
    )
    pairs = {pair.right: pair for pair in pairs_of(AskedSet("funsd", [], [], 2, forms=[form]))}
    assert set(pairs) == {"The brand is Harbour.", "The Date of report is May 1996."}
    kinds = {wrong.kind: wrong.text for wrong in pairs["The brand is Harbour."].wrong}
    assert kinds["field"] in {"The brand is May 1996."}
    assert kinds["negation"] == "The brand is not Harbour."


def test_what_one_recording_says_is_held_against_another() -> None:
    clips = [
        Clip(
            id="a",
            audio=Path("a.wav"),
            text="Four old ships in the harbour, of coal and iron, left today",
        ),
        Clip(
            id="b",
            audio=Path("b.wav"),
            text="The art of calligraphy, which monks loved, was admired in many lands",
        ),
        Clip(id="c", audio=Path("c.wav"), text="too short"),
    ]
    first, second = pairs_of(AskedSet("speech", [], [], 2, clips=clips))
    wrong = {each.kind: each for each in first.wrong}
    assert wrong["recording"].held_against == "b.wav"
    assert wrong["recording"].text == first.right
    assert wrong["number"].text.startswith("The speaker says: Five old ships")
    assert "calligraphy" in wrong["word"].text
    assert {each.kind for each in second.wrong} == {"recording", "word", "negation"}
