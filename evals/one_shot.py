"""One-shot retrieval-augmented generation with the same model, beside which the agent is measured.

The passages that the product's own search puts first, whole, in one prompt; what the model says is
the answer. No query is tried again, no sentence is chosen, nothing is checked, and nothing is
refused but by the model itself, which is told how.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from typing import Final

from evals.asking import Said
from pincite.elements import Scope
from pincite.errors import ModelUnavailable
from pincite.evidence import Evidence
from pincite.models.ports import ChatModel, ChatPiece, ChatUsage, Message
from serving.bootstrap import Services

ONE_SHOT: Final = "one-shot RAG, same model"
PASSAGES: Final = 3
"""More text than the agent gives a local model to read."""
MOST_TOKENS: Final = 160
"""Of an answer."""
_MARGIN: Final = 64
_SYSTEM: Final = (
    "You answer questions about documents. Use the passages that you are given. Be brief. "
    "If the passages do not answer the question, reply: I do not know."
)
_UNKNOWN: Final = re.compile(
    r"\b(?:i|we) (?:do not|don't|cannot|can't|am not able to|could not) (?:know|find|answer|tell)\b"
    r"|\b(?:passages?|text|documents?|context|information|question|it|answer)\b[^.]{0,40}"
    r"\b(?:do|does|did|is|are|was|were|can|could)(?: not|n't|not)\b[^.]{0,20}"
    r"\b(?:mention|say|state|specif|provid|contain|answer|include|give|determin|indicat|available)"
    r"|\bno (?:information|mention|answer)\b",
    re.IGNORECASE,
)


async def one_shot(opened: Services, question: str, scope: Scope) -> Said:
    """Raises ModelUnavailable without a model, or where it does not answer."""
    chat = opened.chat
    if chat is None:
        raise ModelUnavailable("there is no language model; run: pincite models pull")
    search = opened.retriever.search
    found = await asyncio.to_thread(search, question, scope, keep=PASSAGES)
    pieces: list[str] = []
    usage: ChatUsage | None = None
    async with aclosing(chat.stream(prompt(chat, question, found), max_tokens=MOST_TOKENS)) as out:
        async for item in out:
            if isinstance(item, ChatPiece):
                pieces.append(item.text)
            elif isinstance(item, ChatUsage):
                usage = item
    text = "".join(pieces).strip()
    return Said(
        text="" if knows_nothing(text) else text,
        prompt_tokens=usage.prompt_tokens if usage else 0,
        output_tokens=usage.output_tokens if usage else 0,
    )


def prompt(chat: ChatModel, question: str, found: list[Evidence]) -> tuple[Message, Message]:
    """The passages in the order of the search, the last ones cut where the context is full."""
    left = chat.context - MOST_TOKENS - _MARGIN - chat.count_tokens(_SYSTEM + question)
    told: list[str] = []
    for item in found[:PASSAGES]:
        page = f", page {item.passage.page}" if item.passage.page is not None else ""
        text = _cut(f"{item.source.name}{page}:\n{item.passage.text}", left, chat)
        left -= chat.count_tokens(text)
        told.append(text)
    passages = "\n\n".join(filter(None, told))
    return (
        Message(role="system", content=_SYSTEM),
        Message(role="user", content=f"{passages}\n\nQuestion: {question}\nAnswer:"),
    )


def knows_nothing(text: str) -> bool:
    """Whether the first sentence says that there is no answer, or nothing is said."""
    first = re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]
    return not first or bool(_UNKNOWN.search(first))


def _cut(text: str, tokens: int, chat: ChatModel) -> str:
    words = text.split(" ")
    while words and chat.count_tokens(" ".join(words)) > max(tokens, 0):
        words = words[: len(words) * 3 // 4]
    return " ".join(words)
