"""Sources as tables of a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from serving.service import Accounted, Alike, SourceStatus, UnitStatus
from serving.terminal import console, one_line

STATES = {
    "complete": ("✓", "green"),
    "incomplete": ("!", "yellow"),
    "failed": ("✗", "bold red"),
    "reading": ("…", "cyan"),
    "pending": ("·", "dim"),
    "stopped": ("‖", "yellow"),
}
HOW = {
    "text_layer": "text layer",
    "ocr": "OCR",
    "speech": "speech",
    "mixed": "text layer and OCR",
    "empty": "empty",
}


def counted(number: int, word: str) -> str:
    """`1 page`, `3 pages`, `2 stretches`."""
    plural = "es" if word.endswith("h") else "s"
    return f"{number} {word}" if number == 1 else f"{number} {word}{plural}"


def read_so_far(status: SourceStatus) -> str:
    """`12 pages`, `11 of 12 pages`, `1 page failed` in one cell."""
    if not status.units_total:
        return ""
    done = counted(status.units_total, status.unit_name)
    if status.units_done < status.units_total:
        done = f"{status.units_done} of {done}"
    return f"{done}, {status.units_failed} failed" if status.units_failed else done


def state(status: SourceStatus) -> Text:
    mark, style = STATES[status.state]
    return Text(f"{mark} {status.state}", style=style)


def show_list(statuses: Sequence[SourceStatus]) -> None:
    if not statuses:
        console().print(Text("No sources yet; add some: pincite ingest FOLDER"))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "name", "collection", "state", "read"):
        table.add_column(heading, no_wrap=heading in {"id", "state"}, overflow="fold")
    for status in statuses:
        table.add_row(
            status.source.id,
            Text(one_line(status.source.name)),
            Text(one_line(status.source.collection)),
            state(status),
            Text(read_so_far(status)),
        )
    console().print(table)


def show_one(status: SourceStatus) -> None:
    source, out = status.source, console()
    out.print(Text.assemble((one_line(source.name), "bold"), "  ", state(status)))
    for label, value in _facts(status):
        out.print(Text.assemble((f"  {label:<11}", "dim"), one_line(value)))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (status.unit_name, "state", "how", "elements", "note"):
        table.add_column(heading)
    for unit in status.units:
        table.add_row(*_unit_row(unit))
    out.print(table)


def _facts(status: SourceStatus) -> Iterable[tuple[str, str]]:
    source = status.source
    yield "id", source.id
    yield "from", source.origin
    yield "collection", source.collection
    yield "readers", ", ".join(sorted(source.readers))
    yield "added", f"{source.added_at:%Y-%m-%d %H:%M} UTC"
    yield "read", read_so_far(status)
    if status.why:
        yield "why", status.why


def _unit_row(unit: UnitStatus) -> tuple[str | Text, ...]:
    style = {
        "failed": "bold red",
        "quarantined": "bold red",
        "skipped": "yellow",
        "low_confidence": "yellow",
    }.get(unit.state, "")
    how = HOW.get(unit.how or "", "")
    sure = f" {unit.confidence:.0%}" if unit.confidence is not None else ""
    return (
        str(unit.unit),
        Text(unit.state.replace("_", " "), style=style),
        f"{how}{sure}",
        str(unit.elements),
        Text(one_line(unit.why or "")),
    )


def show_accounted(found: Accounted) -> None:
    for loss in found.losses:
        where = f", {loss.unit}" if loss.unit else ""
        line = f" {one_line(loss.source.name)}{where}: {one_line(loss.why)}"
        console().print(Text.assemble(("✗", "bold red"), line), soft_wrap=True)
    for name in found.unopened:
        console().print(Text(f"· {one_line(name)} was not opened; see: pincite sources list"))
    what = f"{counted(found.sources, 'file')}, {counted(found.units, 'unit')}"
    missing = f"{counted(len(found.losses), 'loss')}." if found.losses else "nothing is missing."
    console().print(Text(f"{what}: {missing}"))


def show_alike(pairs: Sequence[Alike]) -> None:
    for pair in pairs:
        for source, note in ((pair.one, f"{pair.share:.0%} alike"), (pair.other, "")):
            name = one_line(f"{source.name}  ({source.origin})")
            console().print(Text(f"{note:<11} {source.id}  {name}"), soft_wrap=True)
    if not pairs:
        console().print(Text("No two sources say almost the same."))
