"""Settings: one frozen value, and the only place that reads the environment.

Order of precedence: `PINCITE_*` variables (`PINCITE_CHAT__MODEL` for `chat.model`), then
`pincite.toml` in the data folder (written by `pincite connect`), then the defaults below.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pincite.config.drawing import (
    DiffusersImageGenerator,
    FakeImageGenerator,
    ImageGenerator,
    LiteLLMImageGenerator,
    NoImageGenerator,
)
from pincite.config.encoders import (
    Encoder,
    FakeEncoder,
    FastEmbedEncoder,
    FastEmbedImages,
    Images,
    LabelImages,
    LiteLLMEncoder,
    NoImages,
    OnnxEncoder,
    OpenClipImages,
    Prefixes,
    SentenceTransformersEncoder,
)
from pincite.config.folders import data_folder
from pincite.config.language_models import (
    Captions,
    Chat,
    CrossEncoderReranker,
    FakeChat,
    Fallback,
    JudgeReranker,
    LiteLLMCaptions,
    LiteLLMChat,
    LiteLLMPictureJudge,
    LlamaCppChat,
    NoCaptions,
    NoChat,
    NoPictureJudge,
    NoReranker,
    OnnxReranker,
    PictureJudge,
    Rerank,
    Reranker,
    Seeing,
)
from pincite.config.parts import (
    Agent,
    Egress,
    Index,
    Ingestion,
    ModelStore,
    Retrieval,
    Server,
)
from pincite.config.reading_models import (
    Donut,
    Fields,
    Layout,
    LayoutLM,
    LayoutParser,
    Ocr,
    RapidLayout,
    RuleFields,
    Speech,
)
from pincite.config.sections import Section
from pincite.errors import BadSettings

__all__ = [
    "PREFIX",
    "Agent",
    "Captions",
    "Chat",
    "CrossEncoderReranker",
    "DiffusersImageGenerator",
    "Donut",
    "Egress",
    "Encoder",
    "FakeChat",
    "FakeEncoder",
    "FakeImageGenerator",
    "Fallback",
    "FastEmbedEncoder",
    "FastEmbedImages",
    "Fields",
    "ImageGenerator",
    "Images",
    "Index",
    "Ingestion",
    "JudgeReranker",
    "LabelImages",
    "Layout",
    "LayoutLM",
    "LayoutParser",
    "LiteLLMCaptions",
    "LiteLLMChat",
    "LiteLLMEncoder",
    "LiteLLMImageGenerator",
    "LiteLLMPictureJudge",
    "LlamaCppChat",
    "ModelStore",
    "NoCaptions",
    "NoChat",
    "NoImageGenerator",
    "NoImages",
    "NoPictureJudge",
    "NoReranker",
    "Ocr",
    "OnnxEncoder",
    "OnnxReranker",
    "OpenClipImages",
    "PictureJudge",
    "Prefixes",
    "RapidLayout",
    "Rerank",
    "Reranker",
    "Retrieval",
    "RuleFields",
    "Section",
    "Seeing",
    "SentenceTransformersEncoder",
    "Server",
    "Settings",
    "Speech",
    "child_environment",
]

PREFIX = "PINCITE_"


class Settings(BaseModel):
    """All settings of one installation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(default_factory=lambda: data_folder() / "library")
    models: ModelStore = ModelStore()
    chat: Chat = LlamaCppChat()
    encoder: Encoder = OnnxEncoder()
    ocr: Ocr = Ocr()
    layout: Layout = RapidLayout()
    fields: Fields = RuleFields()
    speech: Speech = Speech()
    captions: Captions = NoCaptions()
    picture_judge: PictureJudge = NoPictureJudge()
    images: Images = LabelImages()
    image_generator: ImageGenerator = NoImageGenerator()
    index: Index = Index()
    retrieval: Retrieval = Retrieval()
    reranker: Reranker = NoReranker()
    ingestion: Ingestion = Ingestion()
    agent: Agent = Agent()
    egress: Egress = Egress()
    server: Server = Server()

    @property
    def file(self) -> Path:
        """Where `pincite connect` writes its choice."""
        return self.data_dir / "pincite.toml"

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Self:
        """Read environment and file; `overrides` (from command-line options) win.

        Raises:
            BadSettings: a name is unknown or a value out of range; the message names it.
        """
        variables = _from_environment(os.environ if environ is None else environ)  # noqa: TID251
        data_dir = overrides.get("data_dir") or variables.get("data_dir") or cls().data_dir
        layers = (_from_file(Path(data_dir) / "pincite.toml"), variables, overrides)
        merged: dict[str, Any] = {section: {"kind": kind} for section, kind in _DEFAULTS.items()}
        for layer in layers:
            merged = _merge(merged, layer)
        try:
            return cls.model_validate(merged)
        except ValidationError as exc:
            raise BadSettings(_first_problem(exc)) from exc


def child_environment(**changes: str) -> dict[str, str]:
    """The environment for a child process: this one's, with `changes` laid over it."""
    return {**os.environ, **changes}  # noqa: TID251


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Nest `PINCITE_A__B=x` as {"a": {"b": "x"}}; comma-separated lists are split."""
    nested: dict[str, Any] = {}
    for name, value in environ.items():
        if not name.upper().startswith(PREFIX):
            continue
        path = name[len(PREFIX) :].lower().split("__")
        here = nested
        for part in path[:-1]:
            here = here.setdefault(part, {})
        here[path[-1]] = value.split(",") if path[-1] in _LISTS else value
    return nested


_DEFAULTS = {"chat": LlamaCppChat().kind, "encoder": OnnxEncoder().kind}
"""So that `PINCITE_CHAT__MODEL` alone is enough."""
_LISTS = {"sources", "allowed_hosts", "hosts", "templates", "refused_words"}
_KINDS = {"none", "fake", "llamacpp", "litellm"} | {
    "rapidlayout",
    "layoutlm",
    "layoutparser",
    "rules",
    "donut",
    "onnx",
    "cross_encoder",
    "judge",
    "fastembed",
    "sentence_transformers",
    "labels",
    "open_clip",
    "diffusers",
}


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as exc:
        raise BadSettings(f"{path} cannot be read: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise BadSettings(f"{path} is not valid TOML: {exc}") from exc


def _merge(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay `above` over `below`; a section that changes its `kind` is replaced as a whole."""
    merged = dict(below)
    for key, value in above.items():
        old, new = _section(merged.get(key)), _section(value)
        if old is not None and new is not None and new.get("kind") in (None, old.get("kind")):
            value = _merge(old, new)
        merged[key] = value
    return merged


def _section(value: object) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _first_problem(exc: ValidationError) -> str:
    problem = exc.errors()[0]
    keys = [str(part) for part in problem["loc"] if part not in _KINDS]
    variable = PREFIX + "__".join(keys).upper()
    if problem["type"] == "extra_forbidden":
        return f"no setting is called {variable} ({'.'.join(keys)}); see docs/settings.md"
    return f"{variable} ({'.'.join(keys)}): {problem['msg']}"
