"""An OpenAI-style endpoint on loopback that says the same two sentences whatever it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TRUE = "The harbour of Lindwick opened in 1872 [1]."
FALSE = "The harbour of Lindwick opened in 1903 [1]."


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        pieces = [{"role": "assistant", "content": TRUE}, {"content": f" {FALSE}"}, {}]
        lines = [_chunk(piece) for piece in pieces]
        body = "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


def _chunk(delta: dict[str, str]) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}
    return json.dumps(
        {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "liar",
            "choices": [choice],
        }
    )


@contextmanager
def liar() -> Generator[dict[str, str]]:
    """Serve it; yields the environment that makes Pincite write with it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield {
            "PINCITE_CHAT__KIND": "litellm",
            "PINCITE_CHAT__MODEL": "openai/liar",
            "PINCITE_CHAT__API_BASE": f"http://127.0.0.1:{server.server_address[1]}/v1",
            "PINCITE_CHAT__API_KEY": "none",
        }
        server.shutdown()
        thread.join()
