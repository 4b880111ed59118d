"""`pincite serve`: the page and the HTTP API, for this machine and its user."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from serving.commands.options import Json


def serve(
    *,
    port: Annotated[
        int | None, typer.Option("--port", "-p", min=0, max=65535, help="0 takes any free one.")
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Serve the page; prints the address that opens it, made anew at every start."""
    from pincite.config import Settings
    from serving.running import run

    settings = Settings.load()
    if port is not None:
        server = settings.server.model_copy(update={"port": port})
        settings = settings.model_copy(update={"server": server})
    asyncio.run(run(settings, open_page=open_page, as_json=as_json))
