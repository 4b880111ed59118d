"""Settings → studio. Imports stand inside the arms, so that only what is chosen is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from pincite.config import (
    DiffusersImageGenerator,
    FakeImageGenerator,
    ImageGenerator,
    LiteLLMImageGenerator,
    NoImageGenerator,
)
from pincite.drawing.safety import SMALL_LIST, WordList
from pincite.drawing.shelf import FOLDER, Shelf
from pincite.drawing.studio import LocalStudio
from pincite.egress import Egress
from pincite.models import drawing_ports
from pincite.models.outgoing import HERE_ONLY, Outgoing


def studio(
    settings: ImageGenerator,
    data_dir: Path,
    outgoing: Outgoing = HERE_ONLY,
    egress: Egress | None = None,
    *,
    version: str,
) -> LocalStudio:
    """Loads no weights. Without `egress` no words leave this machine."""
    words: frozenset[str] = frozenset()
    if not isinstance(settings, NoImageGenerator):
        words = (SMALL_LIST if settings.word_list else words) | {*settings.refused_words}
    return LocalStudio(
        image_generator(settings, outgoing),
        WordList(words),
        Shelf(data_dir / FOLDER),
        egress,
        version=version,
    )


def image_generator(
    settings: ImageGenerator, outgoing: Outgoing = HERE_ONLY
) -> drawing_ports.ImageGenerator | None:
    """None where none is configured."""
    match settings:
        case NoImageGenerator():
            return None
        case FakeImageGenerator():
            from pincite.models.fake_drawing import FakeImageGenerator as Fake

            return Fake()
        case DiffusersImageGenerator():
            from pincite.models.diffusers_drawing import DiffusersGenerator

            return DiffusersGenerator(settings)
        case LiteLLMImageGenerator():
            from pincite.models.litellm_drawing import LiteLLMGenerator

            return LiteLLMGenerator(settings, outgoing)
        case _:
            assert_never(settings)
