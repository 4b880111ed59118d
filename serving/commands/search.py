"""`pincite search`: the passages nearest to a question, without any language model."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.options import As, Collections, Json, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pincite.elements import Scope
    from pincite.evidence import Findings
    from serving.service import Query


def search(  # noqa: PLR0913
    question: Annotated[str, typer.Argument(help="Words or a question.", show_default=False)] = "",
    *,
    image: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A picture to search with.")
    ] = None,
    audio: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A recording of the question.")
    ] = None,
    filters: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            "-f",
            metavar="KEY=VALUE",
            help="Only there: collection, source, kind, medium, pages, date, language.",
        ),
    ] = None,
    collection: Collections = None,
    keep: Annotated[int, typer.Option("--keep", "-n", min=1, max=100, help="How many.")] = 8,
    person: As = "local",
    as_json: Json = False,
) -> None:
    """Find passages; each with its file, its place, why it was found, and a quote."""
    from serving.commands.search_text import show, show_json
    from serving.queries import sensible

    query = _query(question, filters or (), image, audio)
    sensible(query)
    found = asyncio.run(_search(query, scope_of(collection, person), keep))
    (show_json if as_json else show)(found)


def _query(question: str, filters: Sequence[str], image: Path | None, audio: Path | None) -> Query:
    from pincite.errors import UserError
    from retrievers.filters import split
    from serving.service import Query, Upload

    def upload(path: Path | None) -> Upload | None:
        if path is None:
            return None
        if not path.is_file():
            raise UserError(f"{path} is no file")
        return Upload(path=path, name=path.name, origin=str(path), is_ours=False)

    return Query(
        question=question,
        filters=tuple(map(split, filters)),
        image=upload(image),
        audio=upload(audio),
    )


async def _search(query: Query, scope: Scope, keep: int) -> Findings:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite search") as service:
        return await service.search(query, scope, keep=keep)
