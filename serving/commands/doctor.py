"""`pincite doctor`: what works, what does not, and the command that mends it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pincite.config import Settings
    from serving.diagnosis.findings import Check, Diagnosis, State


class Tried(StrEnum):
    """What `--model` tries."""

    IMAGE = "image"


Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Model = Annotated[
    Tried | None, typer.Option(help="Try this model instead: image finds drawn shapes by words.")
]


def doctor(*, as_json: Json = False, model: Model = None) -> None:
    """Say what works and what mends the rest; exit code 1 where something configured is broken."""
    from serving.terminal import write_json

    found = examine() if model is None else tried()
    if as_json:
        write_json(found)
    else:
        _show(found)
    if not found.healthy:
        raise typer.Exit(1)


def tried() -> Diagnosis:
    """The encoder of pictures on pictures that are drawn here. Raises BadSettings."""
    from pincite.config import Settings
    from pincite.models.store import ModelStore
    from serving.diagnosis import pictures
    from serving.diagnosis.findings import diagnose

    settings = Settings.load()
    store = ModelStore(settings.models)
    return diagnose([(pictures.AREA, lambda: pictures.probed(settings, store))])


def examine() -> Diagnosis:
    """Settings that cannot be read are a finding too; what needs none is still looked at."""
    from pincite.config import Settings
    from pincite.errors import BadSettings
    from serving.diagnosis import machine
    from serving.diagnosis.findings import Diagnosis, Finding, diagnose

    checks: list[Check] = [
        ("python", machine.python),
        ("packages", machine.packages),
        ("packages", machine.native),
    ]
    try:
        settings = Settings.load()
    except BadSettings as exc:
        mend = "correct it; docs/settings.md lists every setting"
        broken = Finding(area="settings", state="broken", says=str(exc), mend=mend)
        return Diagnosis(findings=(broken, *diagnose(checks).findings))
    return diagnose([*checks, *_checks_of(settings)])


def _checks_of(settings: Settings) -> list[Check]:
    from pincite.config import LlamaCppChat
    from pincite.models.store import ModelStore
    from serving.diagnosis import (
        answering,
        leaving,
        library,
        machine,
        pictures,
        reading,
        refusing,
        searching,
    )

    store = ModelStore(settings.models)
    local = isinstance(settings.chat, LlamaCppChat)
    needed = (5 if local else 3) * machine.GIB // 2
    return [
        ("disk", lambda: machine.disk(settings.data_dir, "the library")),
        ("disk", lambda: machine.disk(store.dir, "weights")),
        ("memory", lambda: machine.memory(needed, "reading and answering")),
        ("data folder", lambda: library.folder(settings)),
        ("models", lambda: reading.weights(settings, store)),
        ("reading", reading.office),
        ("reading", reading.sandbox),
        (pictures.AREA, lambda: pictures.configured(settings, store)),
        ("search", lambda: answering.encoder(settings, store)),
        ("index", lambda: answering.index(settings.index)),
        ("search", lambda: searching.reranker(settings.reranker)),
        (refusing.AREA, refusing.reader),
        ("answers", lambda: answering.chat(settings, store)),
        (leaving.AREA, lambda: leaving.egress(settings)),
    ]


def _show(found: Diagnosis) -> None:
    from rich.text import Text

    from serving.terminal import console, plain

    marks: dict[State, tuple[str, str]] = {
        "works": ("✓", "green"),
        "off": ("–", "dim"),
        "unchecked": ("?", "dim"),
        "degraded": ("!", "yellow"),
        "broken": ("✗", "red"),
    }
    out = console()
    for finding in found.findings:
        mark, style = marks[finding.state]
        line = Text.assemble((mark, style), f" {finding.area}: {plain(finding.says)}")
        out.print(line, soft_wrap=True)
        if finding.mend and finding.state != "works":
            out.print(f"    → {finding.mend}", soft_wrap=True)
    out.print("Everything configured works." if found.healthy else "Something is broken.")
