"""An OpenAI-style endpoint on loopback that streams calls of tools, piece by piece."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Calls = Mapping[str, Mapping[str, object]]
Say = str | Calls | None
"""Text, or the arguments of each tool that is called; None hangs up in the middle."""


class ToolCaller(ThreadingHTTPServer):
    """Says one thing after the other; `asked` holds what it was sent."""

    daemon_threads = True

    def __init__(self, says: Sequence[Say]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.says = list(says)
        self.asked: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, ToolCaller)
        server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        said = server.says.pop(0) if len(server.says) > 1 else server.says[0]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if said is None:
            self._send({"role": "assistant", "content": "Let me "})
            self.close_connection = True
            return
        for delta in _deltas(said):
            self._send(delta)
        self._send({}, finish="stop" if isinstance(said, str) else "tool_calls")
        self._write(b"data: [DONE]\n\n")
        self._write(b"")

    def _send(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "caller",
            "choices": [choice],
        }
        self._write(f"data: {json.dumps(chunk)}\n\n".encode())

    def _write(self, data: bytes) -> None:
        """Nothing ends the body; without it the connection breaks off."""
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


def _deltas(said: str | Calls) -> list[dict[str, Any]]:
    if isinstance(said, str):
        return [{"role": "assistant", "content": said}]
    deltas: list[dict[str, Any]] = []
    for index, (name, arguments) in enumerate(said.items()):
        text = json.dumps(dict(arguments))
        first = {"name": name, "arguments": ""}
        parts = [{"id": f"call-{index}-{name}", "type": "function", "function": first}]
        parts += [{"function": {"arguments": half}} for half in (text[:5], text[5:])]
        deltas += [{"tool_calls": [{"index": index, **part}]} for part in parts]
    return deltas


@contextmanager
def tool_caller(*says: Say) -> Generator[ToolCaller]:
    with ToolCaller(says) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
