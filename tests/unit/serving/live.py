"""A real uvicorn on loopback around the scripted service, owning a data folder."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from pydantic import SecretStr

from pincite.config import Server
from serving.app import create_app
from serving.listening import bind
from serving.owner import owning, private_folder
from serving.security import Gate, new_token
from serving.service import Service


@dataclass(frozen=True)
class Live:
    url: str
    token: SecretStr
    folder: Path

    @property
    def page(self) -> str:
        return f"{self.url}/?token={self.token.get_secret_value()}"

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token.get_secret_value()}"}


@contextlib.contextmanager
def live(service: Service, folder: Path, *, max_upload_mib: int = 64) -> Generator[Live]:
    """Runs in a thread with its own event loop until the block ends."""
    settings = Server(port=0, max_upload_mib=max_upload_mib)
    listener = bind(settings)
    port, token = listener.getsockname()[1], new_token()
    gate = Gate.of(token, host="127.0.0.1", port=port)
    incoming = private_folder(folder / "incoming")
    app = create_app(service, gate=gate, server=settings, incoming=incoming)
    config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    with owning(folder, "pincite serve") as ownership:
        thread.start()
        while not server.started:
            time.sleep(0.01)
        here = Live(url=f"http://127.0.0.1:{port}", token=token, folder=folder)
        ownership.announce(here.url, token)
        try:
            yield here
        finally:
            server.should_exit = True
            thread.join()
            listener.close()
