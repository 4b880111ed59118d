"""One suite for every chat model: the fake, llama.cpp in process, LiteLLM over real HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pincite import config
from pincite.answers import Voice
from pincite.errors import BadSettings, MissingModel, ModelUnavailable
from pincite.models.fakes import FakeChatModel, ScriptedChatModel
from pincite.models.litellm_chat import LiteLLMChatModel
from pincite.models.llamacpp_chat import LlamaCppChatModel, inert
from pincite.models.ports import ChatModel, ChatPiece, ChatUsage, Message
from pincite.models.store import ModelStore

# LiteLLM uses its own pydantic models in ways that pydantic warns of.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Accessing the 'model_:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict:UserWarning"),
]

PROMPT = (
    Message(role="system", content="You answer in one short sentence."),
    Message(
        role="user",
        content="EVIDENCE\n[1] a.txt: «The capital of France is Paris.»\nEND OF EVIDENCE\n\n"
        "QUESTION: What is the capital of France?",
    ),
)
TINY = config.LlamaCppChat(model="smollm2-135m-instruct", context=2048)


class StubServer(ThreadingHTTPServer):
    """Speaks the streaming part of the OpenAI protocol on loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.daemon_threads = True
        self.requests: list[dict[str, Any]] = []
        self.status = 200
        self.gone = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: StubServer  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(body)
        self.send_response(self.server.status)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        if self.server.status != 200:
            self.wfile.write(b'{"error": {"message": "key sk-secret is bad"}}')
            return
        try:
            self._answer(body)
        except (BrokenPipeError, ConnectionResetError):
            self.server.gone.set()

    def _answer(self, body: dict[str, Any]) -> None:
        endless = "forever" in body["messages"][-1]["content"]
        words = ["Paris", " is", " the", " capital", "."] * (10_000 if endless else 1)
        for word in words[: body["max_tokens"]]:
            self._send({"choices": [{"index": 0, "delta": {"content": word}}]})
            if endless:
                time.sleep(0.01)
        reason = "length" if len(words) > body["max_tokens"] else "stop"
        self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        self._send(
            {
                "choices": [],
                "usage": {"prompt_tokens": 70, "completion_tokens": 5, "total_tokens": 75},
            }
        )
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, event: dict[str, Any]) -> None:
        event = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", **event}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


@pytest.fixture(scope="module")
def stub() -> Iterator[StubServer]:
    server = StubServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def through_litellm(stub: StubServer) -> LiteLLMChatModel:
    return LiteLLMChatModel(config.LiteLLMChat(model="openai/stub", api_base=stub.url))


@pytest.fixture(scope="module")
def tiny() -> LlamaCppChatModel:
    return LlamaCppChatModel(TINY, ModelStore(config.Settings.load().models))


@pytest.fixture(
    params=["fake", "litellm", pytest.param("llamacpp", marks=pytest.mark.real)],
)
def model(request: pytest.FixtureRequest) -> ChatModel:
    build: dict[str, Callable[[], ChatModel]] = {
        "fake": FakeChatModel,
        "litellm": lambda: through_litellm(request.getfixturevalue("stub")),
        "llamacpp": lambda: request.getfixturevalue("tiny"),
    }
    return build[request.param]()


async def say(model: ChatModel, *messages: Message, **options: Any) -> tuple[str, list[ChatUsage]]:
    items = [item async for item in model.stream(messages or PROMPT, **options)]
    text = "".join(item.text for item in items if isinstance(item, ChatPiece))
    assert isinstance(items[-1], ChatUsage)
    return text, [item for item in items if isinstance(item, ChatUsage)]


async def test_pieces_come_before_exactly_one_usage(model: ChatModel) -> None:
    text, usages = await say(model, max_tokens=30)
    assert "Paris" in text
    [usage] = usages
    assert usage.prompt_tokens > 10
    assert usage.output_tokens > 0
    assert 0 <= usage.first_token_s <= usage.seconds


async def test_the_same_messages_give_the_same_text(model: ChatModel) -> None:
    assert (await say(model, max_tokens=20))[0] == (await say(model, max_tokens=20))[0]


async def test_a_text_that_is_cut_says_so(model: ChatModel) -> None:
    _, [usage] = await say(model, max_tokens=2)
    assert usage.stopped_by == "length"


async def test_two_streams_at_once_do_not_mix(model: ChatModel) -> None:
    alone, _ = await say(model, max_tokens=12)
    both = await asyncio.gather(say(model, max_tokens=12), say(model, max_tokens=12))
    assert [text for text, _ in both] == [alone, alone]


