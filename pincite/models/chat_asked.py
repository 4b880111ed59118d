"""A chat model that is asked the same short thing of many items, such as pictures or passages."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Final

from pincite import config
from pincite.config import JudgeReranker, LiteLLMCaptions, LiteLLMPictureJudge
from pincite.models.outgoing import Outgoing, Purpose
from pincite.models.ports import ChatModel, ChatPiece, Message

_AT_ONCE: Final = 4


def answers(chat: ChatModel, asked: Sequence[Message], *, max_tokens: int) -> list[str]:
    """What the model says to each, a few at a time.

    Not for use inside an event loop: it runs one of its own. Raises as `ChatModel.stream` does.
    """
    return asyncio.run(_answers(chat, asked, max_tokens))


async def _answers(chat: ChatModel, asked: Sequence[Message], max_tokens: int) -> list[str]:
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(message: Message) -> str:
        async with turn:
            pieces = chat.stream([message], max_tokens=max_tokens)
            return "".join([each.text async for each in pieces if isinstance(each, ChatPiece)])

    return await asyncio.gather(*map(one, asked))


def identity(chat: ChatModel, prompt: str) -> str:
    """Changes with the model and with what it is asked."""
    digest = hashlib.sha256(prompt.encode()).hexdigest()[:8]
    return f"{chat.name}@{chat.endpoint}/{digest}"


def chat_of(
    settings: LiteLLMCaptions | LiteLLMPictureJudge | JudgeReranker,
    outgoing: Outgoing,
    purpose: Purpose,
) -> ChatModel:
    """Sends nothing of a collection that is kept on this machine: raises Withheld instead."""
    from pincite.models.litellm_chat import LiteLLMChatModel

    chat = config.LiteLLMChat(
        model=settings.model,
        api_base=settings.api_base,
        api_key=settings.api_key,
        timeout_s=settings.timeout_s,
    )
    return LiteLLMChatModel(chat, outgoing, purpose=purpose)
