"""`pincite models`: fetch, list, verify and carry weights, and serve a model that sees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.serve_vlm import serve_vlm

if TYPE_CHECKING:
    from pincite.models.pull import PullReport
    from pincite.models.store import ModelStore

app = typer.Typer(help="Fetch, list, verify and carry model weights.", no_args_is_help=True)
app.command("serve-vlm")(serve_vlm)

Names = Annotated[list[str] | None, typer.Argument(help="Models; without names those in use.")]
Accept = Annotated[
    bool, typer.Option("--accept", help="Take weights whose licence is non-commercial or unknown.")
]
All = Annotated[bool, typer.Option("--all", help="Every model of the manifest.")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command()
def pull(names: Names = None, *, accept: Accept = False, everything: All = False) -> None:
    """Fetch weights; what is there is left alone, and a broken-off fetch goes on."""
    from pincite.models.pull import pull as fetch
    from serving.commands.model_bars import model_bars

    store, chosen = _store_and_names(names, everything=everything)
    with model_bars() as bars:
        report = fetch(store, chosen, accept=accept, progress=bars)
    _end(report)


@app.command("list")
def list_(*, as_json: Json = False) -> None:
    """Show every model of the manifest and whether it is in the store."""
    from serving.commands import model_tables

    store, in_use = _store_and_names(None, everything=False)
    rows = model_tables.rows(store, in_use)
    brought = list(store.manifest.brought.values())
    model_tables.show_rows(rows, store.dir, as_json=as_json, brought=brought)


@app.command()
def verify(names: Names = None, *, as_json: Json = False) -> None:
    """Hash every byte of the store again; exit code 1 where something is missing or damaged."""
    from serving.commands import model_tables

    store, in_use = _store_and_names(None, everything=False)
    chosen = names or [name for name in store.manifest.models if store.folder(name).exists()]
    rows = model_tables.verified_rows(store, dict.fromkeys([*in_use, *chosen]), in_use)
    model_tables.show_rows(rows, store.dir, as_json=as_json)
    if any(row.state != "ready" for row in rows):
        raise typer.Exit(1)


@app.command("export")
def export_(
    folder: Annotated[Path, typer.Argument(help="Where the copy goes.")],
    names: Names = None,
    *,
    everything: All = False,
) -> None:
    """Copy verified weights to a folder that `pincite models import` reads elsewhere."""
    from pincite.models.mirror import export_models

    store, chosen = _store_and_names(names, everything=everything)
    export_models(store, chosen, folder)
    typer.echo(f"Copied {len(chosen)} models to {folder}; there: pincite models import {folder}")


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="A folder that `models export` wrote.")],
    names: Names = None,
    *,
    accept: Accept = False,
) -> None:
    """Install weights from a folder; without names, all that it holds."""
    from pincite.models.mirror import import_models
    from serving.commands.model_bars import model_bars

    store, _ = _store_and_names(None, everything=False)
    with model_bars() as bars:
        report = import_models(store, folder, names or (), accept=accept, progress=bars)
    _end(report)


def _store_and_names(names: list[str] | None, *, everything: bool) -> tuple[ModelStore, list[str]]:
    from pincite.config import Settings
    from pincite.models.in_use import models_in_use
    from pincite.models.store import ModelStore

    settings = Settings.load()
    store = ModelStore(settings.models)
    if everything:
        return store, list(store.manifest.models)
    return store, names or models_in_use(settings)


def _end(report: PullReport) -> None:
    from serving.commands.model_tables import show_report

    show_report(report)
    if not report.complete:
        raise typer.Exit(1)
