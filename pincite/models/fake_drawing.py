"""A stand-in for a model that draws: bars whose colours follow from the words and the seed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator

import numpy as np

from pincite.generated import DrawingStep, PictureWish
from pincite.models.drawing_ports import Drawing

_SIDE = 256
_BARS = 8
_STEPS = 4


class FakeImageGenerator:
    """Implements `ImageGenerator`; the same words and seed give the same bars, everywhere."""

    name = "fake-drawing-1"
    endpoint = "local"

    def weights(self) -> str:
        return ""

    async def draw(self, wish: PictureWish) -> AsyncGenerator[DrawingStep | Drawing, None]:
        steps, seed = wish.steps or _STEPS, wish.seed or 0
        for step in range(1, steps + 1):
            await asyncio.sleep(0)
            yield DrawingStep(step=step, steps=steps)
        digest = hashlib.sha256(f"{seed} {wish.prompt}".encode()).digest()
        colours = np.frombuffer(digest[: 3 * _BARS], dtype=np.uint8).reshape(_BARS, 3)
        width, height = wish.width or _SIDE, wish.height or _SIDE
        row = colours[np.arange(width) * _BARS // width]
        yield Drawing(np.repeat(row[None], height, axis=0), seed, steps, wish.guidance)
