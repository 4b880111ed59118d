"""Any model that LiteLLM reaches; no other module imports it.

The import stands inside a function: it takes 8 to 10 s and would fetch a price list by network.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
import warnings
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, aclosing
from functools import cache
from typing import Any, Final, Literal, Protocol, cast

from pincite import config
from pincite.answers import Voice
from pincite.egress import Allowed
from pincite.errors import ModelUnavailable
from pincite.models.litellm_routes import Routes
from pincite.models.outgoing import HERE_ONLY, Attempts, Outgoing, Purpose, size_of
from pincite.models.picture_parts import vision_of, wired
from pincite.models.ports import ChatItem, ChatPiece, ChatUsage, Message, Tool, ToolCall, Vision
from pincite.models.tokens import estimate_tokens
from pincite.models.tool_parts import CallParts, offered
from pincite.models.voices import voice_of

GUESSED_SPEED: Final = 300.0
"""Prompt tokens a second before anything was measured."""
MEASURABLE: Final = 64
SEED: Final = 7


class LiteLLMChatModel:
    def __init__(
        self,
        settings: config.LiteLLMChat,
        outgoing: Outgoing = HERE_ONLY,
        *,
        purpose: Purpose = "chat",
        routes: Routes | None = None,
    ) -> None:
        """`purpose` is what calls are written down as; those with pictures of a chat as vision."""
        self._settings = settings
        self._outgoing = outgoing
        self._purpose: Purpose = purpose
        self._routes = routes or Routes(settings)
        self._within: dict[tuple[int, ...], LiteLLMChatModel] = {}
        self._speed: float | None = None

    def within(self, allowed: Allowed) -> LiteLLMChatModel | None:
        """What is left of it where only some of its endpoints may be asked; None for nothing."""
        places = self._routes.permitted(allowed)
        if places in {(), self._routes.places}:
            return self if places else None
        if places not in self._within:
            self._within[places] = LiteLLMChatModel(
                self._settings,
                self._outgoing,
                purpose=self._purpose,
                routes=self._routes.only(places),
            )
        return self._within[places]

    @property
    def name(self) -> str:
        return self._routes.first.model

    @property
    def sha256(self) -> str:
        return ""

    @property
    def endpoint(self) -> str:
        return self._routes.first.endpoint

    @property
    def voice(self) -> Voice:
        return voice_of(self.name, self.endpoint)

    @property
    def tokens_per_second(self) -> float:
        return self._speed or GUESSED_SPEED

    @property
    def context(self) -> int:
        return self._settings.context

    @property
    def vision(self) -> Vision | None:
        return vision_of(self._settings) if self._settings.vision else None

    @property
    def calls_tools(self) -> bool:
        return self._settings.tools

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 400,
        stop: Sequence[str] = (),
        schema: Mapping[str, object] | None = None,
        tools: Sequence[Tool] = (),
    ) -> AsyncGenerator[ChatItem, None]:
        library = await asyncio.to_thread(litellm_library)
        began = time.perf_counter()
        seen = _Seen()
        request = self._request(messages, max_tokens, stop)
        if schema is not None:
            request["response_format"] = _as_json(schema)
        if tools and self.calls_tools:
            request["tools"] = [offered(tool) for tool in tools]
            # Else the library loads its own gateway to MCP servers, which needs a package.
            request["_skip_mcp_handler"] = True
        with self._attempts(messages, request) as sent:
            try:
                chunks = await self._routes.send(library, request, sent)
                async with aclosing(chunks):
                    async for chunk in chunks:
                        if text := seen.take(chunk):
                            yield ChatPiece(text=text)
            except library.failures as exc:
                raise ModelUnavailable(self._sentence(exc, sent)) from exc
            usage = seen.usage(messages, time.perf_counter() - began, began)
            usage = self._routes.told(library, usage, sent)
        for call in seen.calls:
            yield call
        self._measure(usage)
        yield usage

    def count_tokens(self, text: str) -> int:
        return estimate_tokens(text)

    async def warm_up(self) -> None:
        """Import the library; nothing is sent."""
        await asyncio.to_thread(litellm_library)

    def _attempts(
        self, messages: Sequence[Message], request: Mapping[str, Any]
    ) -> AbstractContextManager[Attempts]:
        pictures = any(message.pictures for message in messages)
        purpose = "vision" if pictures and self._purpose == "chat" else self._purpose
        size = size_of([request["messages"], request.get("tools", [])])
        return self._outgoing.attempts(purpose, sent_bytes=size)

    def _request(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str]
    ) -> dict[str, Any]:
        request: dict[str, Any] = {
            "messages": [wired(message) for message in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
            "seed": SEED,
            "stream": True,
            "stream_options": {"include_usage": True},
            "timeout": self._settings.timeout_s,
            "num_retries": 0,
            "drop_params": True,
        }
        if stop:
            request["stop"] = list(stop)
        return request

    def _sentence(self, exc: Exception, sent: Attempts) -> str:
        """Names the end that failed and the kind of failure; provider texts may quote the key."""
        inner = getattr(exc, "original_exception", None) or exc
        kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(inner).__name__).casefold()
        asked = dict.fromkeys(sent.made) or {(self.name, self.endpoint): None}
        names = " and ".join(f"{model!r} at {endpoint}" for model, endpoint in asked)
        models = "models" if len(asked) > 1 else "model"
        return (
            f"the {models} {names} did not answer ({kind}); "
            "see that it runs, or switch with: pincite connect"
        )

    def _measure(self, usage: ChatUsage) -> None:
        read = usage.prompt_tokens - usage.cached_tokens
        if read >= MEASURABLE and usage.first_token_s > 0:
            seen = read / usage.first_token_s
            self._speed = seen if self._speed is None else 0.5 * (self._speed + seen)


def _as_json(schema: Mapping[str, object]) -> dict[str, Any]:
    """As an OpenAI-style endpoint wants it; LiteLLM drops it where a provider has none."""
    shape = {"name": "answer", "schema": dict(schema), "strict": True}
    return {"type": "json_schema", "json_schema": shape}


class _Seen:
    """What the chunks of one stream said beside their text."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._pieces: list[str] = []
        self._counts: Any = None
        self._stopped: Literal["end", "length"] = "end"
        self._calls = CallParts()

    @property
    def calls(self) -> list[ToolCall]:
        """Whole only at the end of the stream."""
        return self._calls.whole()

    def take(self, chunk: Any) -> str:
        self._counts = getattr(chunk, "usage", None) or self._counts
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        if choice.finish_reason == "length":
            self._stopped = "length"
        for part in getattr(choice.delta, "tool_calls", None) or ():
            self._first = self._first or time.perf_counter()
            self._calls.take(part)
        text: str = choice.delta.content or ""
        if text:
            self._first = self._first or time.perf_counter()
            self._pieces.append(text)
        return text

    def usage(self, messages: Sequence[Message], seconds: float, began: float) -> ChatUsage:
        """As the server counted, or estimated where it does not count."""
        sent = sum(estimate_tokens(message.content) for message in messages)
        got = estimate_tokens("".join((*self._pieces, *(call.arguments for call in self.calls))))
        details = getattr(self._counts, "prompt_tokens_details", None)
        return ChatUsage(
            prompt_tokens=getattr(self._counts, "prompt_tokens", 0) or sent,
            cached_tokens=getattr(details, "cached_tokens", 0) or 0,
            output_tokens=getattr(self._counts, "completion_tokens", 0) or got,
            first_token_s=self._first - began if self._first else seconds,
            seconds=seconds,
            stopped_by=self._stopped,
        )


class _Library(Protocol):
    """The part of LiteLLM that is used."""

    acompletion: Callable[..., Any]
    embedding: Callable[..., Any]
    Router: Callable[..., Any]
    callbacks: list[Any]
    cost_per_token: Callable[..., tuple[float, float]]
    failures: tuple[type[Exception], ...]


@cache
def litellm_library() -> _Library:
    """Import LiteLLM without price list, telemetry and prints; seconds at the first call."""
    # The library reads these at import and takes them from nowhere else.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # noqa: TID251
    warnings.filterwarnings("ignore", "Item '.*' on TypedDict", UserWarning)
    import litellm

    silent = cast("Any", litellm)
    silent.telemetry = False
    silent.suppress_debug_info = True
    silent.set_verbose = False
    silent.failures = (*_failures(silent), TimeoutError, ConnectionError)
    return silent


def _failures(library: Any) -> tuple[type[Exception], ...]:
    import httpx
    import openai

    busy = library.types.router.RouterRateLimitErrorBasic, library.types.router.RouterRateLimitError
    return (openai.OpenAIError, httpx.HTTPError, library.exceptions.APIError, *busy)
