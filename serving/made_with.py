"""Versions and thresholds that answers record, and that a dossier names."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from pincite.answers import MadeWith
from pincite.config import Settings
from pincite.grounding.checking import SpotChecker
from pincite.grounding.visual import SEEN, VisualChecker
from pincite.index.folder import SCHEMA
from pincite.index.words import Bm25Words
from pincite.models.ports import ClaimChecker, TextEncoder


def product_version() -> str:
    try:
        return version("pincite")
    except PackageNotFoundError:  # run from a checkout
        return "0"


def made_with(settings: Settings, encoder: TextEncoder, checker: ClaimChecker) -> MadeWith:
    return MadeWith(
        product=product_version(),
        checker=checker.id,
        encoder=encoder.id,
        index=f"{settings.index.kind}, words {Bm25Words().id}, layout {SCHEMA}",
        thresholds=_thresholds(checker),
    )


def _thresholds(checker: ClaimChecker) -> dict[str, float]:
    told: dict[str, float] = {}
    if isinstance(checker, SpotChecker | VisualChecker):
        told["a claim is called supported from a probability of"] = checker.supported_from
    if isinstance(checker, VisualChecker):
        told["a claim that a model sees in its picture has a probability of"] = SEEN
    return told
