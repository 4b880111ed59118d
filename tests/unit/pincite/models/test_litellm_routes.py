"""Fallbacks, retries, rate limits, cost: the real LiteLLM against servers on loopback."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pincite import config
from pincite.egress import Allowed
from pincite.errors import BadSettings, ModelUnavailable
from pincite.models.answering import answering
from pincite.models.litellm_chat import LiteLLMChatModel, litellm_library
from pincite.models.litellm_routes import Routes
from pincite.models.outgoing import LOG, CallLog, Outgoing
from pincite.models.ports import ChatPiece, ChatUsage, Message

pytestmark = [
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning"),
]
ASK = (Message(role="user", content="What is the capital of France?"),)
GONE = "http://127.0.0.1:9/v1"


class Server(ThreadingHTTPServer):
    """Says `said`; before that, each status of `first` once. `delay_s` is before the first byte."""

    daemon_threads = True

    def __init__(self, said: str, *first: int, delay_s: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.said, self.first, self.delay_s = said, list(first), delay_s
        self.breaks_off = False
        self.times: list[float] = []
        self.bodies: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        server.bodies.append(self.rfile.read(int(self.headers["content-length"])).decode())
        server.times.append(time.monotonic())
        time.sleep(server.delay_s)
        status = server.first.pop(0) if server.first else 200
        try:
            self.send_response(status)
            if status == 429:
                self.send_header("retry-after", "1")
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            self.wfile.write(self._body(status, server))
        except (BrokenPipeError, ConnectionResetError):
            return

    def _body(self, status: int, server: Server) -> bytes:
        if status != 200:
            return b'{"error": {"message": "not now"}}'
        lines = [_chunk({"content": server.said})]
        if not server.breaks_off:
            lines += [_chunk({}), "[DONE]"]
        return "".join(f"data: {line}\n\n" for line in lines).encode()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


def _chunk(delta: dict[str, str]) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}
    head: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "created": 0}
    return json.dumps({**head, "model": "m", "choices": [choice]})


@contextmanager
def running(server: Server) -> Generator[Server, None, None]:
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def second() -> Iterator[Server]:
    with running(Server("Paris.")) as server:
        yield server


@pytest.fixture
def log(tmp_path: Path) -> CallLog:
    return CallLog(tmp_path / LOG, most_bytes=1 << 20)


def chat(first: str, *others: str, log: CallLog | None = None, **more: Any) -> LiteLLMChatModel:
    fallbacks = tuple(
        config.Fallback(model=f"openai/other{n}", api_base=url) for n, url in enumerate(others)
    )
    settings = config.LiteLLMChat(model="openai/first", api_base=first, fallbacks=fallbacks, **more)
    return LiteLLMChatModel(settings, Outgoing(log))


async def asked(model: LiteLLMChatModel) -> tuple[str, ChatUsage]:
    items = [item async for item in model.stream(ASK, max_tokens=20)]
    usage = items[-1]
    assert isinstance(usage, ChatUsage)
    return "".join(item.text for item in items if isinstance(item, ChatPiece)), usage


async def test_the_second_answers_where_the_first_is_down(second: Server, log: CallLog) -> None:
    said, usage = await asked(chat(GONE, second.url, log=log))
    assert said == "Paris."
    assert (usage.model, usage.passed_over) == ("openai/other0", ("openai/first",))
    assert [(made.model, made.outcome) for made in log.read()] == [
        ("openai/first", "failed"),
        ("openai/other0", "answered"),
    ]


async def test_the_first_answers_where_it_can(second: Server) -> None:
    with running(Server("London.")) as first:
        said, usage = await asked(chat(first.url, second.url))
    assert said == "London."
    assert (usage.model, usage.passed_over, second.bodies) == ("openai/first", (), [])


async def test_one_that_is_too_slow_is_passed_over(second: Server) -> None:
    with running(Server("London.", delay_s=3)) as first:
        began = time.monotonic()
        said, usage = await asked(chat(first.url, second.url, timeout_s=0.5))
        assert time.monotonic() - began < 3
    assert said == "Paris."
    assert usage.passed_over == ("openai/first",)


async def test_one_that_is_busy_is_asked_again_after_the_time_that_it_names(log: CallLog) -> None:
    with running(Server("Paris.", 429)) as first:
        said, usage = await asked(chat(first.url, retries=1, log=log))
        assert said == "Paris."
        assert first.times[1] - first.times[0] >= 1
    assert usage.passed_over == ()
    assert [made.outcome for made in log.read()] == ["failed", "answered"]


async def test_one_that_is_busy_is_passed_over_where_there_is_another(second: Server) -> None:
    with running(Server("London.", *[429] * 9)) as first:
        said, _ = await asked(chat(first.url, second.url))
        assert (said, len(first.bodies)) == ("Paris.", 1)


async def test_where_none_answers_each_is_named(log: CallLog) -> None:
    with running(Server("", *[500] * 9)) as other:
        with pytest.raises(ModelUnavailable, match=r"first.*and.*other0.*did not answer"):
            await asked(chat(GONE, other.url, log=log))
        assert len(other.bodies) == 1
    assert [made.outcome for made in log.read()] == ["failed", "failed"]


async def test_an_answer_that_breaks_off_is_not_gone_on_with_by_another(second: Server) -> None:
    with running(Server("London is", *())) as first:
        first.breaks_off = True
        said: list[str] = []
        stream = chat(first.url, second.url).stream(ASK, max_tokens=20)
        async for item in stream:
            if isinstance(item, ChatPiece):
                said.append(item.text)
    assert "".join(said) == "London is"
    assert second.bodies == []


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The router counts by the minutes of the clock."""
    litellm_library()
    from litellm.router_utils.pre_call_checks import model_rate_limit_check

    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(model_rate_limit_check, "get_utc_datetime", lambda: noon)


