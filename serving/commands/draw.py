"""`pincite draw` has a picture drawn; `pincite drawn` looks after what was."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands.options import As, Json, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pincite.elements import Scope
    from pincite.generated import DrawingEvent, GeneratedPicture, PictureWish

app = typer.Typer(help="Pictures that were drawn on request.", no_args_is_help=True)


def draw(  # noqa: PLR0913 - a command's options
    prompt: Annotated[str, typer.Argument(help="What the picture shows, in quotation marks.")],
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Default: generated-ID.png here.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same one gives the same picture. Default: any.")
    ] = None,
    size: Annotated[
        str, typer.Option(metavar="WxH", help="Pixels, such as 512x512. Default: the model's.")
    ] = "",
    steps: Annotated[int | None, typer.Option(help="More are slower and finer.")] = None,
    guidance: Annotated[
        float | None, typer.Option(help="How closely the words are followed, from 1.")
    ] = None,
    person: As = "local",
    as_json: Json = False,
) -> None:
    """Have a picture drawn by the model that is configured; it is labelled, and never evidence."""
    from pincite.errors import UserError

    if out is not None and out.exists():
        raise UserError(f"{out} is there already; name another file with --out")
    wish = _wish(prompt, size, {"seed": seed, "steps": steps, "guidance": guidance})
    asyncio.run(_draw(wish, out, scope_of(None, person), _shown(as_json=as_json)))


@app.command("list")
def list_(*, person: As = "local", as_json: Json = False) -> None:
    """Show which pictures were drawn for you, the newest first."""
    from serving.terminal import one_line, write_json

    for picture in asyncio.run(_list(scope_of(None, person))):
        if as_json:
            write_json(picture)
            continue
        said = picture.provenance
        made = f"{picture.made_at:%Y-%m-%d %H:%M} {picture.width}×{picture.height}"
        typer.echo(one_line(f"{picture.id} {made} {said.model} “{said.prompt}”", most=200))


@app.command()
def delete(
    picture: Annotated[str, typer.Argument(help="As `pincite drawn list` names it.")],
    *,
    person: As = "local",
) -> None:
    """Remove a picture from the data folder; copies that `draw` wrote elsewhere stay."""
    asyncio.run(_delete(picture, scope_of(None, person)))


def _wish(prompt: str, size: str, more: dict[str, Any]) -> PictureWish:
    """Raises UserError, which names the option."""
    from pydantic import ValidationError

    from pincite.errors import UserError
    from pincite.generated import PictureWish

    width, _, height = size.lower().partition("x")
    sides = {"width": width, "height": height} if size else {}
    try:
        return PictureWish.model_validate({"prompt": prompt, **sides, **more})
    except ValidationError as exc:
        first = exc.errors()[0]
        where = str(first["loc"][0]) if first["loc"] else "request"
        raise UserError(f"{where}: {first['msg']}") from exc


def _shown(*, as_json: bool) -> Callable[[DrawingEvent], None]:
    import sys

    from pincite.generated import DrawingStep
    from serving.terminal import write_json

    def step(event: DrawingEvent) -> None:
        if isinstance(event, DrawingStep) and sys.stderr.isatty():
            end = "\n" if event.step == event.steps else ""
            typer.echo(f"\rStep {event.step} of {event.steps}{end}", err=True, nl=False)

    return write_json if as_json else step


async def _draw(
    wish: PictureWish, out: Path | None, scope: Scope, show: Callable[[DrawingEvent], None]
) -> None:
    from contextlib import aclosing

    from pincite.config import Settings
    from pincite.generated import PictureDrawn
    from serving.session import session

    async with (
        session(Settings.load(), "pincite draw") as service,
        aclosing(service.studio.draw(wish, scope)) as events,
    ):
        async for event in events:
            show(event)
            if isinstance(event, PictureDrawn):
                png = await service.studio.png(event.picture.id, scope)
                write(event.picture.id, event.picture.provenance.seed, png, out)


def write(picture: str, seed: int | None, png: bytes, out: Path | None = None) -> None:
    """By default to `generated-ID.png` in the working folder. Raises UserError."""
    from pincite.errors import UserError
    from serving.terminal import plain

    target = out or Path(f"generated-{picture}.png")
    try:
        target.write_bytes(png)
    except OSError as exc:
        raise UserError(f"{target} cannot be written: {exc.strerror}") from exc
    told = "the endpoint tells no seed" if seed is None else f"seed {seed}"
    typer.echo(
        plain(f"Wrote {target} ({told}); kept as {picture}: pincite drawn delete {picture}"),
        err=True,
    )


async def _list(scope: Scope) -> list[GeneratedPicture]:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite drawn list") as service:
        return await service.studio.pictures(scope)


async def _delete(picture: str, scope: Scope) -> None:
    from pincite.config import Settings
    from pincite.generated import GeneratedId
    from serving.session import session

    async with session(Settings.load(), "pincite drawn delete") as service:
        await service.studio.delete(GeneratedId(picture), scope)
