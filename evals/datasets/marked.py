"""Text with its place on a scan, as people marked it; shared by the sets of scanned pages."""

from __future__ import annotations

from pathlib import Path

from pincite.values import Value


class MarkedText(Value):
    """A word or a line; box in pixels of the picture, origin top-left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class MarkedPage(Value):
    """A scanned page and all the text on it, in no promised order."""

    id: str
    """File name without its ending."""
    split: str
    image: Path
    texts: tuple[MarkedText, ...]
