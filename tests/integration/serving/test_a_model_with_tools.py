"""A model behind a real protocol calls tools over a real library; what it writes is checked."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from pincite.answers import Answer, Answered, Label
from pincite.config import FakeImageGenerator, LiteLLMChat
from pincite.elements import Scope
from pincite.events import AskEvent, Finished
from serving.bootstrap import Services, services
from tests.integration.serving.library import make_files, settings
from tests.integration.serving.tool_caller import ToolCaller, tool_caller

ALL = Scope(collections=frozenset())
OPENED = "The harbour of Lindwick opened in 1872 [1]."
WRONG = "The harbour of Lindwick opened in 1903 [1]."
QUESTION = "When did the harbour of Lindwick open?"


@asynccontextmanager
async def library(tmp_path: Path, server: ToolCaller) -> AsyncGenerator[Services]:
    chat = LiteLLMChat(model="openai/caller", api_base=server.url, tools=True)
    wanted = settings(tmp_path / "library").model_copy(
        update={"chat": chat, "image_generator": FakeImageGenerator()}
    )
    async with services(wanted) as parts:
        reports = parts.service.ingest(
            [make_files(tmp_path / "files")], collection="default", readers=frozenset({"local"})
        )
        assert [report async for report in reports][-1].done
        yield parts


async def asked(parts: Services, question: str) -> tuple[list[AskEvent], Answer]:
    events = [event async for event in parts.service.ask(question, ALL)]
    last = events[-1]
    assert isinstance(last, Finished), last
    return events, last.answer


def told(server: ToolCaller, turn: int) -> list[str]:
    """What tools told the model up to a turn."""
    return [each["content"] for each in server.asked[turn]["messages"] if each["role"] == "tool"]


async def test_from_streamed_calls_to_a_checked_answer(tmp_path: Path) -> None:
    page = {"file": "harbour.pdf", "page": 2}
    says = ({"open_page": page, "search": {"query": "crane"}}, "[1]", f"{OPENED} {WRONG}")
    with tool_caller(*says) as server:
        async with library(tmp_path, server) as parts:
            events, answer = await asked(parts, QUESTION)
    assert isinstance(answer, Answered)
    assert answer.sentences[0].label is Label.SUPPORTED
    assert all(s.label is not Label.SUPPORTED for s in answer.sentences if "1903" in s.text)
    [citation] = [each for each in answer.citations if each.number == 1]
    assert (citation.source_name, citation.locators[0].kind) == ("harbour.pdf", "page")
    opened, searched = told(server, 1)
    assert opened.startswith("[1] harbour.pdf, page 2: «The harbour of Lindwick opened in 1872.»")
    assert "crane.txt" in searched
    offered = {each["function"]["name"] for each in server.asked[0]["tools"]}
    assert offered == {"search", "open_page", "listen", "look_closer", "calculate", "extract"}
    assert "tools" not in server.asked[-1]
    assert {"called", "searched"} <= {event.kind for event in events}
    assert answer.record is not None
    assert answer.record.steps[0] == "opened page 2 of “harbour.pdf”"


async def test_every_file_is_gone_through_with_extract(tmp_path: Path) -> None:
    asked_for = {"columns": [{"name": "crane"}]}
    with tool_caller({"extract": asked_for}, "NOT FOUND", "NOT FOUND") as server:
        async with library(tmp_path, server) as parts:
            _, answer = await asked(parts, "Does anything insure the crane?")
    assert told(server, 1)
    assert answer.record is not None
    assert "looked in every file for crane" in answer.record.steps


async def test_a_server_that_hangs_up_leaves_the_graphs_search(tmp_path: Path) -> None:
    with tool_caller({"search": {"query": "harbour"}}, None, OPENED) as server:
        async with library(tmp_path, server) as parts:
            _, answer = await asked(parts, QUESTION)
    assert isinstance(answer, Answered)
    assert "1872" in answer.text
    assert answer.record is not None
    assert any("did not answer while it gathered" in step for step in answer.record.steps)
    assert "did not answer while it gathered" in answer.notice


async def test_a_picture_is_drawn_kept_and_named_in_the_answer(tmp_path: Path) -> None:
    says = ({"search": {"query": "harbour"}}, "[1]", OPENED)
    with tool_caller(*says) as server:
        async with library(tmp_path, server) as parts:
            events, answer = await asked(parts, f"{QUESTION} Draw a picture of a harbour.")
            [picture] = answer.pictures
            [kept] = await parts.service.studio.pictures(ALL)
            assert kept.id == picture.id
            assert (await parts.service.studio.png(kept.id, ALL)).startswith(b"\x89PNG")
            assert await parts.service.answer(answer.id, ALL) == answer
    assert picture.prompt == "a harbour"
    assert "drawn" in {event.kind for event in events}
    assert all("generated" not in each.source_name for each in answer.citations)
