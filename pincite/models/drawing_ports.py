"""What Pincite asks of a model that draws; the promise is written here and only here."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import NamedTuple, Protocol

from pincite.generated import DrawingStep, PictureWish
from pincite.models.ports import Picture


class Drawing(NamedTuple):
    """What a model drew, and what it went by; None for what it was not told or does not know."""

    pixels: Picture
    seed: int | None
    steps: int | None
    guidance: float | None


class ImageGenerator(Protocol):
    """Draws a picture from words. Its pictures are never evidence: see `pincite.generated`."""

    @property
    def name(self) -> str: ...

    @property
    def endpoint(self) -> str:
        """`local`, or the host that prompts are sent to."""
        ...

    def draw(self, wish: PictureWish) -> AsyncGenerator[DrawingStep | Drawing, None]:
        """Yield a step whenever one is done, where steps are known, then exactly one `Drawing`.

        A model on this machine draws the same pixels for the same wish with a seed. Closing the
        generator ends the work before the next step; one picture is drawn at a time.

        Raises:
            UnsafePicture: the model's own safety checker refuses the words or the picture.
            UserError: a size or number that this model cannot do.
            SetupError: the model cannot be loaded as it is configured.
            ModelUnavailable: the back end did not answer; safe to retry.
        """
        ...

    def weights(self) -> str:
        """SHA-256 over the files of the model, 1 s per 2 GB; empty for a remote model."""
        ...
