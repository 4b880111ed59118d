"""Running the service: bind, own the data folder, open everything, answer until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import socket
import webbrowser
from collections.abc import Generator
from pathlib import Path

import typer
import uvicorn

from pincite.config import Settings
from serving.app import create_app
from serving.bootstrap import Services, services
from serving.listening import bind, shown_host
from serving.owner import keep_private, owning, private_folder
from serving.security import Gate, Guard, new_token

_LOG = logging.getLogger(__name__)
_STOP_S = 3
"""How long open streams may go on after the service was told to stop."""


async def run(settings: Settings, *, open_page: bool = False, as_json: bool = False) -> None:
    """Until SIGINT or SIGTERM.

    Raises:
        DataFolderBusy: another process owns the folder.
        SetupError: the port is taken.
    """
    keep_private()
    stop = _Stop()
    with owning(settings.data_dir, "pincite serve") as ownership:
        listener = bind(settings.server)
        port = listener.getsockname()[1]
        token = new_token()
        host = shown_host(settings.server.host)
        url = f"http://{host}:{port}"
        async with services(settings) as opened:
            app = _app(
                opened,
                settings,
                Gate.of(
                    token,
                    host=settings.server.host,
                    port=port,
                    allowed=settings.server.allowed_hosts,
                ),
            )
            ownership.announce(url, token)
            page = f"{url}/?token={token.get_secret_value()}"
            _announce(page, settings, as_json=as_json)
            if open_page:
                webbrowser.open(page)
            await _serve(app, listener, opened, stop)


def _app(opened: Services, settings: Settings, gate: Gate) -> Guard:
    incoming = private_folder(settings.data_dir / "incoming")
    _empty(incoming)
    return create_app(opened.service, gate=gate, server=settings.server, incoming=incoming)


def _empty(folder: Path) -> None:
    """Remove what a killed service left half-received."""
    for leftover in folder.iterdir():
        leftover.unlink(missing_ok=True)


class _Stop:
    """SIGINT and SIGTERM, from the first moment on; asked twice, no stream is waited for."""

    def __init__(self) -> None:
        self.asked = False
        self.server: _Server | None = None
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._ask)

    def _ask(self) -> None:
        if self.server:
            self.server.force_exit = self.asked
            self.server.should_exit = True
        self.asked = True


async def _serve(app: Guard, listener: socket.socket, opened: Services, stop: _Stop) -> None:
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=_STOP_S,
    )
    server = stop.server = _Server(config)
    server.should_exit = stop.asked
    begun = asyncio.create_task(opened.begin())
    try:
        await server.serve(sockets=[listener])
    finally:
        begun.cancel()
        await asyncio.gather(begun, return_exceptions=True)


class _Server(uvicorn.Server):
    """Leaves the signals to us: uvicorn raises them again at the end, before anything is closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _announce(page: str, settings: Settings, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"url": page, "data_dir": str(settings.data_dir)}))
        return
    typer.echo(f"Pincite is open at {page}")
    typer.echo(f"Library: {settings.data_dir}. Stop with Ctrl-C.")
    if settings.server.host not in {"127.0.0.1", "::1", "localhost"}:
        typer.echo(
            f"Warning: listening on {settings.server.host}, without encryption: whoever can see "
            "the traffic can read it. Put a TLS proxy in front.",
            err=True,
        )
