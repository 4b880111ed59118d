"""Tables and JSON of an answer as a terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pincite.answers import CheckedSentence, Label
from pincite.structured import Datum, Structured
from serving.terminal import one_line, plain

MARKS: dict[Label, tuple[str, str]] = {
    Label.SUPPORTED: ("✓", "green"),
    Label.CONTRADICTED: ("✗", "bold red"),
    Label.UNSUPPORTED: ("?", "yellow"),
    Label.NOT_CHECKABLE: ("–", "dim"),
}


def show_places(out: Console, data: Structured, sentence: CheckedSentence) -> None:
    """JSON as it is, so that it can be copied; a table with the mark of each cell."""
    if data.form == "json":
        out.print(plain(sentence.text), soft_wrap=True)
    else:
        out.print(_table(data))
    for line in _open(data):
        out.print(Text(f"  {line}", style="dim"))


def _table(data: Structured) -> Table:
    table = Table()
    for head in data.columns:
        table.add_column(one_line(head), overflow="fold")
    cells = {datum.path: datum for datum in data.data}
    for row, name in enumerate(data.rows):
        told = (cells[row, head] for head in data.columns[1:])
        table.add_row(one_line(name), *map(_cell, told))
    return table


def _cell(datum: Datum) -> Text:
    if datum.verdict is None:
        return Text("·", style="dim")
    mark, style = MARKS[datum.verdict.label]
    numbers = "".join(f"[{number}]" for number in datum.cites)
    return Text.assemble((mark, style), f" {one_line(datum.written)} ", (numbers, "cyan"))


def _open(data: Structured) -> Iterator[str]:
    """Why there is no value, or why one is not sure, each reason once."""
    seen: dict[str, list[str]] = {}
    for datum in data.data:
        name = ".".join(str(part) for part in datum.path)
        if datum.value is None:
            seen.setdefault(one_line(datum.why), []).append(name)
        elif datum.verdict is not None and not datum.is_supported:
            why = f"{one_line(datum.written)}: {one_line(datum.verdict.reason)}"
            seen.setdefault(why, []).append("")
    for why, names in seen.items():
        told = ", ".join(filter(None, names)) if data.form == "json" else ""
        yield f"{told}: {why}" if told else why