@pytest.mark.usefixtures("one_minute")
async def test_no_more_requests_are_sent_in_a_minute_than_may_be(log: CallLog) -> None:
    with running(Server("Paris.")) as only:
        model = chat(only.url, rpm=2, log=log)
        for _ in range(2):
            assert (await asked(model))[0] == "Paris."
        with pytest.raises(ModelUnavailable, match="openai/first"):
            await asked(model)
        assert len(only.bodies) == 2


@pytest.mark.usefixtures("one_minute")
async def test_what_is_too_much_for_one_goes_to_the_next(second: Server) -> None:
    with running(Server("London.")) as first:
        model = chat(first.url, second.url, rpm=1)
        assert [(await asked(model))[0] for _ in range(2)] == ["London.", "Paris."]


async def test_a_fallback_that_may_not_be_asked_is_not(second: Server) -> None:
    settings = config.LiteLLMChat(
        model="openai/first",
        api_base="http://far.example.com/v1",
        fallbacks=(config.Fallback(model="openai/near", api_base=second.url),),
    )
    model = answering(LiteLLMChatModel(settings), None, Allowed())
    assert isinstance(model, LiteLLMChatModel)
    assert (model.name, model.endpoint) == ("openai/near", "127.0.0.1")
    said, usage = await asked(model)
    assert (said, usage.passed_over) == ("Paris.", ())
    nobody = settings.model_copy(update={"fallbacks": ()})
    assert answering(LiteLLMChatModel(nobody), None, Allowed()) is None


def test_narrowed_models_are_made_once() -> None:
    settings = config.LiteLLMChat(
        model="openai/a",
        api_base="http://far.example.com/v1",
        fallbacks=(config.Fallback(model="ollama_chat/b"),),
    )
    model = LiteLLMChatModel(settings)
    assert model.within(Allowed()) is model.within(Allowed())
    assert model.within(Allowed(hosts=frozenset({"far.example.com"}))) is model


def test_the_cost_is_that_of_the_price_list_that_ships() -> None:
    def told(model: str) -> float | None:
        made = Outgoing()
        with made.attempts("chat", sent_bytes=1) as attempts:
            attempts.made.append((model, "api.openai.com"))
            usage = ChatUsage(prompt_tokens=1_000, output_tokens=100, first_token_s=1, seconds=1)
            routes = Routes(config.LiteLLMChat(model=model))
            return routes.told(litellm_library(), usage, attempts).cost_usd

    assert told("openai/gpt-4o-mini") == pytest.approx(0.00021)
    assert told("openai/a-model-that-nobody-knows") is None


async def test_the_library_logs_nothing_that_was_said(
    second: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await asked(chat(GONE, second.url))
    assert "capital of France" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("LiteLLM")
    )


def test_fallbacks_are_json_in_the_environment(tmp_path: Path) -> None:
    environ = {
        "PINCITE_DATA_DIR": str(tmp_path),
        "PINCITE_CHAT__KIND": "litellm",
        "PINCITE_CHAT__MODEL": "openai/a",
        "PINCITE_CHAT__FALLBACKS": '[{"model": "openai/b", "api_base": "http://h:1/v1"}]',
    }
    settings = config.Settings.load(environ).chat
    assert isinstance(settings, config.LiteLLMChat)
    assert settings.fallbacks == (config.Fallback(model="openai/b", api_base="http://h:1/v1"),)
    with pytest.raises(BadSettings, match="PINCITE_CHAT__FALLBACKS"):
        config.Settings.load({**environ, "PINCITE_CHAT__FALLBACKS": "openai/b"})
