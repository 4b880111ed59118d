"""The checker's word on a claim."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from pincite.elements import ElementId
from pincite.values import Value


class Label(StrEnum):
    """The checker's word on a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"
    NOT_CHECKABLE = "not_checkable"


class Verdict(Value):
    """The checker's finding on one claim."""

    label: Label
    probability: float = Field(ge=0, le=1)
    """That the claim is supported."""
    supports: tuple[ElementId, ...] = ()
    """Elements that bear it out (or contradict it), strongest first."""
    reason: str
    """One sentence for the reader."""
    read_confidence: float | None = None
    """The lowest OCR or speech confidence among what it rests on."""
    invented: tuple[int, ...] = ()
    """Citation numbers in the claim that name no evidence."""
    doubtful: tuple[tuple[int, int], ...] = ()
    """Characters [start, end) of the claim's text that are not borne out, where a checker can tell
    that of some words only; else empty."""
    computed_from: tuple[str, ...] = ()
    """Figures, as they are written in the elements, from which code worked out what the claim says;
    empty where a checker read it."""
