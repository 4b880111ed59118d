"""When an answer in sentences is right, worked out by hand."""

from __future__ import annotations

import pytest

from evals.datasets.answerable import Answerable, Form
from evals.datasets.pages import Page
from evals.scorers.answers import figures, is_right, share_told


def asked(form: Form, *answers: str, question: str = "How much?") -> Answerable:
    return Answerable(
        id="set/1",
        question=question,
        answers=answers,
        form=form,
        gold=frozenset({Page("a.pdf", 1)}),
        medium="pdf",
    )


@pytest.mark.parametrize(
    ("gold", "question", "said", "right"),
    [
        ("$1577.00", "Capex (in USD millions)?", "Capex was $1,577 million in 2018 [1].", True),
        ("$1577.00", "Capex (in USD millions)?", "Capex was $1,373 million.", False),
        ("$8.70", "PPNE? Answer in USD billions.", "Net PPNE was $8,738 million.", True),
        ("24.26", "The ratio?", "It is 24.3.", True),
        ("24.26", "The ratio?", "It is 25.", False),
        ("5", "How many?", "There are five.", True),
        ("41", "How many?", "It is 42.", False),
        ("2018", "Which year?", "It was 2019.", False),
        ("1.9%", "Which share?", "The share is 1.9 percent.", True),
        ("5", "How many?", "The rows are 1 2 3 4 5 6 7 8 9.", False),
        ("5", "Of 2019, 20 and 30?", "Of 2019, 20, 30, 40 and 50 it is 5.", True),
        ("41", "How many?", "", False),
    ],
)
def test_a_figure_is_told_as_exactly_as_it_is_written(
    gold: str, question: str, said: str, *, right: bool
) -> None:
    assert is_right(asked("figure", gold, question=question), said) is right


@pytest.mark.parametrize(
    ("form", "gold", "said", "right"),
    [
        ("amount", "33.90", "The total is RM 33.90 [2].", True),
        ("amount", "33.90", "The total is RM 33.80.", False),
        ("day", "25/12/2018", "It is of 25 Dec 2018.", True),
        ("day", "12-01-19", "It is of 12/01/2019, 10:15.", True),
        ("day", "12-01-19", "It is of 13/01/2019.", False),
        ("name", "MR D.I.Y. (JOHOR) SDN BHD", "It is MR DI.Y.(JOHOR) SDN BHO [1].", True),
        ("name", "MR D.I.Y. (JOHOR) SDN BHD", "It is AEON CO.", False),
        ("text", "Rick Scott", "The governor is Rick Scott.", True),
        ("text", "Rick Scott", "The governor is Scott.", False),
        ("text", "much", "How much? That is much.", True),
        ("text", "yellow", "Yellow", True),
        ("text", "yellow", "A yellow bird sings in the old tree.", False),
        ("speech", "he was not an ill disposed young man", "“not an ill disposed man”", True),
        ("speech", "he was not an ill disposed young man", "“had he married”", False),
        ("span", "Rick Scott", "It was Scott, the elder. Rick left.", False),
        ("span", "Rick Scott", "Scott, who is called Rick, was.", True),
    ],
)
def test_other_forms_have_rules_of_their_own(
    form: Form, gold: str, said: str, *, right: bool
) -> None:
    assert is_right(asked(form, gold), said) is right


@pytest.mark.parametrize(
    ("gold", "said", "right"),
    [
        ("No, margins fell from 36.8% to 34.6%.", "They went from 36.8% to 34.6%.", True),
        ("No, margins fell from 36.8% to 34.6%.", "Yes, from 36.8% to 34.6%.", False),
        ("No, margins fell from 36.8% to 34.6%.", "No, they are stable.", False),
        ("It rose by 1 percentage point.", "A rise: see note 3, percentage point.", False),
        ("It closed (1) Ann Ltd and (2) Bell Ltd, one by one.", "Ann Ltd, Bell Ltd.", True),
        ("Yes", "Yes, it is.", True),
        ("Yes", "It is.", False),
        ("Customer deposits", "Customer deposits were largest.", True),
        ("The airline industry is cyclical", "It depends on the weather.", False),
    ],
)
def test_a_statement_is_told_by_its_figures_or_else_its_words(
    gold: str, said: str, *, right: bool
) -> None:
    assert is_right(asked("statement", gold), said) is right


def test_of_a_list_all_is_wanted() -> None:
    gold = asked("list", "90%", "gray", question="Which?")
    assert is_right(gold, "Gray, which 90% own.")
    assert not is_right(gold, "Gray.")


def test_figures_are_read_with_scales_and_words() -> None:
    told = figures("1,214 ships, $1.2 billion, five men, B12, 9.00")
    assert [figure.value for figure in told] == [1214, 1.2e9, 5, 9]
    assert [figure.last for figure in told] == pytest.approx([1, 1e8, 1, 1])


def test_words_of_the_question_are_no_answer() -> None:
    assert share_told("The tower is old", "Is the tower new?", "The tower") == 0
    assert share_told("The tower", "Is the tower new?", "The tower") == 1
