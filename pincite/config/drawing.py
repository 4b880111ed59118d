"""Which model draws pictures, if any; only when somebody asks for one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from pincite.config.sections import Section


class NoImageGenerator(Section):
    """No pictures are drawn."""

    kind: Literal["none"] = "none"


class DrawingSafety(Section):
    """Which words are refused before any model is asked."""

    word_list: bool = True
    """Whether the small list that ships is used: it stops the plainest requests only."""
    refused_words: tuple[str, ...] = ()
    """Further words, separated by commas."""


class FakeImageGenerator(DrawingSafety):
    """A deterministic stand-in that draws coloured bars; for tests of the plumbing."""

    kind: Literal["fake"] = "fake"


class DiffusersImageGenerator(DrawingSafety):
    """A local text-to-image pipeline of the library `diffusers` (extra `diffusion`)."""

    kind: Literal["diffusers"] = "diffusers"
    pipeline: str
    """A folder with `model_index.json` and weights in safetensors format, or `owner/name` or
    `owner/name@commit` in the cache that `hf download` fills; Stable Diffusion, SDXL, Flux, …"""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    steps: int = Field(default=30, ge=1, le=200)
    """Where a request does not say."""
    guidance: float = Field(default=5.0, ge=0, le=50)
    """Where a request does not say."""
    accept_non_commercial: bool = False
    """Needed for weights whose model card names a licence that forbids commercial use."""


class LiteLLMImageGenerator(DrawingSafety):
    """An OpenAI-style image endpoint that LiteLLM reaches; prompts are sent to it."""

    kind: Literal["litellm"] = "litellm"
    model: str
    """As LiteLLM spells it, e.g. `openai/my-model`."""
    api_base: str | None = None
    api_key: SecretStr | None = None
    timeout_s: float = Field(default=180, gt=0)


ImageGenerator = Annotated[
    NoImageGenerator | FakeImageGenerator | DiffusersImageGenerator | LiteLLMImageGenerator,
    Field(discriminator="kind"),
]
