"""Whatever a model elsewhere does, the question ends in time, in an answer or a clear refusal."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from agent.state import TURNS_KEPT
from pincite.answers import Answer, Answered, Voice
from pincite.config import Agent, Fallback, LiteLLMChat
from pincite.elements import Scope
from pincite.events import Finished
from serving.bootstrap import Services, services
from tests.integration.serving.library import make_files, settings

pytestmark = pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict:UserWarning")
QUESTION = "When did the harbour of Lindwick open?"
ALL = Scope(collections=frozenset())
SECONDS = 12.0
NOBODY = "http://127.0.0.1:9/v1"


class OddServer(ThreadingHTTPServer):
    """Behaves as `mood` says."""

    daemon_threads = True
    mood = "empty"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, OddServer)
        self.rfile.read(int(self.headers["content-length"]))
        try:
            getattr(self, f"_{server.mood}")(server)
        except (BrokenPipeError, ConnectionResetError):
            return

    def _begin(self, status: int = 200, kind: str = "text/event-stream") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.end_headers()

    def _say(self, text: str) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
        head: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "created": 0}
        told = json.dumps({**head, "model": "m", "choices": [choice]})
        self.wfile.write(f"data: {told}\n\n".encode())
        self.wfile.flush()

    def _empty(self, _: OddServer) -> None:
        self._begin()
        self.wfile.write(b"data: [DONE]\n\n")

    def _garbage(self, _: OddServer) -> None:
        self._begin()
        self.wfile.write(b"\x00\xff<html>502</html>\n\ndata: \xfe\xfe\n\n")

    def _broken(self, _: OddServer) -> None:
        self._begin()
        self.wfile.write(b'data: {"id": "1", "choices": [{"delta": {"cont\n\n')

    def _refuses(self, _: OddServer) -> None:
        self._begin()
        self._say("I'm sorry, but I cannot help with that.")
        self.wfile.write(b"data: [DONE]\n\n")

    def _nonsense(self, _: OddServer) -> None:
        self._begin()
        self._say("\ufffd\u202e [99] ]]]] {}{}{} \x00 zzz [1")
        self.wfile.write(b"data: [DONE]\n\n")

    def _overflow(self, _: OddServer) -> None:
        self._begin(400, "application/json")
        told = {"message": "maximum context length is 16", "code": "context_length_exceeded"}
        self.wfile.write(json.dumps({"error": told}).encode())

    def _fails(self, _: OddServer) -> None:
        self._begin(500, "application/json")
        self.wfile.write(b'{"error": {"message": "no"}}')

    def _slow(self, server: OddServer) -> None:
        server.ended.wait(30)

    def _endless(self, server: OddServer) -> None:
        self._begin()
        number = 0
        while not server.ended.is_set():
            number += 1
            self._say(f"word{number} ")
            time.sleep(0.005)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


@pytest.fixture(scope="module")
def odd() -> Iterator[OddServer]:
    with OddServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()


@pytest.fixture
async def opened(tmp_path: Path, odd: OddServer) -> AsyncGenerator[Services, None]:
    chat = LiteLLMChat(model="openai/odd", api_base=odd.url, timeout_s=2)
    wanted = settings(tmp_path / "library").model_copy(
        update={"chat": chat, "agent": Agent(seconds=SECONDS, recall=False)}
    )
    async with services(wanted) as parts:
        async for _ in parts.service.ingest(
            [make_files(tmp_path / "files")], collection="default", readers=frozenset({"local"})
        ):
            pass
        await parts.assistant.warm_up()
        yield parts


async def _answer(parts: Services, **more: Any) -> Answer:
    events = [event async for event in parts.service.ask(QUESTION, ALL, **more)]
    last = events[-1]
    assert isinstance(last, Finished), last
    return last.answer


async def test_no_mood_of_a_model_breaks_an_answer(opened: Services, odd: OddServer) -> None:
    moods = "empty garbage broken refuses nonsense overflow fails slow endless"
    for mood in moods.split():
        odd.mood = mood
        began = time.monotonic()
        answer = await _answer(opened)
        assert time.monotonic() - began < SECONDS + 8, mood
        if mood in {"garbage", "broken", "overflow", "fails", "slow"} and answer.notice:
            assert isinstance(answer, Answered), mood
            assert answer.voice is Voice.QUOTES, mood
            assert "did not answer" in answer.notice, mood
        if mood in {"overflow", "fails", "slow"}:
            assert answer.notice, mood
        if isinstance(answer, Answered):
            assert "1872" in answer.text, mood
        assert answer.quotes, mood


async def test_where_every_fallback_is_down_quotes_answer_and_all_are_named(
    tmp_path: Path,
) -> None:
    others = (Fallback(model="openai/other", api_base=NOBODY),)
    chat = LiteLLMChat(model="openai/first", api_base=NOBODY, fallbacks=others, timeout_s=2)
    wanted = settings(tmp_path / "library").model_copy(update={"chat": chat})
    async with services(wanted) as parts:
        async for _ in parts.service.ingest(
            [make_files(tmp_path / "files")], collection="default", readers=frozenset({"local"})
        ):
            pass
        answer = await _answer(parts)
    assert isinstance(answer, Answered)
    assert answer.voice is Voice.QUOTES
    assert "did not answer" in answer.notice


async def test_a_conversation_of_200_turns_stays_small(tmp_path: Path) -> None:
    wanted = settings(tmp_path / "library", chat=False)
    async with services(wanted) as parts:
        async for _ in parts.service.ingest(
            [make_files(tmp_path / "files")], collection="default", readers=frozenset({"local"})
        ):
            pass
        slowest = 0.0
        for _ in range(200):
            began = time.process_time()
            assert isinstance(await _answer(parts, conversation="long"), Answered)
            slowest = max(slowest, time.process_time() - began)
        graph, config = await parts.assistant._graph(ALL, "long")
        turns = (await graph.aget_state(config)).values["turns"]
    assert len(turns) == TURNS_KEPT
    assert max(len(turn["understood"]) for turn in turns) < 500
    assert slowest < 20
