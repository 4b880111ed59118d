"""An OpenAI-style image endpoint on loopback, through LiteLLM."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image
from pydantic import SecretStr

from pincite.config import LiteLLMImageGenerator
from pincite.errors import ModelUnavailable, PinciteError, UnsafePicture, Withheld
from pincite.generated import PictureWish
from pincite.models.drawing_ports import Drawing
from pincite.models.litellm_drawing import LiteLLMGenerator


def picture(form: str = "PNG") -> str:
    out = io.BytesIO()
    Image.new("RGB", (24, 16), (200, 30, 30)).save(out, form)
    return base64.b64encode(out.getvalue()).decode()


class Painter(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.body: dict[str, Any] = {"created": 1, "data": [{"b64_json": picture()}]}
        self.slow = threading.Event()
        self.slow.set()
        self.asked: list[tuple[str, str, dict[str, Any]]] = []


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Painter)
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked.append((self.path, self.headers["Authorization"], sent))
        server.slow.wait(10)
        body = json.dumps(server.body).encode()
        self.send_response(server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


@pytest.fixture
def painter() -> Generator[Painter]:
    with Painter() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def generator(painter: Painter, **more: Any) -> LiteLLMGenerator:
    base = f"http://127.0.0.1:{painter.server_address[1]}/v1"
    return LiteLLMGenerator(LiteLLMImageGenerator(model="openai/brush", api_base=base, **more))


async def drawn(model: LiteLLMGenerator, **more: Any) -> Drawing:
    [made] = [each async for each in model.draw(PictureWish(prompt="a red circle", **more))]
    return made


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_comes_as_pixels_without_a_seed(painter: Painter, form: str) -> None:
    painter.body["data"] = [{"b64_json": picture(form)}]
    made = await drawn(generator(painter, api_key=SecretStr("k")), width=24, height=16, seed=7)
    assert made.pixels.shape == (16, 24, 3)
    assert (made.seed, made.steps, made.guidance) == (None, None, None)
    [(path, key, sent)] = painter.asked
    assert (path, key) == ("/v1/images/generations", "Bearer k")
    assert sent["prompt"] == "a red circle"
    assert (sent["model"], sent["size"], sent["n"]) == ("brush", "24x16", 1)
    assert sent["response_format"] == "b64_json"
    assert "seed" not in sent


async def test_a_link_is_never_followed(painter: Painter) -> None:
    painter.body["data"] = [{"url": "http://127.0.0.1:9/secret.png"}]
    with pytest.raises(ModelUnavailable, match="sent no picture in its answer"):
        await drawn(generator(painter))


@pytest.mark.parametrize(
    "data", [[], [{"b64_json": ""}], [{"b64_json": "!"}], [{"b64_json": "aGVsbG8="}], None]
)
async def test_an_answer_without_a_picture_is_one_sentence(painter: Painter, data: object) -> None:
    painter.body["data"] = data
    with pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1 sent"):
        await drawn(generator(painter))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "content_policy_violation", UnsafePicture),
        (500, "oops", ModelUnavailable),
        (401, "invalid_api_key", ModelUnavailable),
    ],
)
async def test_a_refusal_of_the_endpoint_is_a_refusal_and_all_else_is_not(
    painter: Painter, status: int, code: str, kind: type[PinciteError]
) -> None:
    painter.status = status
    painter.body = {"error": {"code": code, "message": code, "type": "invalid_request_error"}}
    with pytest.raises(kind) as caught:
        await drawn(generator(painter, api_key=SecretStr("secret-key")))
    assert "secret-key" not in str(caught.value)


async def test_an_endpoint_that_is_slow_is_waited_for_as_long_as_is_set(painter: Painter) -> None:
    painter.slow.clear()
    try:
        with pytest.raises(ModelUnavailable, match="did not answer"):
            await drawn(generator(painter, timeout_s=0.5))
    finally:
        painter.slow.set()


async def test_an_endpoint_that_is_down_is_named(painter: Painter) -> None:
    model = generator(painter)
    gone = model._settings.model_copy(update={"api_base": "http://127.0.0.1:9/v1"})
    with pytest.raises(ModelUnavailable, match=r"'openai/brush' at 127\.0\.0\.1 did not answer"):
        await drawn(LiteLLMGenerator(gone))


async def test_prompts_stay_on_this_machine_unless_they_may_leave() -> None:
    away = LiteLLMGenerator(LiteLLMImageGenerator(model="openai/dall-e-3"))
    assert (away.endpoint, away.weights()) == ("api.openai.com", "")
    with pytest.raises(Withheld, match=r"PINCITE_EGRESS__HOSTS"):
        await drawn(away)
