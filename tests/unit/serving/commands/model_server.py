"""A real HTTP server on loopback that answers as servers of language models do."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModelServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answers: dict[str, Any], api_key: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.api_key = api_key
        self.asked: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, ModelServer)
        server.asked.append(self.path)
        key = self.headers.get("Authorization", "")
        if server.api_key and key != f"Bearer {server.api_key}":
            self.send_error(401)
        elif self.path in server.answers:
            body = json.dumps(server.answers[self.path]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


@contextmanager
def serving(answers: dict[str, Any], api_key: str | None = None) -> Generator[ModelServer]:
    with ModelServer(answers, api_key) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ollama(*models: str) -> dict[str, Any]:
    listed = [{"name": name, "model": name} for name in models]
    openai = {"object": "list", "data": [{"id": name, "owned_by": "library"} for name in models]}
    return {"/api/tags": {"models": listed}, "/v1/models": openai}


def openai_style(*models: str, owner: str = "us") -> dict[str, Any]:
    listed = [{"id": name, "object": "model", "owned_by": owner} for name in models]
    return {"/v1/models": {"object": "list", "data": listed}}
