"""Which models write, describe pictures and judge what was found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from pincite.config.sections import Section


class NoChat(Section):
    """No language model: answers are verbatim quotes."""

    kind: Literal["none"] = "none"


class FakeChat(Section):
    """A deterministic stand-in that copies the best evidence; for tests of the plumbing."""

    kind: Literal["fake"] = "fake"


class Seeing(Section):
    """How much a model that sees is shown for one question."""

    picture_side: int = Field(default=1_024, ge=16)
    """Pixels of the longer side up to which the model sees a picture unshrunk; larger places are
    shown in parts."""
    picture_tokens: int = Field(default=1_280, ge=1)
    """Of the context that one picture takes, at most."""
    most_pictures: int = Field(default=6, ge=1)
    """For one question, parts of pictures included."""


class LlamaCppChat(Seeing):
    """A GGUF model of the model store, or a file of yours, run in this process by llama.cpp."""

    kind: Literal["llamacpp"] = "llamacpp"
    model: str = "qwen2.5-coder-1.5b-instruct"
    """A model of the store, or the path of a GGUF file of yours (`/…/model.gguf`)."""
    mmproj: str | None = None
    """Path of the GGUF file with the eyes of a model that sees (`mmproj-….gguf`)."""
    context: int = Field(default=4096, ge=512)
    """Tokens of prompt and answer together."""
    threads: int = Field(default=0, ge=0)
    """0 means one per core to read, and one fewer to write, which leaves room for the rest."""

    @property
    def file(self) -> Path | None:
        """The model where it is no name of the store."""
        return Path(self.model).expanduser() if self.model.endswith(".gguf") else None


class Fallback(Section):
    """Another model that LiteLLM reaches."""

    model: str
    """As LiteLLM spells it."""
    api_base: str | None = None
    api_key: SecretStr | None = None


def _from_json(told: object) -> object:
    """A variable of the environment holds JSON."""
    return json.loads(told) if isinstance(told, str) else told


class LiteLLMChat(Seeing):
    """Any model that LiteLLM reaches: Ollama, vLLM, an OpenAI-style endpoint, a provider."""

    kind: Literal["litellm"] = "litellm"
    model: str
    """As LiteLLM spells it, e.g. `ollama_chat/qwen3:8b` or `openai/my-model`."""
    api_base: str | None = None
    api_key: SecretStr | None = None
    timeout_s: float = Field(default=120, gt=0)
    vision: bool = False
    """Whether the model sees: cited figures, photos, tables and scans are then shown to it."""
    tools: bool = False
    """Whether the model calls tools: it then decides itself what to search, open, look at and
    compute; what it writes is checked as ever. For strong models only."""
    context: int = Field(default=8_192, ge=256)
    """Tokens of prompt and answer together, as the server is set up."""
    fallbacks: Annotated[tuple[Fallback, ...], BeforeValidator(_from_json)] = ()
    """Models that are asked in this order where those before them do not answer, as a JSON list:
    `[{"model": "openai/b", "api_base": "http://host:8000/v1"}]`. They see, call tools and have the
    context as this section says."""
    retries: int = Field(default=0, ge=0, le=5)
    """How often an endpoint is asked again that did not answer, or said that it is busy."""
    rpm: int | None = Field(default=None, ge=1)
    """Requests in a minute of the clock that one endpoint is sent; more go to the next one, or are
    not sent."""
    tpm: int | None = Field(default=None, ge=1)
    """Tokens in a minute that one endpoint reads and writes; the same holds beyond."""


Chat = Annotated[NoChat | FakeChat | LlamaCppChat | LiteLLMChat, Field(discriminator="kind")]


class NoCaptions(Section):
    """Pictures are found by the text in them and around them only."""

    kind: Literal["none"] = "none"


class LiteLLMCaptions(Section):
    """A model that sees describes figures and photos; its words find, and never support."""

    kind: Literal["litellm"] = "litellm"
    model: str
    """As LiteLLM spells it, e.g. `ollama_chat/qwen2.5vl:3b` or `openai/my-model`."""
    api_base: str | None = None
    api_key: SecretStr | None = None
    timeout_s: float = Field(default=120, gt=0)


Captions = Annotated[NoCaptions | LiteLLMCaptions, Field(discriminator="kind")]


class NoPictureJudge(Section):
    """Claims that rest on a chart or a photo alone are not checkable."""

    kind: Literal["none"] = "none"


class LiteLLMPictureJudge(Section):
    """A model that sees looks at cited charts and photos where text does not bear a claim out."""

    kind: Literal["litellm"] = "litellm"
    model: str
    """As LiteLLM spells it, e.g. `ollama_chat/qwen2.5vl:3b` or `openai/my-model`."""
    api_base: str | None = None
    api_key: SecretStr | None = None
    timeout_s: float = Field(default=60, gt=0)


PictureJudge = Annotated[NoPictureJudge | LiteLLMPictureJudge, Field(discriminator="kind")]


class NoReranker(Section):
    """What was found stays in the order of the fused lists."""

    kind: Literal["none"] = "none"


class Rerank(Section):
    """What every reranker is given."""

    top: int = Field(default=24, ge=1)
    """Passages that are looked at once more, the best ones."""
    seconds: float = Field(default=2, gt=0)
    """After that time no further batch is begun; the rest keeps its order."""


class OnnxReranker(Rerank):
    """A cross-encoder by ONNX Runtime, from your own folder: no torch."""

    kind: Literal["onnx"] = "onnx"
    folder: str
    """A folder, or `owner/name` or `owner/name@commit` in the cache that `hf download` fills, with
    `model.onnx` (or `onnx/model.onnx`), `tokenizer.json` and `config.json`."""
    threads: int = Field(default=0, ge=0)


class CrossEncoderReranker(Rerank):
    """A cross-encoder of `sentence-transformers` (extra `rerank`)."""

    kind: Literal["cross_encoder"] = "cross_encoder"
    checkpoint: str
    """A folder, or `owner/name` or `owner/name@commit` in the cache that `hf download` fills."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    accept_non_commercial: bool = False


class JudgeReranker(Rerank):
    """A chat model that says yes or no to each passage; one that sees is shown pictures."""

    kind: Literal["judge"] = "judge"
    model: str
    """As LiteLLM spells it, e.g. `ollama_chat/qwen2.5vl:3b` or `openai/my-model`."""
    api_base: str | None = None
    api_key: SecretStr | None = None
    timeout_s: float = Field(default=60, gt=0)
    sees: bool = True
    """False for a model that takes text only."""


Reranker = Annotated[
    NoReranker | OnnxReranker | CrossEncoderReranker | JudgeReranker, Field(discriminator="kind")
]
