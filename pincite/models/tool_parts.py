"""Tools and calls of them as OpenAI-style endpoints write them."""

from __future__ import annotations

from typing import Any

from pincite.models.ports import Message, Tool, ToolCall


def offered(tool: Tool) -> dict[str, Any]:
    told = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": told}


def with_calls(message: Message, content: str) -> dict[str, Any]:
    """An assistant's calls, or the answer to one."""
    if message.answers:
        return {"role": message.role, "tool_call_id": message.answers, "content": content}
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for call in message.calls
    ]
    return {"role": message.role, "content": content, "tool_calls": calls}


class CallParts:
    """Calls that come in parts, one stream long: the name first, the arguments piece by piece."""

    def __init__(self) -> None:
        self._calls: list[list[str]] = []
        self._at: dict[int, int] = {}

    def take(self, part: Any) -> None:
        """`part` is an item of `delta.tool_calls`; what it lacks was told before, or is to come.

        Some servers count every call as their first: there another id begins another call.
        """
        index, given = getattr(part, "index", None) or 0, getattr(part, "id", None) or ""
        told = getattr(part, "function", None)
        known = self._calls[self._at[index]] if index in self._at else None
        if known is None or (given and known[0] and given != known[0]):
            self._at[index] = len(self._calls)
            known = ["", "", ""]
            self._calls.append(known)
        known[0] = known[0] or given
        known[1] = known[1] or getattr(told, "name", None) or ""
        known[2] += getattr(told, "arguments", None) or ""

    def whole(self) -> list[ToolCall]:
        """In the order of the model; without those that never got a name."""
        return [
            ToolCall(id=id_ or f"call_{place}", name=name, arguments=arguments)
            for place, (id_, name, arguments) in enumerate(self._calls, 1)
            if name
        ]
