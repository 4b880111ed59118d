"""Sources that say different things of the same; pairs that do, and pairs that look like it."""

from __future__ import annotations

import json

import pytest

from agent.conflicts import conflict
from agent.dating import are_apart, dated, newest_first
from agent.selection import candidates
from pincite.answer_form import Form
from pincite.answers import Answered
from pincite.asking import AS_EVER, Wishes
from pincite.elements import Scope
from pincite.events import Differing, Finished
from pincite.models.fakes import FakeTextEncoder, ScriptedChatModel
from tests.unit.agent.conftest import Build
from tests.unit.agent.library import MemoryLibrary

RENT = "What is the monthly rent of the flat?"


def differing(question: str, files: dict[str, str]) -> dict[str, str]:
    """Values by file, where a conflict is found."""
    library = MemoryLibrary({name: [text] for name, text in files.items()})
    evidence = library.search(question, Scope(), keep=8)
    scored = candidates(question, evidence, FakeTextEncoder())
    sure = [each._replace(relevance=max(each.relevance, 0.55), rank=0) for each in scored]
    return {each.candidate.source.name: each.value for each in conflict(question, sure)}


PAIRS = [
    (
        RENT,
        {
            "lease-2019.pdf": "The monthly rent of the flat is 5,000 euros.",
            "lease-2021.pdf": "The monthly rent of the flat is 6,500 euros.",
        },
        {"5,000 euros", "6,500 euros"},
    ),
    (
        "How long is the notice period?",
        {
            "contract.pdf": "The notice period is three months.",
            "contract-amended.pdf": "The notice period is six weeks.",
        },
        {"three months", "six weeks"},
    ),
    (
        "When does the harbour bridge open?",
        {
            "plan-v1.docx": "The harbour bridge opens on 3 May 2024.",
            "plan-v2.docx": "The harbour bridge opens on 7 June 2024.",
        },
        {"3 May 2024", "7 June 2024"},
    ),
    (
        "How long does the second bilge pump run before it cuts out?",
        {
            "handover.txt": "The second bilge pump cuts out after forty minutes.",
            "manual.pdf": "The second bilge pump cuts out after 25 minutes.",
        },
        {"forty minutes", "25 minutes"},
    ),
    (
        "What does the Ferrostar pump cost?",
        {
            "prices-spring.txt": "The Ferrostar pump costs 1,200 euros.",
            "prices-autumn.txt": "The Ferrostar pump costs 1,350 euros including delivery.",
        },
        {"1,200 euros", "1,350 euros"},
    ),
]


@pytest.mark.parametrize(("question", "files", "values"), PAIRS)
def test_the_same_with_another_value_is_a_conflict(
    question: str, files: dict[str, str], values: set[str]
) -> None:
    assert set(differing(question, files).values()) == values


NONE = [
    # the same value, written otherwise
    (
        RENT,
        {
            "lease-2019.pdf": "The monthly rent of the flat is 5,000 euros.",
            "lease-2021.pdf": "The monthly rent of the flat is EUR 5000.",
        },
    ),
    # receipts of different shops, invoices of one
    (
        "What is the total?",
        {"X0123.pdf": "Total 12.50 euros", "X0456.pdf": "Total 31.00 euros"},
    ),
    (
        "What is the total of the invoice?",
        {
            "invoice-001.pdf": "The invoice total is 100 euros.",
            "invoice-002.pdf": "The invoice total is 200 euros.",
        },
    ),
    # different years, each stated
    (
        "What was the revenue of Northwind?",
        {
            "northwind_2019.pdf": "Revenue of Northwind was 5,200 million euros in 2019.",
            "northwind_2020.pdf": "Revenue of Northwind was 5,900 million euros in 2020.",
        },
    ),
    # a year is asked for, and only one file is of it
    (
        "What was the revenue of Northwind in 2019?",
        {
            "northwind_2019.pdf": "Revenue of Northwind was 5,200 million euros.",
            "northwind_2020.pdf": "Revenue of Northwind was 5,900 million euros.",
        },
    ),
    # different things and people
    (
        "What is the rent?",
        {
            "lease-a.pdf": "The rent of the flat in Hamburg is 5,000 euros.",
            "lease-b.pdf": "The rent of the flat in Berlin is 6,500 euros.",
        },
    ),
    (
        "What did Northwind pay for the pump?",
        {
            "northwind.txt": "Northwind paid 1,200 euros for the pump.",
            "southwind.txt": "Southwind paid 1,350 euros for the pump.",
        },
    ),
    (
        "What is the gross weight of the delivery?",
        {
            "note-a.txt": "The gross weight of the crate is 71 kg.",
            "note-b.txt": "The net weight of the crate is 60 kg.",
        },
    ),
    # another kind of value
    (
        "How big is the tank?",
        {
            "tank-a.txt": "The tank of the ferry holds 400 litres.",
            "tank-b.txt": "The tank of the ferry weighs 80 kg.",
        },
    ),
    # old and new in one sentence
    (
        RENT,
        {
            "lease.pdf": "The monthly rent of the flat is 5,000 euros.",
            "letter.pdf": "The monthly rent of the flat rises from 5,000 to 6,500 euros.",
        },
    ),
    # something else is asked
    (
        "Who lives in the flat?",
        {
            "lease-2019.pdf": "The monthly rent of the flat is 5,000 euros.",
            "lease-2021.pdf": "The monthly rent of the flat is 6,500 euros.",
        },
    ),
]


