"""`pincite ask`: quotes first, then checked sentences with their verdicts and citations."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from pincite.answer_form import Form
from serving.commands.options import As, Collections, Json, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pincite.asking import Wishes
    from pincite.elements import Scope
    from pincite.events import AskEvent


def ask(  # noqa: PLR0913 - one option each
    question: Annotated[str, typer.Argument(help="In plain words, in quotation marks.")],
    *,
    collection: Collections = None,
    form: Annotated[
        Form | None,
        typer.Option(
            "--form",
            help="What the answer looks like.",
            case_sensitive=False,
            show_default="short, or json with --schema",
        ),
    ] = None,
    schema: Annotated[
        Path | None,
        typer.Option("--schema", help="A file with the JSON Schema of an answer in JSON."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Answer anew, even if nothing has changed.")
    ] = False,
    person: As = "local",
    as_json: Json = False,
) -> None:
    """Answer a question from your files, with a verdict for every claim."""
    from pincite.asking import wishes
    from serving.commands.ask_text import AskPrinter
    from serving.terminal import write_json

    show = write_json if as_json else AskPrinter()
    told = wishes(form, _read(schema) if schema else None, fresh=fresh)
    asyncio.run(_ask(question, scope_of(collection, person), told, show, as_json=as_json))


def _read(path: Path) -> dict[str, Any]:
    import json

    from pincite.errors import UserError

    try:
        told: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as exc:
        raise UserError(f"{path} is no file with JSON that can be read: {exc}") from exc
    if not isinstance(told, dict):
        raise UserError(f"{path} holds no JSON Schema, which is an object")
    return cast("dict[str, Any]", told)


async def _ask(
    question: str,
    scope: Scope,
    wishes: Wishes,
    show: Callable[[AskEvent], None],
    *,
    as_json: bool,
) -> None:
    from contextlib import aclosing

    from pincite.config import Settings
    from pincite.events import Failed, Finished
    from pincite.generated import GeneratedId
    from serving.commands.draw import write
    from serving.http_errors import from_wire
    from serving.outgoing import checked_only
    from serving.session import session

    async with (
        session(Settings.load(), "pincite ask") as service,
        aclosing(checked_only(service.ask(question, scope, wishes=wishes))) as events,
    ):
        async for event in events:
            if isinstance(event, Failed):
                raise from_wire(event.error, event.message)
            show(event)
            if isinstance(event, Finished) and not as_json:
                for picture in event.answer.pictures:
                    png = await service.studio.png(GeneratedId(picture.id), scope)
                    write(picture.id, picture.seed, png)
