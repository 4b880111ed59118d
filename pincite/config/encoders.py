"""Which models make vectors of texts and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from pincite.config.sections import Section


class Prefixes(Section):
    """What an encoder sets before texts; None takes what the model's own files say."""

    query_prefix: str | None = None
    """Before a question, as some models want it: `query: ` for E5."""
    document_prefix: str | None = None
    """Before a passage, such as `passage: `; another one means that all is embedded anew."""


class OnnxEncoder(Prefixes):
    """Text vectors by ONNX Runtime, without torch: the default."""

    kind: Literal["onnx"] = "onnx"
    model: str = "all-minilm-l6-v2-int8"
    """A model of the store; or a folder, or `owner/name` in the cache that `hf download` fills,
    with `model.onnx` (or `onnx/model.onnx`), `tokenizer.json` and `config.json`."""
    precision: Literal["auto", "float", "int8"] = "auto"
    """`int8` computes with int8 weights as they are, nearly three times as fast; `float` turns them
    into floats first. `auto` is `int8` for a model of the store, `float` for your own."""
    threads: int = Field(default=0, ge=0)


class FastEmbedEncoder(Prefixes):
    """A model of the library `fastembed` (extra `fastembed`), without torch."""

    kind: Literal["fastembed"] = "fastembed"
    model: str
    """As fastembed lists it, such as `BAAI/bge-small-en-v1.5`."""
    folder: Path | None = None
    """With its files; without it they are taken from the cache that `hf download` fills."""
    threads: int = Field(default=0, ge=0)


class SentenceTransformersEncoder(Prefixes):
    """A model of the library `sentence-transformers` (extra `rerank`), with torch."""

    kind: Literal["sentence_transformers"] = "sentence_transformers"
    checkpoint: str
    """A folder, or `owner/name` or `owner/name@commit` in the cache that `hf download` fills."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    batch: int = Field(default=32, ge=1)
    dimensions: int | None = Field(default=None, ge=1)
    """The first so many numbers of each vector, for models that were trained for that."""
    accept_non_commercial: bool = False


class LiteLLMEncoder(Prefixes):
    """An embedding endpoint that LiteLLM reaches, such as vLLM, Ollama or a provider."""

    kind: Literal["litellm"] = "litellm"
    model: str
    """As LiteLLM spells it, e.g. `openai/my-model`."""
    dimensions: int = Field(ge=1)
    """Of the vectors that it gives."""
    api_base: str | None = None
    api_key: SecretStr | None = None
    timeout_s: float = Field(default=60, gt=0)
    batch: int = Field(default=64, ge=1)
    """Texts in one request."""


class FakeEncoder(Section):
    """A deterministic stand-in that knows shared words only; for tests of the plumbing."""

    kind: Literal["fake"] = "fake"
    dimensions: int = Field(default=128, ge=1)


Encoder = Annotated[
    OnnxEncoder | FastEmbedEncoder | SentenceTransformersEncoder | LiteLLMEncoder | FakeEncoder,
    Field(discriminator="kind"),
]


class NoImages(Section):
    """Pictures are found by the text in them and around them only."""

    kind: Literal["none"] = "none"


class LabelImages(Section):
    """Photos are found by the names of what a small classifier sees; no CLIP weights needed."""

    kind: Literal["labels"] = "labels"
    threads: int = Field(default=0, ge=0)


class OpenClipImages(Section):
    """A CLIP or SigLIP model of the library `open_clip` (extra `openclip`), with torch."""

    kind: Literal["open_clip"] = "open_clip"
    checkpoint: str
    """A folder, or `owner/name` or `owner/name@commit` in the cache that `hf download` fills."""
    architecture: str | None = None
    """As open_clip names it, such as `ViT-B-32`, for weights without `open_clip_config.json`."""
    templates: tuple[str, ...] = ()
    """Sentences around a question, with `{}` in its place; empty takes a set of five."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    batch: int = Field(default=16, ge=1)
    accept_non_commercial: bool = False


class FastEmbedImages(Section):
    """A CLIP model as ONNX files, by the library `fastembed` (extra `fastembed`); no torch."""

    kind: Literal["fastembed"] = "fastembed"
    texts: str = "Qdrant/clip-ViT-B-32-text"
    pictures: str = "Qdrant/clip-ViT-B-32-vision"
    texts_folder: Path | None = None
    """With the files of `texts`; without it they are taken from the cache of `hf download`."""
    pictures_folder: Path | None = None
    threads: int = Field(default=0, ge=0)


Images = Annotated[
    NoImages | LabelImages | OpenClipImages | FastEmbedImages, Field(discriminator="kind")
]
