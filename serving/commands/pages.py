"""`pincite pages`: what was found on a page, drawn on its picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ingestion.readers.ports import UnitRead
    from pincite.config import Settings

app = typer.Typer(help="See how pages are read.", no_args_is_help=True)
_DPI = 110


@app.callback()
def pages() -> None:
    """See how pages are read."""


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="A PDF or a picture; it is not added.")],
    *,
    page: Annotated[int, typer.Option("--page", min=1, help="Counted from 1.")] = 1,
    out: Annotated[Path | None, typer.Option(help="PNG. Default: FILE-page-N.png here.")] = None,
    markdown: Annotated[bool, typer.Option(help="Write the page as Markdown too.")] = False,
) -> None:
    """Read one page and draw its regions, their kinds and the reading order on its picture."""
    from ingestion.page_drawing import drawn
    from pincite.config import Settings
    from pincite.markdown import markdown as as_markdown
    from serving.terminal import one_line, plain

    read, picture = _read_and_pictured(file, page, Settings.load())
    target = out or Path(f"{file.stem}-page-{page}.png")
    target.write_bytes(drawn(picture, read.elements))
    for number, element in enumerate(read.elements, start=1):
        typer.echo(f"{number:4} {element.kind:10} {one_line(element.text, most=90)}")
    for warning in read.warnings:
        typer.echo(f"     {one_line(warning)}")
    if markdown:
        typer.echo(plain(as_markdown(read.elements)))
    typer.echo(f"read by {read.how}; drawn in {target}")


def _read_and_pictured(file: Path, page: int, settings: Settings) -> tuple[UnitRead, bytes]:
    """Both come from confined children, as in a library.

    Raises:
        CorruptSource: there is no such page, or it cannot be read.
        UnsupportedMedia: the file has no pages.
    """
    import hashlib
    import tempfile

    from ingestion.media import sniff
    from ingestion.messages import ParserSettings
    from ingestion.parser import ParserProcess
    from ingestion.readers.ports import Later
    from ingestion.renderers import REGISTRY, asking
    from pincite.elements import ContentId
    from pincite.errors import CorruptSource

    media_type = sniff(file).media_type
    content = ContentId(hashlib.sha256(str(file.resolve()).encode()).hexdigest())
    limits = ParserSettings.of(settings)
    with tempfile.TemporaryDirectory(prefix="pincite-") as scratch:
        renderer = ParserProcess(Path(scratch), limits, registry=REGISTRY)
        try:
            shown = renderer.read(content, file, asking(media_type, _DPI), page, slow=True).read
        finally:
            renderer.stop()
        parser = ParserProcess(Path(scratch), limits)
        try:
            read = parser.read(content, file, media_type, page, slow=True).read
        finally:
            parser.stop()
    if isinstance(read, Later) or isinstance(shown, Later):
        raise CorruptSource(f"page {page} of {file.name} cannot be read")
    return read, next(iter(shown.crops.values()))
