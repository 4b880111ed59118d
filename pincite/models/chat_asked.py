"""A chat model that is asked the same short thing of many items, such as pictures or passages."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Final

from pincite.answers import Voice
from pincite.config import JudgeReranker, LiteLLMCaptions, LiteLLMChat, LiteLLMPictureJudge
from pincite.errors import BadSettings
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
    *,
    shown: str,
    purpose: str,
    section: str,
) -> ChatModel:
    """Raises BadSettings where what is `shown` would leave this machine unasked."""
    from pincite.models.litellm_chat import LiteLLMChatModel

    chat = LiteLLMChatModel(
        LiteLLMChat(
            model=settings.model,
            api_base=settings.api_base,
            api_key=settings.api_key,
            timeout_s=settings.timeout_s,
        )
    )
    if chat.voice is Voice.REMOTE_MODEL and not settings.may_leave:
        raise BadSettings(
            f"{shown} would be sent to {chat.endpoint} {purpose}; if they may be, set "
            f"PINCITE_{section}__MAY_LEAVE=true, else PINCITE_{section}__KIND=none"
        )
    return chat
