"""`pincite search`: the passages nearest to a question, without any language model."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.options import As, Collections, Json, scope_of

if TYPE_CHECKING:
    from pincite.elements import Scope
    from pincite.evidence import Evidence


def search(
    question: Annotated[str, typer.Argument(help="Words or a question.")],
    *,
    collection: Collections = None,
    keep: Annotated[int, typer.Option("--keep", "-n", min=1, max=100, help="How many.")] = 8,
    person: As = "local",
    as_json: Json = False,
) -> None:
    """Find passages; each with its file and page, picture or second."""
    from serving.terminal import write_json

    found = asyncio.run(_search(question, scope_of(collection, person), keep))
    for evidence in found:
        if as_json:
            write_json(evidence)
        else:
            _show(evidence)
    if not found and not as_json:
        typer.echo("Nothing found.")


async def _search(question: str, scope: Scope, keep: int) -> list[Evidence]:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite search") as service:
        return await service.search(question, scope, keep=keep)


def _show(evidence: Evidence) -> None:
    from rich.text import Text

    from serving.places import found
    from serving.terminal import console, one_line

    place = Text(one_line(found(evidence)), style="cyan")
    by = Text(f"  {', '.join(evidence.found_by)}", style="dim")
    console().print(Text.assemble(f"{evidence.rank:2}  ", place, by))
    console().print(Text(f"    {one_line(evidence.passage.text, most=300)}"))
