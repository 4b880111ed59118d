"""`pincite egress`: what may leave this machine, and what has left it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.options import As, Json, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pincite.models.outgoing import CallMade
    from serving.service import CollectionRule

app = typer.Typer(
    help="What may leave this machine, collection by collection; what has left it.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(metavar="COLLECTION")]


@app.command("list")
def list_(*, person: As = "local", as_json: Json = False) -> None:
    """Show the rule of each collection."""
    from serving.terminal import one_line, write_json

    for rule in asyncio.run(_rules(person)):
        if as_json:
            write_json(rule)
            continue
        told = f"may be sent to {', '.join(rule.hosts)}" if rule.hosts else "stays on this machine"
        default = "" if rule.own else " (by PINCITE_EGRESS__HOSTS)"
        typer.echo(f"{one_line(rule.collection)}: {told}{default}")


@app.command()
def allow(
    collection: Name,
    hosts: Annotated[
        list[str], typer.Argument(metavar="HOST…", help="Such as api.example.com; added.")
    ],
) -> None:
    """Let a collection be sent to models on these machines."""
    from pincite.egress import host_of

    asyncio.run(_allow(collection, [host_of(host) for host in hosts]))


@app.command()
def local(collection: Name) -> None:
    """Keep a collection on this machine."""
    asyncio.run(_put(collection, []))
    typer.echo(f"{collection}: stays on this machine")


@app.command()
def reset(collection: Name) -> None:
    """Take the rule of a collection back: PINCITE_EGRESS__HOSTS holds for it again."""
    asyncio.run(_put(collection, None))
    typer.echo(f"{collection}: as PINCITE_EGRESS__HOSTS says")


@app.command()
def log(
    *,
    last: Annotated[int, typer.Option("--last", "-n", min=1, help="How many calls.")] = 20,
    elsewhere: Annotated[
        bool, typer.Option("--elsewhere", help="Without calls to this machine itself.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the calls to model endpoints, the latest at the end; never what was said in them."""
    from pincite.config import Settings
    from serving.elsewhere import call_log
    from serving.terminal import write_json

    made = [each for each in call_log(Settings.load()).read() if not (elsewhere and each.here)]
    for each in made[-last:]:
        if as_json:
            write_json(each)
        else:
            typer.echo(_told(each))
    if not made and not as_json:
        typer.echo("No call to a model endpoint is written down.")


def _told(made: CallMade) -> str:
    from serving.terminal import one_line

    where = f"{made.endpoint} (this machine)" if made.here else made.endpoint
    counted = [
        f"{made.sent_bytes:,} bytes sent" if made.sent_bytes else "",
        f"{made.got_tokens:,} tokens back" if made.got_tokens else "",
        f"{made.seconds:.1f} s",
        f"{made.cost_usd:.6f} USD" if made.cost_usd is not None else "",
    ]
    of = f" of {', '.join(made.collections)}" if made.collections else ""
    outcome = f"{made.outcome} ({made.why})" if made.why else made.outcome
    line = f"{made.at:%Y-%m-%d %H:%M:%S} {made.purpose}{of} → {where}, {made.model}: {outcome}"
    return one_line(f"{line}; {', '.join(filter(None, counted))}", most=400)


async def _rules(person: str) -> Sequence[CollectionRule]:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite egress") as service:
        return await service.rules(scope_of(None, person))


async def _allow(collection: str, hosts: list[str]) -> None:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite egress") as service:
        before = [
            host
            for rule in await service.rules(scope_of(None))
            if rule.collection == collection and rule.own
            for host in rule.hosts
        ]
        every = sorted({*before, *hosts})
        await service.allow(collection, every)
    typer.echo(f"{collection}: may be sent to {', '.join(every)}")


async def _put(collection: str, hosts: list[str] | None) -> None:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite egress") as service:
        await service.allow(collection, hosts)
