"""What a reader promises. Readers run in a parser child: no network, limited memory and time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from pydantic import Field

from pincite.elements import Cell, ParsedElement
from pincite.values import Value

Cells = tuple[Cell, ...]


class Outline(Value):
    """What opening a file tells about it, before any unit is read."""

    units: int = Field(ge=1)
    """Pages of a PDF, stretches of a recording; 1 for a picture or an office file."""
    unit_name: Literal["page", "picture", "stretch", "document"]
    seconds: float | None = None
    """Length of a recording."""
    facts: dict[str, str] = Field(default_factory=dict)
    """Title, author, date and the like, as found in the file; untrusted."""
    dated: date | None = None
    """The day its metadata say it is of; filled in for every reader, see `ingestion.dates`."""


class UnitRead(Value):
    """What one unit gave."""

    elements: tuple[ParsedElement, ...] = ()
    """In reading order. Empty for an empty page, which is a fact, not a failure."""
    how: Literal["text_layer", "ocr", "speech", "mixed", "empty"]
    confidence: float | None = Field(default=None, ge=0, le=1)
    """Mean over the unit's guessed words, weighted by length."""
    warnings: tuple[str, ...] = ()
    """One sentence each, for the ledger."""
    page_size: tuple[float, float] | None = None
    """Width and height in PDF points, or pixels for a picture."""
    crops: dict[str, bytes] = Field(default_factory=dict)
    """PNG bytes by the blob key that an element's `crop` names."""


class Later(Value):
    """The unit needs a slower pass (OCR), which the caller has not allowed yet."""

    why: str


class Reader(Protocol):
    """Reads one file format.

    Raises (all methods):
        CorruptSource: the file cannot be read, now or ever; the message is one sentence.
        PasswordNeeded: encrypted, and the empty password does not open it.
        TooLarge: over a limit of `pincite.config.Ingestion`.
    """

    @property
    def version(self) -> str:
        """Changes whenever the same bytes would give other elements; names models it uses."""
        ...

    def outline(self, path: Path) -> Outline:
        """Open the file and count its units; cheap (no unit is read)."""
        ...

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead | Later:
        """Read one unit, counted from 1.

        With `slow=False` a unit that has no sound text of its own gives `Later` at once.
        """
        ...