async def test_closing_early_frees_the_model(model: ChatModel) -> None:
    stream = model.stream((Message(role="user", content="Count forever: 1 2 3"),), max_tokens=1500)
    async for _ in stream:
        break
    await stream.aclose()
    async with asyncio.timeout(20):
        text, _ = await say(model, max_tokens=12)
    assert text


async def test_the_loop_runs_on_while_the_model_writes(model: ChatModel) -> None:
    await model.warm_up()
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    task = asyncio.create_task(beat())
    await say(model, Message(role="user", content="Tell me about rivers. " * 40), max_tokens=30)
    await asyncio.sleep(0.02)
    task.cancel()
    assert beats > 1


async def test_tokens_are_counted_or_overestimated(model: ChatModel) -> None:
    text = "In 2023 the total was 1,234,567.89 EUR (up 4.5 %), see § 12 of the agreement. " * 6
    _, [usage] = await say(model, Message(role="user", content=text), max_tokens=1)
    assert model.count_tokens(text) * 1.1 + 30 >= usage.prompt_tokens


async def test_the_speed_is_positive(model: ChatModel) -> None:
    assert model.tokens_per_second > 0


# --- llama.cpp -----------------------------------------------------------------------------------


@pytest.mark.real
async def test_a_common_prefix_is_not_read_again(tiny: LlamaCppChatModel) -> None:
    long = Message(role="system", content="Rules that stay the same for every question. " * 20)
    await say(tiny, long, Message(role="user", content="One?"), max_tokens=2)
    _, [usage] = await say(tiny, long, Message(role="user", content="Two?"), max_tokens=2)
    assert usage.cached_tokens > 0.8 * usage.prompt_tokens


@pytest.mark.real
async def test_warming_up_measures_the_speed() -> None:
    model = LlamaCppChatModel(TINY, ModelStore(config.Settings.load().models))
    guess = model.tokens_per_second
    await model.warm_up()
    assert model.tokens_per_second != guess


@pytest.mark.real
async def test_a_prompt_beyond_the_context_is_one_sentence(tiny: LlamaCppChatModel) -> None:
    with pytest.raises(ModelUnavailable, match="exceeds the available context size"):
        await say(tiny, Message(role="user", content="word " * 5_000))


@pytest.mark.real
async def test_nothing_is_printed_by_the_engine(
    tiny: LlamaCppChatModel, capfd: pytest.CaptureFixture[str]
) -> None:
    await LlamaCppChatModel(TINY, ModelStore(config.Settings.load().models)).warm_up()
    await say(tiny, max_tokens=2)
    assert tuple(capfd.readouterr()) == ("", "")


@pytest.mark.real
def test_the_tiny_model_is_named_as_such(tiny: LlamaCppChatModel) -> None:
    assert tiny.voice is Voice.SMALL_LOCAL_MODEL
    assert tiny.endpoint == "local"
    assert len(tiny.sha256) == 64


async def test_missing_weights_are_reported_when_used_not_when_built(tmp_path: Any) -> None:
    model = LlamaCppChatModel(TINY, ModelStore(config.ModelStore(dir=tmp_path)))
    with pytest.raises(MissingModel, match="pincite models pull"):
        await say(model)


@pytest.mark.parametrize(
    "text", ["<|im_start|>system", "</s>", "[INST] obey", "<start_of_turn>user", "<｜User｜>"]
)
def test_control_tokens_in_a_document_are_broken_up(text: str) -> None:
    assert text not in inert(f"before {text} after")


def test_ordinary_angle_brackets_stay() -> None:
    assert inert("if a < b and c > d: <b>bold</b> x[i]") == "if a < b and c > d: <b>bold</b> x[i]"


# --- LiteLLM -------------------------------------------------------------------------------------


async def test_a_refusing_server_is_unavailable_in_one_sentence(stub: StubServer) -> None:
    stub.status = 500
    try:
        with pytest.raises(ModelUnavailable) as caught:
            await say(through_litellm(stub))
    finally:
        stub.status = 200
    assert "pincite connect" in str(caught.value)
    assert "sk-secret" not in str(caught.value)


async def test_pictures_travel_inside_the_message(stub: StubServer) -> None:
    message = Message(role="user", content="What is this?", pictures=(b"\x89PNG-bytes",))
    await say(through_litellm(stub), message)
    picture, text = stub.requests[-1]["messages"][0]["content"]
    data = picture["image_url"]["url"].removeprefix("data:image/png;base64,")
    assert base64.b64decode(data) == b"\x89PNG-bytes"
    assert text == {"type": "text", "text": "What is this?"}


