"""A GGUF model in this process, through llama.cpp's own server code (`xllamacpp`)."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Final

from pincite import config
from pincite.answers import Voice
from pincite.errors import BadSettings, ModelUnavailable
from pincite.models.llamacpp_engine import Chunk, Engine, Files
from pincite.models.picture_parts import vision_of, wired
from pincite.models.ports import ChatItem, ChatPiece, ChatUsage, Message, Tool, Vision
from pincite.models.store import ModelStore, file_sha256
from pincite.models.tokens import estimate_tokens

GUESSED_SPEED: Final = 40.0
"""Prompt tokens a second on two cores, before anything was measured."""
SMALL_BELOW: Final = 4e9
"""Parameters; prose of a smaller model is labelled as such."""
BYTES_PER_PARAMETER: Final = 0.6
"""Of four- to five-bit weights, the usual size for a laptop; used where the name tells nothing."""
MEASURABLE: Final = 48
"""Tokens; shorter stretches say little about the reading speed."""
SEED: Final = 7
HEAD_START_S: Final = 0.05
"""Loading holds Python's global lock for seconds: what was found so far gets out before that."""
SPEED_SAMPLE: Final = "The quick brown fox jumps over the lazy dog near the river bank. " * 8


class LlamaCppChatModel:
    """One model, one conversation at a time; the last prompt's common prefix is not read again."""

    def __init__(self, settings: config.LlamaCppChat, store: ModelStore) -> None:
        self._settings = settings
        self._store = store
        self._engine: Engine | None = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="llamacpp")
        self._speed: float | None = None

    @property
    def name(self) -> str:
        return self._settings.model

    @property
    def sha256(self) -> str:
        own = self._settings.file
        return _digest(own) if own else self._store.sha256(self._settings.model)

    @property
    def voice(self) -> Voice:
        return Voice.SMALL_LOCAL_MODEL if self._parameters() < SMALL_BELOW else Voice.LOCAL_MODEL

    @property
    def endpoint(self) -> str:
        return "local"

    @property
    def tokens_per_second(self) -> float:
        return self._speed or GUESSED_SPEED

    @property
    def context(self) -> int:
        return self._settings.context

    @property
    def vision(self) -> Vision | None:
        return vision_of(self._settings) if self._settings.mmproj else None

    @property
    def calls_tools(self) -> bool:
        return False

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 400,
        stop: Sequence[str] = (),
        schema: Mapping[str, object] | None = None,
        tools: Sequence[Tool] = (),
    ) -> AsyncGenerator[ChatItem, None]:
        del tools
        request = _request(messages, max_tokens, stop)
        if schema is not None:
            request["json_schema"] = dict(schema)
        run = _Run(asyncio.get_running_loop(), request)
        if self._engine is None:
            await asyncio.sleep(HEAD_START_S)
        done = run.loop.run_in_executor(self._worker, self._generate, run)
        try:
            while (item := await run.queue.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                if isinstance(item, ChatUsage):
                    self._measure(*run.reading)
                yield item
        finally:
            run.cancelled.set()
            await asyncio.wait({done})

    def count_tokens(self, text: str) -> int:
        return estimate_tokens(text)

    async def warm_up(self) -> None:
        """Load the weights and read a short text, which tells the speed of this machine."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._worker, self._loaded)
        if self._speed is None:
            sample = Message(role="user", content=SPEED_SAMPLE)
            async for _ in self.stream([sample], max_tokens=1):
                pass

    def _loaded(self) -> Engine:
        """On the worker thread only."""
        if self._engine is None:
            self._engine = Engine(self._files(), self._settings.context, self._settings.threads)
        return self._engine

    def _files(self) -> Files:
        """Raises BadSettings where a file of the user's is not there, and as the store does."""
        settings = self._settings
        model = settings.file or self._store.main_file(settings.model)
        eyes = Path(settings.mmproj).expanduser() if settings.mmproj else None
        for own in filter(None, (settings.file, eyes)):
            if not own.is_file():
                raise BadSettings(f"there is no file {own}; see PINCITE_CHAT__MODEL and __MMPROJ")
        return Files(model, eyes)

    def _generate(self, run: _Run) -> None:
        """On the worker thread: what goes wrong here travels to the reader of the stream."""
        try:
            if not run.cancelled.is_set():
                self._loaded().complete(run.request, run.on_chunk)
            run.finish()
        except Exception as exc:  # noqa: BLE001 - the edge of a thread
            run.put(exc)
        run.put(None)

    def _measure(self, tokens: int, seconds: float) -> None:
        if tokens >= MEASURABLE and seconds > 0:
            seen = tokens / seconds
            self._speed = seen if self._speed is None else 0.5 * (self._speed + seen)

    def _parameters(self) -> float:
        found = re.search(r"(\d+(?:\.\d+)?)([bm])(?![a-z])", self._settings.model.casefold())
        if found:
            return float(found.group(1)) * (1e9 if found.group(2) == "b" else 1e6)
        own = self._settings.file
        if own is not None:
            return own.stat().st_size / BYTES_PER_PARAMETER if own.is_file() else 0.0
        model = self._store.manifest.model(self._settings.model)
        return sum(file.size for file in model.files) / BYTES_PER_PARAMETER


@cache
def _digest(path: Path) -> str:
    return file_sha256(path) if path.is_file() else ""


class _Run:
    """One generation, on its way from the worker thread to the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, request: dict[str, Any]) -> None:
        self.loop = loop
        self.request = request
        self.queue: asyncio.Queue[ChatPiece | ChatUsage | Exception | None] = asyncio.Queue()
        self.cancelled = threading.Event()
        self._began = time.perf_counter()
        self._first: float | None = None
        self._reason = "end"
        self._last: Chunk = {}
        self._error: Exception | None = None

    def put(self, item: ChatPiece | ChatUsage | Exception | None) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.queue.put_nowait, item)

    def on_chunk(self, chunk: Chunk) -> bool:
        """Whether to stop. The engine swallows exceptions, so they are kept for `finish`."""
        try:
            self._take(chunk)
        except (KeyError, IndexError, TypeError, ValueError) as exc:
            self._error = ModelUnavailable(f"llama.cpp sent something unexpected: {exc!r}")
            return True
        return self.cancelled.is_set()

    def _take(self, chunk: Chunk) -> None:
        if "error" in chunk:
            raise ValueError(chunk["error"].get("message", "unknown error"))
        if "usage" in chunk:
            self._last = chunk
        for choice in chunk["choices"]:
            if choice.get("finish_reason") == "length":
                self._reason = "length"
            text = choice["delta"].get("content")
            if text:
                self._first = self._first or time.perf_counter()
                self.put(ChatPiece(text=text))

    def finish(self) -> None:
        if self._error:
            raise self._error
        self.put(self._counted())

    @property
    def reading(self) -> tuple[int, float]:
        """Prompt tokens that had to be computed, and the seconds that took."""
        timings: Chunk = self._last.get("timings", {})
        return timings.get("prompt_n", 0), timings.get("prompt_ms", 0) / 1_000

    def _counted(self) -> ChatUsage:
        now = time.perf_counter()
        usage: Chunk = self._last.get("usage", {})
        details: Chunk = usage.get("prompt_tokens_details", {})
        return ChatUsage.model_validate(
            {
                "prompt_tokens": usage.get("prompt_tokens", 0),
                "cached_tokens": details.get("cached_tokens", 0),
                "output_tokens": usage.get("completion_tokens", 0),
                "first_token_s": (self._first or now) - self._began,
                "seconds": now - self._began,
                "stopped_by": self._reason if self._last else "cancelled",
            }
        )


def _request(messages: Sequence[Message], max_tokens: int, stop: Sequence[str]) -> dict[str, Any]:
    return {
        "messages": [wired(message, inert) for message in messages],
        "max_tokens": max_tokens,
        "stop": list(stop),
        "temperature": 0,
        "top_k": 1,
        "seed": SEED,
        "cache_prompt": True,
        "stream": True,
        "stream_options": {"include_usage": True},
        "return_progress": True,
    }


_CONTROL = re.compile(r"<(?=\||/?s>|/?\w+_of_\w+>|(?:begin|end)\b|｜)|\[(?=/?INST\])")


def inert(text: str) -> str:
    """Break up control tokens, or `<|im_start|>` in a document would begin a new turn."""
    return _CONTROL.sub(lambda mark: mark.group() + " ", text)
