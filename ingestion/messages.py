"""What a parser child and its parent say to each other; each value is one JSON frame."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from ingestion.readers.ports import Outline, UnitRead
from ingestion.sandbox import Confinement, Protection
from pincite.config import (
    Fields,
    Ingestion,
    Layout,
    ModelStore,
    Ocr,
    RapidLayout,
    RuleFields,
    Settings,
    Speech,
)
from pincite.values import Value

REGISTRY = "ingestion.readers.registry"


class ParserSettings(Value):
    """The settings that a parser needs; no address and no key is among them."""

    ingestion: Ingestion = Ingestion()
    ocr: Ocr = Ocr()
    speech: Speech = Speech()
    layout: Layout = RapidLayout()
    fields: Fields = RuleFields()
    models: ModelStore = ModelStore()

    @classmethod
    def of(cls, settings: Settings) -> ParserSettings:
        return cls(
            ingestion=settings.ingestion,
            ocr=settings.ocr,
            speech=settings.speech,
            layout=settings.layout,
            fields=settings.fields,
            models=settings.models,
        )


class Begin(Value):
    """The first thing a child hears, on which it gives up its rights."""

    confinement: Confinement
    settings: ParserSettings
    registry: str = REGISTRY
    """The module whose `reader_for` chooses readers."""


class Ready(Value):
    """The first thing a child says."""

    protections: tuple[Protection, ...]


class Describe(Value):
    """Which version of which reader would read such a file?"""

    kind: Literal["describe"] = "describe"
    media_type: str


class Open(Value):
    kind: Literal["open"] = "open"
    path: Path
    media_type: str


class Read(Value):
    kind: Literal["read"] = "read"
    path: Path
    media_type: str
    unit: int
    slow: bool


class Described(Value):
    kind: Literal["described"] = "described"
    parser: str
    """The reader's version."""


class OpenedFile(Value):
    kind: Literal["opened"] = "opened"
    parser: str
    """The reader's version."""
    outline: Outline


class UnitResult(Value):
    """Followed by one frame of bytes for each of `crops`, in order."""

    kind: Literal["unit"] = "unit"
    parser: str
    read: UnitRead
    """Without its crops."""
    crops: tuple[str, ...] = Field(default=(), max_length=500)


class Postponed(Value):
    kind: Literal["later"] = "later"
    parser: str
    why: str


class Refused(Value):
    """The reader raised; the child lives on."""

    kind: Literal["refused"] = "refused"
    error: str
    """Name of the class."""
    message: str


Request = Annotated[Describe | Open | Read, Field(discriminator="kind")]
REQUEST: TypeAdapter[Request] = TypeAdapter(Request)
Reply = Annotated[
    Described | OpenedFile | UnitResult | Postponed | Refused, Field(discriminator="kind")
]
REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
