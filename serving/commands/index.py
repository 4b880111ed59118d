"""`pincite index`: look at the index, carry it from one machine or engine to another."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pincite.index.edge import EdgeIndex
    from pincite.index.folder import Made
    from pincite.index.memory import MemoryIndex
    from pincite.index.qdrant import QdrantIndex

    Opened = EdgeIndex | QdrantIndex | MemoryIndex

app = typer.Typer(help="Look at the index, or carry it elsewhere.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command()
def info(*, as_json: Json = False) -> None:
    """Show what the index holds and what its vectors were made with."""
    import json

    from serving.commands.model_tables import megabytes

    with _in_use() as (index, made):
        found = index.info()
    if as_json:
        typer.echo(json.dumps(found.model_dump() | made.model_dump(mode="json")))
        return
    typer.echo(f"{found.points:,} passages")
    for name, space in sorted(made.spaces.items()):
        typer.echo(f"vectors `{name}`: {space.encoder}, {space.dimensions} dimensions")
    typer.echo(f"words: {made.words}")
    if found.bytes_on_disk is not None:
        typer.echo(f"on disk: {megabytes(found.bytes_on_disk)}")
    if found.optimized is not None:
        typer.echo(f"search structures built over: {found.optimized:,}")


@app.command("export")
def export_(file: Annotated[Path, typer.Argument(help="Where the copy goes.")]) -> None:
    """Write every passage's vectors and filter fields to one file; texts are not among them."""
    from pincite.index.moving import export_points

    with _in_use() as (index, made):
        count = export_points(index, made, file, _told())
    typer.echo(f"Wrote {count:,} passages to {file}; there: pincite index import {file}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file that `index export` wrote.")],
) -> None:
    """Add the passages of a file; what was cut short is simply run again.

    Texts and files lie in the data folder and are carried with it. A new index is one of the
    encoder that the file names; the settings are compared with it at the next start.
    """
    from pincite.index.moving import import_points, read_head

    with _in_use(read_head(file).made) as (index, made):
        count = import_points(index, made, file, _told())
    typer.echo(f"Imported {count:,} passages.")


@contextmanager
def _in_use(fresh: Made | None = None) -> Generator[tuple[Opened, Made]]:
    """The index that searches use; without one, a new one made as `fresh` says."""
    from typing import cast

    from pincite.config import Settings
    from pincite.errors import UserError
    from pincite.index.factory import open_index
    from pincite.index.generations import FIRST, Generation, Generations, Pointer, settings_of

    settings = Settings.load()
    generations = Generations(settings.data_dir, settings.index.kind)
    pointer = generations.read()
    if pointer is None:
        if fresh is None:
            raise UserError(f"there is no index in {settings.data_dir} yet; run: pincite ingest")
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        pointer = Pointer(in_use=Generation(name=FIRST, made=fresh))
        generations.point_to(pointer)
    made, folder = pointer.in_use.made, generations.folder(pointer.in_use)
    chosen = settings_of(settings.index, pointer.in_use)
    with open_index(chosen, folder, made.spaces, words=made.words) as index:
        yield cast("Opened", index), made


def _told() -> Callable[[int], None]:
    """Says how far it is, on standard error, every hundred thousand."""
    said = 0

    def tell(done: int) -> None:
        nonlocal said
        if done - said >= 100_000:
            said = done
            typer.echo(f"{done:,} passages", err=True)

    return tell
