"""Progress of ingestion in a terminal: a bar while it runs, a table of every file at the end."""

from __future__ import annotations

from typing import Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
)
from rich.table import Column, Table
from rich.text import Text

from serving.commands.sources_text import read_so_far, state
from serving.exit_codes import USER
from serving.places import clock
from serving.service import Accepted, IngestProgress, SourceStatus
from serving.terminal import console, one_line, write_json


class Outcome:
    """What became of every file, gathered from the reports."""

    def __init__(self) -> None:
        self.accepted: list[Accepted] = []
        self.finished: dict[str, SourceStatus] = {}

    def add(self, report: IngestProgress) -> None:
        self.accepted += report.accepted
        self.finished |= {status.source.id: status for status in report.finished}

    def status(self, accepted: Accepted) -> SourceStatus | None:
        return self.finished.get(accepted.source) if accepted.source else None

    def is_useful(self, accepted: Accepted) -> bool:
        status = self.status(accepted)
        return accepted.outcome != "refused" and (status is None or status.state != "failed")

    @property
    def exit_code(self) -> int:
        """0 where at least one file is now in the library."""
        return 0 if any(map(self.is_useful, self.accepted)) else USER


class JsonLines:
    """Every report as one line of JSON."""

    def __init__(self) -> None:
        self.outcome = Outcome()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        return

    def show(self, report: IngestProgress) -> None:
        self.outcome.add(report)
        write_json(report)


class Lines:
    """A bar on a terminal, and a table at the end everywhere."""

    def __init__(self, *, quiet: bool = False) -> None:
        """`quiet`: no word where no file was offered."""
        self._quiet = quiet
        self.outcome = Outcome()
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[now]}", markup=False, table_column=Column(no_wrap=True)),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("pages {task.fields[eta]}", markup=False),
            console=console(),
            transient=True,
            disable=not console().is_terminal,
        )
        self._task: TaskID | None = None
        self._told = False

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task("", now="Looking at files", eta="", total=None)
        return self

    def __exit__(self, *exc: object) -> None:
        self._bar.stop()
        if self.outcome.accepted:
            _show_table(self.outcome)
        elif not self._quiet:
            console().print(Text("No files found."))

    def show(self, report: IngestProgress) -> None:
        self.outcome.add(report)
        if self._task is None:
            return
        self._bar.update(
            self._task,
            completed=report.units_done,
            total=report.units_total or None,
            now=one_line(report.now, most=40) or "Reading",
            eta=f"· {clock(report.eta_s)} left" if report.eta_s and report.eta_s >= 1 else "",
        )


def _show_table(outcome: Outcome) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("file", "result", "read", "note"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "result")
    for accepted in outcome.accepted:
        table.add_row(Text(one_line(accepted.name)), *_result(accepted, outcome))
    console().print(table)
    useful = sum(map(outcome.is_useful, outcome.accepted))
    console().print(Text(f"{useful} of {len(outcome.accepted)} files are in the library."))


def _result(accepted: Accepted, outcome: Outcome) -> tuple[Text, Text, Text]:
    status = outcome.status(accepted)
    if accepted.outcome == "refused":
        return Text("✗ refused", style="bold red"), Text(), Text(one_line(accepted.why or ""))
    if status is None:
        already = accepted.outcome == "already_there"
        return Text("= already there" if already else "… added", style="dim"), Text(), Text()
    return state(status), Text(read_so_far(status)), Text(_note(status))


def _note(status: SourceStatus) -> str:
    """The sentence for what failed; of several failed units the first."""
    if status.why:
        return one_line(status.why)
    failed = [unit for unit in status.units if unit.state in {"failed", "skipped", "quarantined"}]
    if not failed:
        return ""
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    return f"{status.unit_name} {failed[0].unit}: {one_line(failed[0].why or '')}{more}"
