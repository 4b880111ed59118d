"""Pictures that a model drew because somebody asked for one.

They are no sources and no elements: nothing takes one of these values to index or to cite it, and
the bytes carry a mark by which ingestion refuses them (`pincite.drawing.marks`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NewType

from pydantic import Field, TypeAdapter, model_validator

from pincite.values import Value

GeneratedId = NewType("GeneratedId", str)
"""Opaque, random, unguessable; 20 lower-case hex digits."""

SEEDS = 1 << 32
LARGEST = 2048
"""Pixels of a side."""
GRID = 8
"""What sides are a multiple of; a model may ask for more."""

Side = Annotated[int, Field(ge=GRID, le=LARGEST, multiple_of=GRID)]


class PictureWish(Value):
    """What is to be drawn; what is left open is chosen by the settings, or by the model."""

    prompt: str = Field(min_length=1, max_length=2000)
    seed: int | None = Field(default=None, ge=0, lt=SEEDS)
    """The same one gives the same picture on one machine; None for any."""
    width: Side | None = None
    height: Side | None = None
    steps: int | None = Field(default=None, ge=1, le=200)
    guidance: float | None = Field(default=None, ge=0, le=50)
    """How closely the words are followed (classifier-free guidance); 1 is not at all closer."""

    @model_validator(mode="after")
    def _is_said(self) -> PictureWish:
        if not self.prompt.strip():
            raise ValueError("the prompt says nothing")
        if (self.width is None) != (self.height is None):
            raise ValueError("a size has a width and a height")
        return self


class Provenance(Value):
    """How a picture came to be; stands in the text fields of its PNG file."""

    prompt: str
    model: str
    weights: str = ""
    """SHA-256 over the files of the model; empty for a remote one."""
    endpoint: str = "local"
    """`local`, or the host that drew it."""
    seed: int | None
    """None, as for the next two, where the model was not told or does not know."""
    steps: int | None
    guidance: float | None
    generated_by: str
    """This program and its version."""


class GeneratedPicture(Value):
    """A picture that was drawn and kept; apart from all sources, and deletable."""

    id: GeneratedId
    provenance: Provenance
    width: int
    height: int
    size: int
    """Bytes of the file."""
    readers: frozenset[str] = frozenset({"local"})
    """Who may see it: who asked for it."""
    made_at: datetime
    """In UTC."""


# --- what a client sees while it waits -----------------------------------------------------------


class DrawingStep(Value):
    """A step is done; only models whose steps are known tell."""

    kind: Literal["step"] = "step"
    step: int = Field(ge=1)
    steps: int


class PictureDrawn(Value):
    """The last event."""

    kind: Literal["picture"] = "picture"
    picture: GeneratedPicture


DrawingEvent = Annotated[DrawingStep | PictureDrawn, Field(discriminator="kind")]
DRAWING_EVENT: TypeAdapter[DrawingEvent] = TypeAdapter(DrawingEvent)
