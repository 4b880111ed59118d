"""Has a model say JSON by a schema; what is broken is asked for once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final

from agent.run import Run
from agent.structured.parsing import Said, said_in
from agent.using import used, voice
from pincite.models.ports import ChatModel, ChatPiece, ChatUsage, Message

_AGAIN: Final = (
    "What you answered could not be read. Answer with one complete JSON object and nothing else."
)
MOST_CHARACTERS: Final = 20_000
"""Of an answer; a model that goes on longer is stopped."""


async def asked_for(
    run: Run, chat: ChatModel, messages: Sequence[Message], schema: Mapping[str, Any]
) -> Said:
    """An empty object where the model said none, twice.

    Raises:
        MissingModel: no weights in the store.
        ModelUnavailable: the back end did not answer; safe to retry.
    """
    said = await _said(run, chat, messages, schema)
    if said.value:
        return said
    run.steps.append(f"{chat.name} did not answer with JSON, and was asked once more")
    *first, last = messages
    again = last.model_copy(update={"content": f"{last.content}\n{_AGAIN}"})
    return await _said(run, chat, [*first, again], schema)


async def _said(
    run: Run, chat: ChatModel, messages: Sequence[Message], schema: Mapping[str, Any]
) -> Said:
    text, usage = "", None
    generation = chat.stream(messages, max_tokens=run.answer_tokens, schema=schema)
    async with aclosing(generation) as items:
        async for item in items:
            if isinstance(item, ChatPiece):
                text += item.text
            elif isinstance(item, ChatUsage):
                usage = item
            if len(text) > MOST_CHARACTERS:
                break
    _count(run, chat, usage)
    return said_in(text)


def _count(run: Run, chat: ChatModel, usage: ChatUsage | None) -> None:
    version = run.instructions.version
    run.use = used(run, chat, usage, prompt_version=version, before=run.use)
    run.voice = voice(chat, run.use)
