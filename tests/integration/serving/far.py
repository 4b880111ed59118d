"""An OpenAI-style server that stands for another machine, and keeps what it was sent."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

SAID = "The harbour of Lindwick opened in 1872 [1]."
DIMENSIONS = 16


class FarServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        """Path and body of each request."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, FarServer)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        server.asked.append(f"{self.path} {body}")
        told = json.loads(body)
        if self.path.endswith("embeddings"):
            self._json(_embedded(told["input"]))
        elif self.path.endswith("generations"):
            self._json({"created": 0, "data": [{"b64_json": _red()}]})
        else:
            self._stream()

    def _json(self, answer: dict[str, Any]) -> None:
        self._send("application/json", json.dumps(answer).encode())

    def _stream(self) -> None:
        deltas = [{"role": "assistant", "content": SAID}, {}]
        lines = [*(json.dumps(_chunk(delta)) for delta in deltas), "[DONE]"]
        self._send("text/event-stream", "".join(f"data: {line}\n\n" for line in lines).encode())

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


def _chunk(delta: dict[str, str]) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}
    head = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "far"}
    return {**head, "choices": [choice]}


def _embedded(texts: list[str]) -> dict[str, Any]:
    rows = [
        {"object": "embedding", "index": n, "embedding": [1.0 + len(text), *[1.0] * 15]}
        for n, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return {"object": "list", "data": rows, "model": "far", "usage": usage}


def _red() -> str:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


@contextmanager
def far_away() -> Generator[FarServer]:
    with FarServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