async def test_pictures_stand_at_their_places_in_the_text(stub: StubServer) -> None:
    text = "[1] (picture)\n[2] (picture)\nWhich of these two?"
    places = (text.index("\n"), text.index("\n", 15))
    message = Message(role="user", content=text, pictures=(b"one", b"two"), places=places)
    await say(through_litellm(stub), message)
    sent = stub.requests[-1]["messages"][0]["content"]
    assert [part["type"] for part in sent] == ["text", "image_url", "text", "image_url", "text"]
    assert "".join(part.get("text", "") for part in sent) == text
    assert base64.b64decode(sent[3]["image_url"]["url"].partition(",")[2]) == b"two"


async def test_whether_a_model_sees_is_a_setting() -> None:
    blind = config.LiteLLMChat(model="openai/x")
    seeing = config.LiteLLMChat(model="openai/x", vision=True, picture_side=448)
    assert LiteLLMChatModel(blind).vision is None
    vision = LiteLLMChatModel(seeing).vision
    assert vision is not None
    assert (vision.side, vision.pictures) == (448, 6)


async def test_a_gguf_file_of_ones_own_that_is_gone_is_named(tmp_path: Path) -> None:
    own = config.LlamaCppChat(model=str(tmp_path / "own.gguf"), mmproj=str(tmp_path / "eyes.gguf"))
    model = LlamaCppChatModel(own, ModelStore(config.ModelStore(dir=tmp_path)))
    assert model.vision is not None
    with pytest.raises(BadSettings, match=r"own\.gguf"):
        await say(model)


@pytest.mark.real
async def test_eyes_that_do_not_fit_are_one_sentence(tmp_path: Path) -> None:
    store = ModelStore(config.Settings.load().models)
    eyes = tmp_path / "mmproj.gguf"
    eyes.write_bytes(b"GGUF and no more")
    own = config.LlamaCppChat(model=str(store.main_file(TINY.model)), mmproj=str(eyes))
    with pytest.raises(ModelUnavailable, match=r"with mmproj\.gguf"):
        await say(LlamaCppChatModel(own, store))


async def test_no_server_at_all_is_unavailable() -> None:
    settings = config.LiteLLMChat(model="openai/none", api_base="http://127.0.0.1:9/v1")
    with pytest.raises(ModelUnavailable):
        await say(LiteLLMChatModel(settings))


async def test_closing_hangs_up_on_the_server(stub: StubServer) -> None:
    stub.gone.clear()
    stream = through_litellm(stub).stream((Message(role="user", content="forever"),))
    async for _ in stream:
        break
    await stream.aclose()
    assert await asyncio.to_thread(stub.gone.wait, 10)


async def test_decoding_is_asked_to_be_greedy_and_seeded(stub: StubServer) -> None:
    await say(through_litellm(stub), stop=("END",))
    sent = stub.requests[-1]
    assert (sent["temperature"], sent["stop"]) == (0, ["END"])
    assert "seed" in sent


def test_an_api_base_names_the_endpoint() -> None:
    def built(model: str, base: str | None = None) -> LiteLLMChatModel:
        return LiteLLMChatModel(config.LiteLLMChat(model=model, api_base=base))

    assert built("openai/x", "https://llm.example.org:8443/v1").endpoint == "llm.example.org"
    assert built("gpt-5").endpoint == "api.openai.com"
    assert built("ollama_chat/qwen3:1.7b").voice is Voice.SMALL_LOCAL_MODEL
    assert built("ollama_chat/qwen3:14b").voice is Voice.LOCAL_MODEL
    assert built("mistral/large").voice is Voice.REMOTE_MODEL


async def test_building_does_not_import_the_library() -> None:
    code = (
        "import sys; from pincite import config; from pincite.models.factory import chat_model;"
        "chat_model(config.LiteLLMChat(model='x'), None);"
        "assert 'litellm' not in sys.modules; assert 'xllamacpp' not in sys.modules"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0


# --- the scripted fake ---------------------------------------------------------------------------


async def test_a_script_is_followed_and_its_last_line_repeated() -> None:
    model = ScriptedChatModel(["One.", ModelUnavailable("down"), "Three."])
    assert (await say(model))[0] == "One."
    with pytest.raises(ModelUnavailable):
        await say(model)
    assert [(await say(model))[0] for _ in range(2)] == ["Three.", "Three."]


async def test_the_fake_does_not_answer_what_the_evidence_does_not_hold() -> None:
    prompt = PROMPT[1].content.replace("capital of France?", "boiling point of mercury?")
    text, _ = await say(FakeChatModel(), Message(role="user", content=prompt))
    assert text == "NOT FOUND"
