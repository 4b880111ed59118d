"""`pincite sources`: what is in the library, and how well it was read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.options import As, Collections, Json, scope_of

if TYPE_CHECKING:
    from serving.service import Accounted, Alike, SourceStatus

app = typer.Typer(help="List, inspect and delete sources.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="As `pincite sources list` shows it.")]


@app.command("list")
def list_(*, collection: Collections = None, person: As = "local", as_json: Json = False) -> None:
    """Every source with its state; newest first."""
    from serving.commands.sources_text import show_list
    from serving.terminal import write_json

    statuses = asyncio.run(_list(collection, person))
    if not as_json:
        show_list(statuses)
        return
    for status in statuses:
        write_json(status)


@app.command()
def show(source: Id, *, person: As = "local", as_json: Json = False) -> None:
    """One source, page by page."""
    from serving.commands.sources_text import show_one
    from serving.terminal import write_json

    status = asyncio.run(_one(source, person))
    (write_json if as_json else show_one)(status)


@app.command()
def delete(
    source: Id,
    *,
    now: Annotated[
        bool, typer.Option("--now", help="Return only when no byte of it is left in any file.")
    ] = False,
    person: As = "local",
) -> None:
    """Remove a source and every trace of it, and the answers it was read for."""
    asyncio.run(_delete(source, person, now=now))
    typer.echo(f"Deleted {source}.")


@app.command()
def stop(source: Id, *, person: As = "local") -> None:
    """Read no more of it for now; what was read stays."""
    asyncio.run(_stop(source, person))
    typer.echo(f"Stopped {source}; to go on: pincite sources retry {source}")


@app.command()
def retry(source: Id, *, person: As = "local", as_json: Json = False) -> None:
    """Read what was not read: failed, stopped, or put into quarantine; ends when that is done."""
    asyncio.run(_retry(source, person, as_json=as_json))


@app.command()
def check(*, collection: Collections = None, person: As = "local", as_json: Json = False) -> None:
    """Compare every file with what was kept of it; exit code 1 where a page is missing."""
    from serving.commands.sources_text import show_accounted
    from serving.terminal import write_json

    found = asyncio.run(_check(collection, person))
    (write_json if as_json else show_accounted)(found)
    if found.losses:
        raise typer.Exit(1)


@app.command()
def duplicates(
    *, collection: Collections = None, person: As = "local", as_json: Json = False
) -> None:
    """Sources that say almost the same."""
    from serving.commands.sources_text import show_alike
    from serving.terminal import write_json

    found = asyncio.run(_duplicates(collection, person))
    if not as_json:
        show_alike(found)
        return
    for pair in found:
        write_json(pair)


async def _check(collections: list[str] | None, person: str) -> Accounted:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite sources check") as service:
        return await service.account(scope_of(collections, person))


async def _duplicates(collections: list[str] | None, person: str) -> list[Alike]:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite sources duplicates") as service:
        return await service.duplicates(scope_of(collections, person))


async def _list(collections: list[str] | None, person: str) -> list[SourceStatus]:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite sources list") as service:
        return await service.sources(scope_of(collections, person))


async def _one(source: str, person: str) -> SourceStatus:
    from pincite.config import Settings
    from pincite.elements import SourceId
    from serving.session import session

    async with session(Settings.load(), "pincite sources show") as service:
        return await service.source(SourceId(source), scope_of(None, person))


async def _delete(source: str, person: str, *, now: bool) -> None:
    from pincite.config import Settings
    from pincite.elements import SourceId
    from serving.session import session

    async with session(Settings.load(), "pincite sources delete") as service:
        await service.delete(SourceId(source), scope_of(None, person), now=now)


async def _stop(source: str, person: str) -> None:
    from pincite.config import Settings
    from pincite.elements import SourceId
    from serving.session import session

    async with session(Settings.load(), "pincite sources stop") as service:
        await service.stop(SourceId(source), scope_of(None, person))


async def _retry(source: str, person: str, *, as_json: bool) -> None:
    from contextlib import aclosing

    from pincite.config import Settings
    from pincite.elements import SourceId
    from serving.commands.ingest_text import JsonLines, Lines
    from serving.following import follow
    from serving.session import session

    wanted, scope = SourceId(source), scope_of(None, person)
    with JsonLines() if as_json else Lines(quiet=True) as shown:
        async with session(Settings.load(), "pincite sources retry") as service:
            if not await service.retry(wanted, scope):
                typer.echo("Nothing of it is left to be read.")
                return
            async with aclosing(follow(service, {wanted}, scope)) as reports:
                async for report in reports:
                    shown.show(report)
            status = await service.source(wanted, scope)
    if not as_json:
        from serving.commands.sources_text import show_one

        show_one(status)
