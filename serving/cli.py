"""`pincite`: the command line. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from serving.commands import (
    ask,
    connect,
    demo,
    doctor,
    dossier,
    draw,
    egress,
    extract,
    feedback,
    index,
    ingest,
    models,
    pages,
    search,
    serve,
    sources,
    sync,
)

app = typer.Typer(
    name="pincite",
    help="Ask your own files. Every claim is pinned to the spot that bears it out, and checked.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(ingest.ingest)
app.command()(sync.sync)
app.command()(ask.ask)
app.command()(search.search)
app.command()(extract.extract)
app.command()(dossier.dossier)
app.command()(dossier.replay)
app.command()(draw.draw)
app.command()(serve.serve)
app.command()(demo.demo)
app.command()(doctor.doctor)
app.command()(connect.connect)
app.add_typer(feedback.app, name="feedback")
app.add_typer(sources.app, name="sources")
app.add_typer(egress.app, name="egress")
app.add_typer(models.app, name="models")
app.add_typer(draw.app, name="drawn")
app.add_typer(index.app, name="index")
app.add_typer(pages.app, name="pages")


@app.callback()
def _settings(
    *, version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False
) -> None:
    """Settings are PINCITE_* variables, e.g. PINCITE_DATA_DIR; docs/settings.md lists them."""
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"pincite {version_of('pincite')}")
        raise typer.Exit


def main() -> None:
    """Run one command; a foreseen error is one sentence and an exit code of its class."""
    from pincite.errors import PinciteError
    from serving.exit_codes import INTERRUPTED, code_of
    from serving.terminal import complain

    try:
        app()
    except PinciteError as exc:
        complain(str(exc))
        sys.exit(code_of(exc))
    except SystemExit as exc:
        if exc.code == INTERRUPTED:
            complain("interrupted; what was done is kept, and the same command goes on from there")
        raise
    except BrokenPipeError:  # e.g. `pincite search … | head`
        sys.stderr.close()
        sys.exit(0)
