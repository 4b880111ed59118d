"""Deterministic chat models: one that copies evidence, one that says what it was told to say."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping, Sequence

from pincite.answers import Voice
from pincite.models.ports import (
    ChatItem,
    ChatPiece,
    ChatUsage,
    Message,
    Tool,
    ToolCall,
    Vision,
)
from pincite.models.tokens import estimate_tokens

_EVIDENCE = re.compile(r"^\[(\d+)\][^«\n]*«(.*)»\s*$", re.MULTILINE)
_QUESTION = re.compile(r"^QUESTION:(.*)$", re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?]+(?!\s|$)[^.!?]*)*[.!?]*")
_WORD = re.compile(r"\w+")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by did do does for from had has have how in is it its many much of "
        "on or that the their they this to was were what when where which who whom why will with",
    )
)
NOT_FOUND = "NOT FOUND"


Reply = str | Exception | Sequence[ToolCall]


class ScriptedChatModel:
    """Gives the replies it was built with, one per call; an exception is raised in its turn.

    `heard` holds the messages of every call, `offered` the tools. The last reply is repeated.
    """

    def __init__(
        self,
        replies: Sequence[Reply],
        *,
        name: str = "scripted",
        tokens_per_second: float = 1_000.0,
        vision: Vision | None = None,
        calls_tools: bool = False,
    ) -> None:
        self._replies = list(replies)
        self._name = name
        self._speed = tokens_per_second
        self._vision = vision
        self._calls_tools = calls_tools
        self.heard: list[tuple[Message, ...]] = []
        self.offered: list[tuple[str, ...]] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def sha256(self) -> str:
        return ""

    @property
    def voice(self) -> Voice:
        return Voice.FAKE

    @property
    def endpoint(self) -> str:
        return "local"

    @property
    def tokens_per_second(self) -> float:
        return self._speed

    @property
    def context(self) -> int:
        return 8_192

    @property
    def vision(self) -> Vision | None:
        return self._vision

    @property
    def calls_tools(self) -> bool:
        return self._calls_tools

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 400,
        stop: Sequence[str] = (),
        schema: Mapping[str, object] | None = None,
        tools: Sequence[Tool] = (),
    ) -> AsyncGenerator[ChatItem, None]:
        del schema
        self.heard.append(tuple(messages))
        self.offered.append(tuple(tool.name for tool in tools))
        reply = self.reply(messages)
        if isinstance(reply, Exception):
            raise reply
        said = reply if isinstance(reply, str) else ""
        pieces = re.findall(r"\s*\S+", _until(said, stop))
        for piece in pieces[:max_tokens]:
            yield ChatPiece(text=piece)
        if not isinstance(reply, str):
            for call in reply:
                yield call
        yield ChatUsage(
            prompt_tokens=sum(self.count_tokens(message.content) for message in messages),
            output_tokens=min(len(pieces), max_tokens),
            first_token_s=0,
            seconds=0,
            stopped_by="length" if len(pieces) > max_tokens else "end",
        )

    def reply(self, messages: Sequence[Message]) -> Reply:
        del messages
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    def count_tokens(self, text: str) -> int:
        return estimate_tokens(text)

    async def warm_up(self) -> None:
        return


class FakeChatModel(ScriptedChatModel):
    """Answers Pincite's own prompt with the evidence sentences that share most words with it."""

    def __init__(self, *, sentences: int = 2) -> None:
        super().__init__([NOT_FOUND], name="fake")
        self._sentences = sentences

    def reply(self, messages: Sequence[Message]) -> str:
        prompt = messages[-1].content if messages else ""
        asked = _QUESTION.search(prompt)
        wanted = _words(asked.group(1) if asked else prompt)
        best = _best(_EVIDENCE.findall(prompt), wanted)
        if not best:
            return NOT_FOUND
        keep = [item for item in best if item[0] == best[0][0]][: self._sentences]
        return " ".join(f"{text.rstrip('.!? ')} [{number}]." for _, number, text in keep)


def _best(evidence: list[tuple[str, str]], wanted: frozenset[str]) -> list[tuple[int, str, str]]:
    """(shared words, number, sentence) of sentences with a third of the words, best first."""
    found = [
        (len(wanted & _words(sentence)), number, sentence.strip())
        for number, text in evidence
        for sentence in _SENTENCE.findall(text)
        if sentence.strip()
    ]
    enough = [item for item in found if item[0] and item[0] * 3 >= len(wanted)]
    return sorted(enough, key=lambda item: -item[0])


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text)) - _COMMON


def _until(text: str, stop: Sequence[str]) -> str:
    cuts = [text.find(mark) for mark in stop if mark in text]
    return text[: min(cuts)] if cuts else text
