"""An extraction in a terminal: a bar while it runs, then the table, what is missing, and sums."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Column as Shown
from rich.table import Table
from rich.text import Text

from agent.extracting.figures import Figure, figures
from pincite.answers import Label
from pincite.extractions import Cell, Extracted, Extracting, Extraction, FoundCell
from serving.terminal import console, one_line, write_json

_MARKS: Final = {
    Label.SUPPORTED: ("✓", "green"),
    Label.CONTRADICTED: ("✗", "red"),
    Label.UNSUPPORTED: ("?", "yellow"),
    Label.NOT_CHECKABLE: ("–", "dim"),
}
_MOST_ROWS: Final = 60
"""In a terminal; a file has them all."""
_MOST_NAMES: Final = 8


class JsonLines:
    """An event a line."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None: ...

    def show(self, event: Extracting | Extracted) -> None:
        write_json(event)

    def finish(self, table: Extraction, out: Path | None) -> None: ...


class Lines:
    """A bar on a terminal; the rest at the end, everywhere."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.fields[now]}", markup=False, table_column=Shown(no_wrap=True)),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files", markup=False),
            console=console(),
            transient=True,
            disable=not console().is_terminal,
        )
        self._task: TaskID | None = None
        self._kept = 0

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task("", now="Looking at files", total=None)
        return self

    def __exit__(self, *exc: object) -> None:
        self._bar.stop()

    def show(self, event: Extracting | Extracted) -> None:
        if isinstance(event, Extracting) and self._task is not None:
            self._kept += event.kept
            now = one_line(event.name, most=40)
            self._bar.update(self._task, completed=event.done, total=event.total, now=now)

    def finish(self, table: Extraction, out: Path | None) -> None:
        if out is None:
            _show(table)
        for line in (*summary(table), *_sums(table)):
            console().print(Text(line))
        if self._kept:
            console().print(Text(f"{self._kept} files read as before and were not looked at anew."))
        if out is not None:
            console().print(Text(f"Wrote {len(table.rows)} rows to {out}."))


def _show(table: Extraction) -> None:
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("file", overflow="fold")
    for column in table.asked.columns:
        right = column.kind in ("amount", "number")
        shown.add_column(one_line(column.name), justify="right" if right else "left")
    for row in table.rows[:_MOST_ROWS]:
        name = one_line(row.name, most=40) + (f" #{row.item}" if row.item else "")
        shown.add_row(Text(name), *map(_cell, row.cells))
    console().print(shown)
    if len(table.rows) > _MOST_ROWS:
        more = f"… and {len(table.rows) - _MOST_ROWS} more rows; --out table.csv has them all"
        console().print(Text(more, style="dim"))


def _cell(cell: Cell) -> Text:
    if not isinstance(cell, FoundCell):
        return Text("·", style="dim")
    mark, style = _MARKS[cell.verdict.label]
    return Text.assemble((mark, style), " ", one_line(str(cell.value), most=48))


def summary(table: Extraction) -> list[str]:
    """What was looked at, which files have no value, and which were not read."""
    read = sum(file.state == "read" for file in table.files)
    lines = [f"{read} of {len(table.files)} files were read whole; {len(table.rows)} rows."]
    for column in table.asked.columns:
        if without := table.without(column.name):
            lines.append(f"No {one_line(column.name)} in {len(without)} files: {_listed(without)}.")
    for file in table.not_whole:
        told = "partly read" if file.state == "partly" else "not in the table"
        lines.append(f"{one_line(file.name)}: {told}, {one_line(file.why)}.")
    return lines


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name) for name in names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def _sums(table: Extraction) -> list[str]:
    return [_said(figure) for figure in figures(table) if figure.what in ("sum", "min", "max")]


def _said(figure: Figure) -> str:
    parts = [f"over {len(figure.cells)} cells"]
    if figure.unsure:
        parts.append(f"{figure.unsure} of them not supported")
    if figure.other:
        parts.append(f"{figure.other} in another currency, or in none, left out")
    value = one_line(str(figure.value))
    return f"{one_line(figure.column)}, {figure.what}: {value} ({', '.join(parts)})."
