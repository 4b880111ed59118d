"""An OpenAI-style endpoint on loopback that says one thing, and keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class SeeingServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, said: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.said = said
        self.asked: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, SeeingServer)
        server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        choices = [{"role": "assistant", "content": server.said}, {}]
        lines = [
            json.dumps({
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "seer",
                "choices": [
                    {"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}
                ],
            })
            for delta in choices
        ]  # fmt: skip
        body = "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


@contextmanager
def seeing(said: str) -> Generator[SeeingServer]:
    with SeeingServer(said) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
