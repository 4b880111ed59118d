"""Questions that compare files: which they are, and what becomes of them."""

from __future__ import annotations

import json

import pytest

from agent.comparisons import aspects, compared
from pincite.answer_form import Form
from pincite.answers import Answer, Answered, Voice
from pincite.asking import AS_EVER, Wishes
from pincite.elements import Scope, SourceId
from pincite.errors import ModelUnavailable
from pincite.events import Finished, Searched
from pincite.models.fakes import ScriptedChatModel
from retrievers.asking import Named
from tests.unit.agent.conftest import Build
from tests.unit.agent.library import MemoryLibrary

NAMES = [
    Named(SourceId(f"s{n}"), name)
    for n, name in enumerate(
        (
            "lease-hamburg.pdf",
            "lease-berlin.pdf",
            "budget-2020.xlsx",
            "budget-2021.xlsx",
            "memo.txt",
        )
    )
]
RENT = "Compare the rent in the Hamburg lease and the Berlin lease"


@pytest.mark.parametrize(
    ("question", "sides", "rows"),
    [
        (RENT, ["lease-hamburg.pdf", "lease-berlin.pdf"], ("rent",)),
        (
            "How do lease-hamburg.pdf and lease-berlin.pdf differ in rent and the notice period?",
            ["lease-hamburg.pdf", "lease-berlin.pdf"],
            ("rent", "notice period"),
        ),
        (
            "What do the Hamburg lease and the Berlin lease say about pets?",
            ["lease-hamburg.pdf", "lease-berlin.pdf"],
            ("pets",),
        ),
        (
            "What is the difference in travel costs between the budget 2020 and the budget 2021?",
            ["budget-2020.xlsx", "budget-2021.xlsx"],
            ("travel costs",),
        ),
        ("Compare lease-hamburg.pdf with memo.txt", ["lease-hamburg.pdf", "memo.txt"], ()),
        (
            "Which of the Hamburg lease and the Berlin lease has the longer notice period?",
            ["lease-hamburg.pdf", "lease-berlin.pdf"],
            ("notice period",),
        ),
    ],
)
def test_files_that_are_compared_are_known_by_their_names(
    question: str, sides: list[str], rows: tuple[str, ...]
) -> None:
    found = compared(question, NAMES)
    assert found is not None
    assert ([side.name for side in found.sides], found.aspects) == (sides, rows)


@pytest.mark.parametrize(
    "question",
    [
        "Compare the rent in Munich and Cologne",
        "What do Smith and Jones say about the rent?",
        "What is the rent in the Hamburg lease?",
        "How did revenue differ between 2019 and 2020?",
        "What is the difference between a lease and a loan?",
        "Which of the two pumps is stronger, and when was it replaced?",
    ],
)
def test_what_is_no_file_is_not_compared(question: str) -> None:
    assert compared(question, NAMES) is None


def test_things_that_are_compared_are_taken_apart() -> None:
    assert aspects("the rent, deposit and the notice period") == (
        "rent",
        "deposit",
        "notice period",
    )
    assert aspects("") == ()


# --- answers --------------------------------------------------------------------------------------


@pytest.fixture
def library() -> MemoryLibrary:
    return MemoryLibrary(
        {
            "lease-hamburg.pdf": ["The rent is 5,000 euros a month.", "No pets are allowed."],
            "lease-berlin.pdf": ["The rent is 6,500 euros a month.", "The roof was mended in May."],
            "lease-munich.pdf": ["The rent is 7,000 euros a month."],
        }
    )


async def ask(build: Build, chat: ScriptedChatModel | None, question: str, form: Form) -> Answer:
    wishes = AS_EVER if form is Form.SHORT else Wishes(form=form)
    last = [e async for e in build(chat).ask(question, Scope(), wishes=wishes)][-1]
    assert isinstance(last, Finished), last
    return last.answer


async def answered(
    build: Build, chat: ScriptedChatModel | None, question: str = RENT, form: Form = Form.SHORT
) -> Answered:
    answer = await ask(build, chat, question, form)
    assert isinstance(answer, Answered), answer
    return answer


def said(told: str, number: int) -> str:
    return json.dumps({"rent": {"value": told, "evidence": number}})


async def test_each_file_is_searched_read_and_told_by_itself(build: Build) -> None:
    chat = ScriptedChatModel([said("5,000 euros", 1), said("6,500 euros", 3)])
    events = [event async for event in build(chat).ask(RENT, Scope())]
    queries = [event.query for event in events if isinstance(event, Searched)]
    assert queries[1:] == ["rent (in lease-hamburg.pdf)", "rent (in lease-berlin.pdf)"]
    assert "6,500" not in chat.heard[0][-1].content
    assert "5,000" not in chat.heard[1][-1].content
    last = events[-1]
    assert isinstance(last, Finished)
    answer = last.answer
    assert isinstance(answer, Answered)
    assert answer.data is not None
    assert answer.data.form == "comparison"
    assert answer.data.columns == ("", "lease-hamburg.pdf", "lease-berlin.pdf")
    assert [datum.value for datum in answer.data.data] == ["5,000 euros", "6,500 euros"]
    sources = {c.number: c.source_name for c in answer.citations}
    assert [sources[datum.cites[0]] for datum in answer.data.data] == list(answer.data.columns[1:])


async def test_what_one_file_does_not_say_is_not_found_in_it(build: Build) -> None:
    question = "What do the Hamburg lease and the Berlin lease say about pets?"
    reply = json.dumps({"pets": {"value": "No pets are allowed", "evidence": 1}})
    answer = await answered(build, ScriptedChatModel([reply, '{"pets": null}']), question)
    assert "| not found |" in answer.text
    assert answer.data is not None
    assert answer.data.data[1].why == "Not found in lease-berlin.pdf."


async def test_a_word_of_one_file_never_stands_in_the_column_of_another(build: Build) -> None:
    chat = ScriptedChatModel([said("5,000 euros", 1)])
    answer = await answered(build, chat)
    assert answer.data is not None
    assert [datum.value for datum in answer.data.data] == ["5,000 euros", None]


async def test_without_a_model_the_best_sentences_stand_in_the_columns(build: Build) -> None:
    for chat in (None, ScriptedChatModel([ModelUnavailable("gone")])):
        answer = await answered(build, chat)
        assert answer.data is not None
        assert [datum.value for datum in answer.data.data] == [
            "The rent is 5,000 euros a month.",
            "The rent is 6,500 euros a month.",
        ]
        assert answer.voice is Voice.QUOTES


async def test_files_that_are_not_named_are_those_that_search_puts_first(build: Build) -> None:
    answer = await answered(build, None, "How do the two leases differ in the rent?")
    assert answer.data is not None
    assert len(answer.data.columns) == 3
    answer = await answered(build, None, "What is the rent of each lease?", Form.COMPARISON)
    assert answer.data is not None
    assert len(answer.data.columns) == 4


async def test_two_things_of_one_file_are_no_files(build: Build) -> None:
    answer = await ask(build, None, "Which of the two tenants pays 5,000 euros rent?", Form.SHORT)
    assert getattr(answer, "data", None) is None
