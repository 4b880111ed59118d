"""What a case looks like: a page or picture with boxes on it, drawn only for the HTML report."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pincite.values import Value

Tone = Literal["expected", "got", "wrong"]
"""Green, blue, red."""


class Mark(Value):
    """A box on the page; in points for a PDF, in pixels for a picture; origin top-left."""

    left: float
    top: float
    right: float
    bottom: float
    tone: Tone = "got"


class Sketch(Value):
    """A page of a file, what to outline on it, and which part to show."""

    file: Path
    page: int = 1
    marks: tuple[Mark, ...] = ()
    part: Mark | None = None
    """Where given, only this part is shown, with some room around it."""
    told: str = ""
    """What stands below it."""
