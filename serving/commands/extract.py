"""`pincite extract`: one value of each kind from every file, with its place and verdict."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.options import As, Collections, Json, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pincite.elements import Scope
    from pincite.extractions import Asked, Extracted, Extracting, Extraction
    from retrievers.filters import Filter


def extract(  # noqa: PLR0913
    *,
    column: Annotated[
        list[str],
        typer.Option(
            "--column",
            "-C",
            metavar="NAME[:KIND]",
            help="What is wanted of every file, e.g. date:date, total:amount, seller; "
            "may be repeated. Kinds: text, date, amount, number.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Where to write the table: .csv, .xlsx or .json.")
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
    model: Annotated[
        bool, typer.Option(help="Let a language model read what the rules leave open.")
    ] = True,
    items: Annotated[
        bool, typer.Option(help="A row for each row of a table that has all columns.")
    ] = True,
    person: As = "local",
    as_json: Json = False,
) -> None:
    """Make a table over every file. Broken off, the same command goes on where it stopped."""
    from agent.extracting.columns import asked_of
    from retrievers.filters import split
    from serving.commands.extract_text import JsonLines, Lines

    form = _form(out)
    asked = asked_of(column, rows="auto" if items else "files", with_model=model)
    with JsonLines() if as_json else Lines() as shown:
        told = [split(each) for each in filters or ()]
        table = asyncio.run(_extract(asked, scope_of(collection, person), told, shown.show))
    if out is not None:
        _write(table, out, form)
    shown.finish(table, out)


def _form(out: Path | None) -> str:
    from pincite.errors import UserError
    from serving.extraction_files import MEDIA_TYPES

    form = out.suffix.lstrip(".").lower() if out else ""
    if out and form not in MEDIA_TYPES:
        raise UserError(f"{out} is to end in .csv, .xlsx or .json")
    return form


async def _extract(
    asked: Asked,
    scope: Scope,
    filters: Sequence[Filter],
    show: Callable[[Extracting | Extracted], None],
) -> Extraction:
    from contextlib import aclosing

    from pincite.config import Settings
    from pincite.errors import UpstreamError
    from pincite.extractions import Extracted
    from serving.session import session

    async with (
        session(Settings.load(), "pincite extract") as service,
        aclosing(service.extract(asked, scope, filters=filters)) as events,
    ):
        async for event in events:
            show(event)
            if isinstance(event, Extracted):
                return event.table
    raise UpstreamError("the extraction ended without a table; repeat the command")


def _write(table: Extraction, out: Path, form: str) -> None:
    """Whole or not at all."""
    from pincite.errors import UserError
    from serving.extraction_files import written_as

    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(written_as(table, form))
        part.replace(out)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise UserError(f"{out} cannot be written: {exc.strerror}") from exc
