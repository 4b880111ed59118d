"""What `pincite models` shows: tables for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pincite.errors import MissingModel, WrongHash
from pincite.models.manifest import Brought, LicenseClass, Role
from pincite.models.pull import PullReport
from pincite.models.store import ModelStore, State
from pincite.values import Value


class Row(Value):
    """A model of the manifest as it stands in the store."""

    name: str
    role: Role
    about: str
    state: State
    why: str | None = None
    """Of missing and damaged, with the command that mends it."""
    in_use: bool
    size: int
    """Bytes."""
    license: str
    license_class: LicenseClass


def rows(store: ModelStore, in_use: Sequence[str]) -> list[Row]:
    return [_row(store, name, in_use) for name in store.manifest.models]


def verified_rows(store: ModelStore, names: Iterable[str], in_use: Sequence[str]) -> list[Row]:
    """Reads every byte of the named models."""
    found: list[Row] = []
    for name in names:
        store.forget(name)
        found.append(_row(store, name, in_use))
    return found


def _row(store: ModelStore, name: str, in_use: Sequence[str]) -> Row:
    model = store.manifest.model(name)
    why: str | None = None
    state: State = "ready"
    try:
        store.path(name)
    except MissingModel as exc:
        state, why = "missing", str(exc)
    except (WrongHash, OSError) as exc:
        state, why = "damaged", str(exc)
    return Row(
        name=name,
        role=model.role,
        about=model.about,
        state=state,
        why=why,
        in_use=name in in_use,
        size=model.size,
        license=model.license,
        license_class=model.license_class,
    )


def show_rows(
    rows: Sequence[Row], folder: Path, *, as_json: bool, brought: Sequence[Brought] = ()
) -> None:
    """`brought`: weights that are not pinned, with their licences; not part of the store."""
    out = console()
    if as_json:
        listed = [row.model_dump(mode="json") for row in rows]
        shown: dict[str, object] = {"store": str(folder), "models": listed}
        if brought:
            shown["brought"] = [model.model_dump(mode="json") for model in brought]
        out.out(json.dumps(shown, indent=2), highlight=False)
        return
    table = _table("Model", "Role", "State", "Used", "Size", "Licence")
    for row in rows:
        used = "yes" if row.in_use else ""
        licence = _licence(row)
        table.add_row(row.name, row.role, row.state, used, megabytes(row.size), licence)
    out.print(table)
    if brought:
        out.print(_brought(brought))
    for row in rows:
        if row.state == "damaged" or (row.state == "missing" and row.in_use):
            out.print(row.why, soft_wrap=True, highlight=False, markup=False)
    out.print(f"Store: {folder}", soft_wrap=True, highlight=False, markup=False)


def show_report(report: PullReport) -> None:
    """One line per model; then, for what is lacking, every place that was tried and the loss."""
    out = console()
    if all(each.result == "already there" for each in report.outcomes):
        names = ", ".join(each.model for each in report.outcomes)
        out.print(f"Already in the store: {names}", soft_wrap=True, highlight=False, markup=False)
        return
    table = _table("Model", "Role", "Result", "Size", "Licence")
    for each in report.outcomes:
        table.add_row(each.model, each.role, each.result, megabytes(each.size), each.license)
    out.print(table)
    if not report.complete:
        out.print(_lacking(report))


def console() -> Console:
    """Standard output; wide enough for a table where it is no terminal."""
    found = Console()
    return found if found.is_terminal else Console(width=140)


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in titles:
        names = title in {"Model", "Tried"}
        table.add_column(title, justify="right" if title == "Size" else "left", no_wrap=names)
    return table


def _licence(model: Row | Brought) -> str:
    plain = model.license_class == "permissive"
    return model.license if plain else f"{model.license} ({model.license_class})"


def _brought(models: Sequence[Brought]) -> Table:
    table = _table("Model", "Role", "Fetched with", "Licence")
    table.title, table.title_justify = "Not pinned and never pulled; yours to bring", "left"
    for model in models:
        table.add_row(model.name, model.role, f"hf download {model.hub}", _licence(model))
    return table


def _lacking(report: PullReport) -> Table:
    table = _table("Model", "Tried", "Why not", "Not possible without it")
    table.title, table.title_justify = "Could not be had", "left"
    for each in report.outcomes:
        model, loss = each.model, each.disables
        for tried in each.tried:
            table.add_row(model, tried.source, tried.why, loss)
            model = loss = ""
    return table


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} kB"