@pytest.mark.parametrize(("question", "files"), NONE)
def test_what_only_looks_like_a_conflict_is_none(question: str, files: dict[str, str]) -> None:
    assert differing(question, files) == {}


def test_one_file_never_differs_from_itself() -> None:
    text = (
        "The monthly rent of the flat is 5,000 euros. The monthly rent of the flat is 6,500 euros."
    )
    assert differing(RENT, {"lease.pdf": text}) == {}


# --- dates of files -------------------------------------------------------------------------------


def test_a_file_is_of_the_day_that_its_name_or_its_metadata_say() -> None:
    library = MemoryLibrary()

    def source(name: str, day: str = "2026-01-01") -> str:
        id_ = library.add(name, ["text"])
        made = library.source(id_)
        told = made.model_copy(update={"dated": made.added_at.date().fromisoformat(day)})
        return dated(told)

    assert source("lease_2021-03-01.pdf") == "2021-03-01"
    assert source("20210301 lease.pdf") == "2021-03-01"
    assert source("01.03.2021 lease.pdf") == "2021-03-01"
    assert source("lease-2019.pdf") == "2019"
    assert source("lease.pdf", "2019-03-01") == "2019-03-01"
    assert source("lease.pdf") == ""  # the day on which it came
    assert source("part-1205501.pdf") == ""


def test_newer_comes_first_and_unknown_last() -> None:
    assert newest_first(["2019", "", "2021-03-01"]) == [2, 0, 1]
    assert are_apart(["2019", "2021-03-01"])
    assert not are_apart(["2021", "2021-03-01"])
    assert not are_apart(["2021", ""])


# --- answers --------------------------------------------------------------------------------------


@pytest.fixture
def library() -> MemoryLibrary:
    return MemoryLibrary(
        {
            "lease-2019.pdf": ["The monthly rent of the flat is 5,000 euros."],
            "lease-2021.pdf": ["The monthly rent of the flat is 6,500 euros."],
        }
    )


async def test_the_answer_says_so_newest_first_each_with_its_place(build: Build) -> None:
    chat = ScriptedChatModel(["The monthly rent of the flat is 5,000 euros [1]."])
    for model, wishes in ((chat, AS_EVER), (None, Wishes(form=Form.QUOTES))):
        events = [event async for event in build(model).ask(RENT, Scope(), wishes=wishes)]
        last = events[-1]
        assert isinstance(last, Finished)
        answer = last.answer
        assert isinstance(answer, Answered)
        told = answer.sentences[-1]
        assert told.text.startswith(
            "The sources differ, newest first: lease-2021.pdf (2021) says “The monthly rent of the "
            "flat is 6,500 euros.” ["
        )
        assert len(told.claims) == 2
        sources = {c.number: c.source_name for c in answer.citations}
        [found] = answer.conflicts
        assert found.by_date
        assert [sources[each.cites] for each in found.positions] == [
            "lease-2021.pdf",
            "lease-2019.pdf",
        ]
        assert [each.value for each in found.positions] == ["6,500 euros", "5,000 euros"]
        assert any(isinstance(event, Differing) for event in events)
        assert answer.record is not None
        assert "found that sources differ, and says so" in answer.record.steps


async def test_json_says_it_in_its_notice(build: Build) -> None:
    schema = {"type": "object", "properties": {"monthly_rent": {"type": "number"}}}
    reply = json.dumps({"monthly_rent": {"value": "5,000 euros", "evidence": 1}})
    wishes = Wishes(form=Form.JSON, schema=schema)
    found = [e async for e in build(ScriptedChatModel([reply])).ask(RENT, Scope(), wishes=wishes)]
    last = found[-1]
    assert isinstance(last, Finished)
    assert isinstance(last.answer, Answered)
    assert set(json.loads(last.answer.text)) == {"monthly_rent"}
    assert "The sources differ" in last.answer.notice
    assert last.answer.conflicts
