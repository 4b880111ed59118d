"""Which model that sees fits on which graphics card, and how vLLM is set up for it.

Memory is reckoned as weights in 16 bits, a fifth on top, and room for the context. None of these
was run by those who wrote the table: no graphics card and no hub were at hand. Licences are those
of the published weights.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from pincite.values import Value


class Size(Value):
    """Settings for cards from so much memory on."""

    gib: int = Field(ge=0)
    """Memory of the card, at least."""
    model: str
    """Repository on the hub."""
    licence: str
    context: int
    """Tokens of prompt and answer together."""
    side: int
    """Pixels of a picture's longer side that the model sees unshrunk."""
    tokens: int
    """That one such picture takes of the context, at most."""
    pictures: int
    """In one prompt, at most."""


SIZES: Final = (
    Size(gib=4, model="HuggingFaceTB/SmolVLM2-500M-Video-Instruct", licence="Apache-2.0",
         context=8_192, side=1_024, tokens=480, pictures=6),
    Size(gib=8, model="HuggingFaceTB/SmolVLM2-2.2B-Instruct", licence="Apache-2.0",
         context=8_192, side=1_152, tokens=1_000, pictures=4),
    Size(gib=14, model="Qwen/Qwen3-VL-4B-Instruct", licence="Apache-2.0",
         context=12_288, side=1_024, tokens=1_100, pictures=5),
    Size(gib=22, model="llava-hf/llava-onevision-qwen2-7b-ov-hf", licence="Apache-2.0",
         context=16_384, side=768, tokens=3_700, pictures=2),
    Size(gib=30, model="Qwen/Qwen3-VL-8B-Instruct", licence="Apache-2.0",
         context=24_576, side=1_280, tokens=1_700, pictures=6),
    Size(gib=90, model="Qwen/Qwen3-VL-32B-Instruct", licence="Apache-2.0",
         context=32_768, side=1_536, tokens=2_400, pictures=6),
)  # fmt: skip
"""By memory, ascending."""


def size_for(gib: float) -> Size | None:
    """The largest that fits; None below the smallest."""
    fitting = [size for size in SIZES if size.gib <= gib + 0.5]
    return fitting[-1] if fitting else None


def known(model: str) -> Size | None:
    """The entry of this model, whatever card it is meant for."""
    return next((size for size in SIZES if size.model.casefold() == model.casefold()), None)
