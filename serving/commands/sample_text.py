"""`pincite ingest --sample N`: what a few pages tell about all files, before any is added."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from ingestion.messages import ParserSettings
from ingestion.parser import ParserProcess
from ingestion.sample import Looked, Sample, Sampler
from pincite.config import Settings
from serving.commands.sources_text import HOW, counted
from serving.places import clock
from serving.terminal import console, one_line, write_json

_MOST_REFUSED = 20


def look(paths: Sequence[Path], number: int, *, as_json: bool) -> None:
    """Needs no library, so that it works beside a running service."""
    settings = Settings.load()
    with tempfile.TemporaryDirectory(prefix="pincite-sample-") as scratch:
        threads = len(os.sched_getaffinity(0))
        parser = ParserProcess(Path(scratch), ParserSettings.of(settings), threads=threads)
        try:
            for found in Sampler(parser, settings.ingestion).look(paths, number):
                if as_json:
                    write_json(found)
                elif isinstance(found, Sample):
                    _show(found)
        finally:
            parser.stop()


def _show(sample: Sample) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("file", "page", "read", "elements", "seconds", "note"):
        table.add_column(heading, overflow="fold")
    for one in sample.looked:
        table.add_row(*_row(one))
    console().print(table)
    for each in sample.refused[:_MOST_REFUSED]:
        console().print(Text(f"✗ {one_line(each.why or each.name)}"), soft_wrap=True)
    if len(sample.refused) > _MOST_REFUSED:
        console().print(Text(f"… and {len(sample.refused) - _MOST_REFUSED} more are not read"))
    files = ", ".join(f"{number} {medium}" for medium, number in sample.files.items())
    console().print(
        Text(
            f"{counted(sum(sample.files.values()), 'file')} ({files or 'none'}) with about "
            f"{counted(sample.units, 'page')}: some {clock(sample.seconds)} to read. "
            "Nothing was added."
        )
    )


def _row(one: Looked) -> tuple[str | Text, ...]:
    sure = f" {one.confidence:.0%}" if one.confidence is not None else ""
    how = Text(f"{HOW[one.how]}{sure}") if one.how else Text("not read", style="bold red")
    page = f"{one.unit} of {one.units}" if one.unit else ""
    note = Text(one_line(one.why or "", most=120))
    return (one_line(one.name), page, how, str(one.elements), f"{one.seconds:.2f}", note)
