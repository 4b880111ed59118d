"""`pincite sync`: keep the library in step with a folder or a bucket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.options import Json

if TYPE_CHECKING:
    from serving.commands.ingest_text import JsonLines, Lines
    from serving.sync.plan import Plan
    from serving.sync.run import Synchroniser, Wanted


def sync(
    address: Annotated[str, typer.Argument(help="A folder, or s3://bucket/path.", metavar="PLACE")],
    *,
    collection: Annotated[
        str, typer.Option("--collection", "-c", help="Where the files belong.")
    ] = "default",
    readers: Annotated[
        str,
        typer.Option(
            metavar="FILE|NAMES",
            help='Who may see them: names, or a TOML file of globs: "board/**" = ["board"].',
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    allow_deletes: Annotated[
        bool, typer.Option("--allow-deletes", help="Also where more than a tenth would go.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add what is new, replace what changed, follow what moved, delete what is gone."""
    from serving.sync.rules import Rules
    from serving.sync.run import Wanted

    wanted = Wanted(
        rules=Rules.from_option(readers), collection=collection, allow_deletes=allow_deletes
    )
    asyncio.run(_sync(address, wanted, dry_run=dry_run, as_json=as_json))


async def _sync(address: str, wanted: Wanted, *, dry_run: bool, as_json: bool) -> None:
    from importlib.metadata import version

    from pincite.config import Settings
    from serving.commands.ingest_text import JsonLines, Lines
    from serving.commands.sync_text import show_plan
    from serving.session import session
    from serving.sync.refusals import judge_of
    from serving.sync.run import Synchroniser
    from serving.sync.tree import Tree
    from serving.terminal import write_json

    settings = Settings.load()
    tree = Tree(address, apart_from=settings.data_dir)
    async with session(settings, "pincite sync") as service:
        judge = judge_of(version("pincite"), settings.ingestion)
        run = Synchroniser(service, tree, wanted, settings.data_dir, judge)
        plan = await run.plan()
        if as_json:
            write_json(plan)
        else:
            show_plan(plan, dry_run=dry_run)
        if dry_run:
            return
        with JsonLines() if as_json else Lines(quiet=True) as shown:
            await _carried_out(run, shown, plan)


async def _carried_out(run: Synchroniser, shown: JsonLines | Lines, plan: Plan) -> None:
    from contextlib import aclosing

    async with aclosing(run.carry_out(plan)) as reports:
        async for report in reports:
            shown.show(report)
