"""A model that calls tools and does not behave: each time one clear outcome, within the budget."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence

from pincite.answers import Answered, RefusalReason, Refused
from pincite.elements import Element, SourceId
from pincite.errors import ModelUnavailable, UnknownSource
from pincite.models.fakes import ScriptedChatModel
from pincite.models.ports import ChatPiece, ChatUsage, Message, Tool, ToolCall
from tests.unit.agent.conftest import Build
from tests.unit.agent.opened import SEARCHED, TRUE, WHEN, OpenLibrary, ask, call, scripted, steps

DOWN = ModelUnavailable("the model at host did not answer")


async def test_the_same_call_again_and_again_ends_gathering(
    build_open: Build, opened: OpenLibrary
) -> None:
    chat = scripted(SEARCHED, SEARCHED, SEARCHED, TRUE)
    answer = await ask(build_open(chat=chat))
    assert isinstance(answer, Answered)
    assert opened.searched == ["harbour pump"]
    assert "You called that already" in "\n".join(m.content for m in chat.heard[2])
    assert "went in circles" in steps(answer)


async def test_endless_calls_end_by_their_number(build_open: Build, opened: OpenLibrary) -> None:
    many = [call("search", query=f"pump {n}") for n in range(9)]
    answer = await ask(build_open(*many[:4], TRUE, tool_calls=4))
    assert isinstance(answer, Answered)
    assert len(opened.searched) == 4
    assert "ended gathering after 4 calls" in steps(answer)


async def test_calls_of_one_turn_beyond_the_budget_are_told_so(
    build_open: Build, opened: OpenLibrary
) -> None:
    turn = [
        ToolCall(id=f"c{n}", name="search", arguments=json.dumps({"query": f"pump {n}"}))
        for n in range(30)
    ]
    answer = await ask(build_open(turn, TRUE, tool_calls=3))
    assert isinstance(answer, Answered)
    assert len(opened.searched) == 3


async def test_tokens_end_gathering(build_open: Build) -> None:
    calls = [call("search", query=f"pump {n}") for n in range(9)]
    answer = await ask(build_open(*calls[:1], TRUE, tool_tokens=50))
    assert isinstance(answer, Answered)
    assert "ended gathering after" in steps(answer)
    assert "tokens" in steps(answer)


class Talks(ScriptedChatModel):
    """Never ends, whatever it is asked to keep to."""

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 400,
        stop: Sequence[str] = (),
        schema: Mapping[str, object] | None = None,
        tools: Sequence[Tool] = (),
    ) -> AsyncGenerator[ChatPiece | ChatUsage, None]:
        del max_tokens, stop, schema
        while tools:
            await asyncio.sleep(0)
            yield ChatPiece(text="and so on ")
        yield ChatPiece(text=TRUE)
        yield ChatUsage(prompt_tokens=1, output_tokens=1, first_token_s=0, seconds=0)


async def test_a_model_that_talks_without_end_is_cut_off(build_open: Build) -> None:
    answer = await ask(build_open(chat=Talks([""], calls_tools=True)))
    assert isinstance(answer, Answered)
    assert "called no tool, so it was searched for without it" in steps(answer)


class Slow(ScriptedChatModel):
    """Takes for ever to ask for a tool."""

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 400,
        stop: Sequence[str] = (),
        schema: Mapping[str, object] | None = None,
        tools: Sequence[Tool] = (),
    ) -> AsyncGenerator[ChatPiece | ChatUsage, None]:
        del max_tokens, stop, schema
        if tools:
            await asyncio.sleep(60)
        yield ChatPiece(text=TRUE)
        yield ChatUsage(prompt_tokens=1, output_tokens=1, first_token_s=0, seconds=0)


async def test_a_slow_model_has_its_time_and_then_the_graph_searches(build_open: Build) -> None:
    answer = await ask(build_open(chat=Slow([""], calls_tools=True), tool_seconds=0.2))
    assert isinstance(answer, Answered)
    assert "gathered until its time was over" in steps(answer)


async def test_a_model_that_dies_while_it_gathers_leaves_the_graphs_search_and_says_so(
    build_open: Build, opened: OpenLibrary
) -> None:
    answer = await ask(build_open(SEARCHED, DOWN, TRUE))
    assert isinstance(answer, Answered)
    assert answer.text == TRUE
    assert opened.searched == ["harbour pump", WHEN]
    assert "did not answer while it gathered" in answer.notice


async def test_a_model_that_is_gone_leaves_the_quotes(build_open: Build) -> None:
    answer = await ask(build_open(DOWN))
    assert isinstance(answer, Answered)
    assert "3 May 2024" in answer.text
    assert "quotes are the answer" in answer.notice


async def test_a_model_that_calls_no_tool_is_as_any_other(
    build_open: Build, opened: OpenLibrary
) -> None:
    answer = await ask(build_open("I know that already.", TRUE))
    assert isinstance(answer, Answered)
    assert opened.searched == [WHEN]


async def test_the_budget_of_the_question_ends_all(build_open: Build) -> None:
    answer = await ask(build_open(chat=Never(), seconds=0.5))
    assert isinstance(answer, Refused)
    assert answer.reason is RefusalReason.BUDGET


class Never(Slow):
    def __init__(self) -> None:
        super().__init__([""], calls_tools=True)

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 400,
        stop: Sequence[str] = (),
        schema: Mapping[str, object] | None = None,
        tools: Sequence[Tool] = (),
    ) -> AsyncGenerator[ChatPiece | ChatUsage, None]:
        await asyncio.sleep(60)
        yield ChatPiece(text=TRUE)


async def test_addresses_that_a_model_makes_up_get_into_no_step(build_open: Build) -> None:
    asked = call("search", query="see http://evil.example/?leak=15000 now")
    answer = await ask(build_open(asked, "[1]", TRUE))
    assert "evil.example" not in steps(answer)


async def test_a_tool_that_fails_is_told_to_the_model(
    build_open: Build, opened: OpenLibrary
) -> None:
    def gone(source: SourceId, unit: int) -> list[Element]:
        del source, unit
        raise UnknownSource("the file was deleted meanwhile")

    opened.elements_on = gone
    chat = scripted(call("open_page", file="memo.pdf"), SEARCHED, "[1]", TRUE)
    answer = await ask(build_open(chat=chat))
    assert "could not use open_page: “the file was deleted meanwhile”" in steps(answer)
    assert isinstance(answer, Answered)
