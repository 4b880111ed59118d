"""What a person is told about ingestion: the state of each unit and source, and progress."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pincite.elements import Source, SourceId
from pincite.values import Value

UnitState = Literal[
    "pending", "reading", "done", "low_confidence", "skipped", "failed", "quarantined"
]
"""`skipped`: an operator can mend it; `failed`: nobody can; `quarantined`: it ended the parser
again and again, and is left alone until a person lets it out."""
SourceState = Literal["pending", "reading", "complete", "incomplete", "failed", "stopped"]
"""`stopped`: a person stopped it; what was read stays, the rest waits for a word."""
ReadHow = Literal["text_layer", "ocr", "speech", "mixed", "empty"]


class UnitStatus(Value):
    """What the ledger says of one page, picture, stretch or document."""

    unit: int
    state: UnitState
    how: ReadHow | None = None
    confidence: float | None = None
    why: str | None = None
    """Of what was not read, or waits for another try; of others, what the reader warned of."""
    seconds: float | None = None
    elements: int = 0


class SourceStatus(Value):
    """A source and what the ledger says of it; `complete` is never true beside a failed unit."""

    source: Source
    state: SourceState
    why: str | None = None
    """Of `failed`: nothing of the file could be read; of `stopped`: the way on."""
    units_total: int = 0
    units_done: int = 0
    units_failed: int = 0
    """Failed, skipped or in quarantine: not in the index, and the person should know."""
    unit_name: str = "page"
    units: tuple[UnitStatus, ...] = ()
    """Only where asked for."""


class Accepted(Value):
    """What became of one file that was offered."""

    name: str
    outcome: Literal["added", "already_there", "refused"]
    source: SourceId | None = None
    why: str | None = None
    """Of `refused`: one sentence."""


class IngestProgress(Value):
    """Sent while ingestion runs, at most a few times a second, and once at the end."""

    at: datetime
    accepted: tuple[Accepted, ...] = ()
    """New since the last progress."""
    finished: tuple[SourceStatus, ...] = ()
    """Sources that ended (complete, incomplete or failed) since the last progress."""
    units_done: int
    units_total: int
    """Grows while files are opened."""
    eta_s: float | None = None
    now: str = ""
    """What is being read, for a person."""
    done: bool = False
