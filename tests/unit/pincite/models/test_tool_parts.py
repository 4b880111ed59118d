"""Calls of tools as they come in parts, and as they go back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from pincite.models.fakes import ScriptedChatModel
from pincite.models.picture_parts import wired
from pincite.models.ports import ChatUsage, Message, Tool, ToolCall
from pincite.models.tool_parts import CallParts, offered


def part(index: int | None, id_: str = "", name: str = "", arguments: str = "") -> Any:
    function = SimpleNamespace(name=name or None, arguments=arguments or None)
    return SimpleNamespace(index=index, id=id_ or None, function=function)


def whole(*parts: Any) -> list[tuple[str, str, str]]:
    calls = CallParts()
    for each in parts:
        calls.take(each)
    return [(call.id, call.name, call.arguments) for call in calls.whole()]


def test_arguments_come_piece_by_piece() -> None:
    parts = (part(0, "a", "search"), part(0, arguments='{"que'), part(0, arguments='ry": "x"}'))
    assert whole(*parts) == [("a", "search", '{"query": "x"}')]


def test_two_calls_in_turns_are_kept_apart() -> None:
    parts = (part(0, "a", "search"), part(1, "b", "open_page"), part(1, arguments="{2"))
    assert whole(*parts, part(0, arguments="{1")) == [
        ("a", "search", "{1"),
        ("b", "open_page", "{2"),
    ]


def test_a_server_that_counts_every_call_as_its_first_loses_none() -> None:
    parts = (part(0, "a", "search", "{1"), part(0, "b", "search", "{2"), part(0, arguments="}"))
    assert whole(*parts) == [("a", "search", "{1"), ("b", "search", "{2}")]


def test_a_call_without_an_id_gets_one_and_one_without_a_name_is_none() -> None:
    assert whole(part(None, name="search"), part(1, "b", arguments="{}")) == [
        ("call_1", "search", "")
    ]
    assert whole(SimpleNamespace()) == []


def test_calls_and_their_answers_travel_as_the_protocol_wants_them() -> None:
    call = ToolCall(id="a", name="search", arguments='{"query": "x"}')
    asked = wired(Message(role="assistant", content="", calls=(call,)))
    assert asked["tool_calls"][0]["function"] == {"name": "search", "arguments": '{"query": "x"}'}
    answer = wired(Message(role="tool", content="found", answers="a"))
    assert answer == {"role": "tool", "tool_call_id": "a", "content": "found"}
    tool = Tool(name="search", description="d", parameters={"type": "object"})
    assert offered(tool)["function"]["name"] == "search"


def test_a_tool_has_a_plain_name() -> None:
    with pytest.raises(ValidationError):
        Tool(name="rm -rf", description="", parameters={})


async def test_the_script_can_call_tools() -> None:
    call = ToolCall(id="a", name="search", arguments="{}")
    model = ScriptedChatModel([[call]], calls_tools=True)
    tool = Tool(name="search", description="d", parameters={})
    said = Message(role="user", content="?")
    first, last = [item async for item in model.stream([said], tools=[tool])]
    assert first == call
    assert isinstance(last, ChatUsage)
    assert model.offered == [("search",)]
