"""How something changed between two years, from the cells of a table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.calculating import change
from agent.selection import Candidate
from pincite.answers import Answer, Answered, Label
from pincite.elements import Cell, ContentId, Kind, Medium, Scope, Source, SourceId, Table
from pincite.events import Finished
from pincite.grounding.spots import spots_of
from pincite.models.fakes import ScriptedChatModel
from tests.unit.agent.conftest import Build
from tests.unit.agent.library import MemoryLibrary, element

ROWS = (
    ("Item (million EUR)", "2022", "2023", "2024"),
    ("Revenue", "9.1", "9.4", "10.1"),
    ("Net loss", "(2.6)", "(3.0)", "1,200.5"),
    ("Margin", "4 %", "6 %", "5 %"),
    ("Notes", "a", "b", "c"),
)


CELLS = tuple(
    Cell(row=r, column=c, text=text, is_header=r == 0)
    for r, row in enumerate(ROWS)
    for c, text in enumerate(row)
)
TABLE = Table(html="", cells=CELLS)
ASKED = "How did revenue change from 2023 to 2024?"
CHANGED = "Revenue: 9.4 in 2023 and 10.1 in 2024, a change of +0.7 (+7.4 %)."


@pytest.fixture
def rows() -> list[Candidate]:
    table = element("", 1).model_copy(update={"kind": Kind.TABLE, "table": TABLE})
    source = Source(
        id=SourceId("s"),
        content=ContentId("c" * 64),
        name="letter.pdf",
        origin="/letter.pdf",
        medium=Medium.PDF,
        added_at=datetime(2025, 1, 1, tzinfo=UTC),
    )
    return [Candidate(spot, n, source, 0.5) for n, spot in enumerate(spots_of(table))]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (ASKED, CHANGED),
        (
            "By how much did the net loss grow between FY2022 and FY2023?",
            "Net loss: (2.6) in 2022 and (3.0) in 2023, a change of -0.4.",
        ),
        (
            "What was the change in net loss in 2024 compared to 2022?",
            "Net loss: (2.6) in 2022 and 1,200.5 in 2024, a change of +1,203.1.",
        ),
        (
            "Did the margin increase from 2022 to 2023?",
            "Margin: 4 % in 2022 and 6 % in 2023, a change of +2 percentage points.",
        ),
    ],
)
def test_the_change_is_computed_and_says_from_what(
    rows: list[Candidate], question: str, text: str
) -> None:
    found = change(question, rows)
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "question",
    [
        "What was the revenue in 2023 and 2024?",
        "How did revenue change in 2024?",
        "How did the staff change from 2023 to 2024?",
        "How did the notes change from 2023 to 2024?",
        "How did revenue change from 2019 to 2024?",
    ],
)
def test_nothing_is_computed_where_it_is_not_asked_or_not_there(
    rows: list[Candidate], question: str
) -> None:
    assert change(question, rows) is None


async def _answer(
    build: Build, library: MemoryLibrary, said: str, confidence: float | None = None
) -> Answer:
    text = "; ".join(" ".join(row) for row in ROWS)
    library.add("letter.pdf", [text], kind=Kind.TABLE, table=TABLE, confidence=confidence)
    events = [e async for e in build(ScriptedChatModel([said])).ask(ASKED, Scope())]
    last = events[-1]
    assert isinstance(last, Finished)
    return last.answer


async def test_it_is_the_answer_where_the_model_finds_none(
    build: Build, library: MemoryLibrary
) -> None:
    answer = await _answer(build, library, "NOT FOUND")
    assert isinstance(answer, Answered)
    (sentence,) = answer.sentences
    assert sentence.text.startswith(CHANGED)
    assert sentence.label is Label.SUPPORTED
    (cited,) = answer.citations
    assert cited.source_name == "letter.pdf"
    assert answer.record is not None
    assert "computed the change between two cells of a table" in answer.record.steps


async def test_figures_that_may_be_misread_are_not_computed_with(
    build: Build, library: MemoryLibrary
) -> None:
    answer = await _answer(build, library, "NOT FOUND", confidence=0.5)
    assert CHANGED not in answer.model_dump_json()
