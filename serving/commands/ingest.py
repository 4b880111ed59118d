"""`pincite ingest`: add files and folders, and read them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.options import Json

if TYPE_CHECKING:
    from serving.commands.ingest_text import Outcome


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")],
    *,
    collection: Annotated[
        str, typer.Option("--collection", "-c", help="Where they belong.")
    ] = "default",
    reader: Annotated[
        list[str] | None,
        typer.Option("--reader", help="Who may see them; may be repeated. Default: you."),
    ] = None,
    sample: Annotated[
        int,
        typer.Option("--sample", metavar="N", min=0, help="Only look at N pages; keep nothing."),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Add files and folders; ends when all are read. Broken off, it goes on where it stopped."""
    if sample:
        from serving.commands.sample_text import look

        look(paths, sample, as_json=as_json)
        return
    outcome = asyncio.run(
        _ingest(paths, collection, frozenset(reader or ["local"]), as_json=as_json)
    )
    raise typer.Exit(outcome.exit_code)


async def _ingest(
    paths: list[Path], collection: str, readers: frozenset[str], *, as_json: bool
) -> Outcome:
    from contextlib import aclosing

    from pincite.config import Settings
    from serving.commands.ingest_text import JsonLines, Lines
    from serving.session import session

    with JsonLines() if as_json else Lines() as shown:
        async with session(Settings.load(), "pincite ingest") as service:
            progress = service.ingest(paths, collection=collection, readers=readers)
            async with aclosing(progress) as reports:
                async for report in reports:
                    shown.show(report)
    return shown.outcome
