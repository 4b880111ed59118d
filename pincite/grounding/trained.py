"""The trained checker: a small cross-encoder reads the claim beside the nearest of the evidence.

Its reading and what the rules find in the same window are weighed by a logistic function that was
fitted on a validation part, so that a probability of 0.8 is right about eight times in ten. Card:
docs/checker.md.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import Field

from pincite.answers import Label
from pincite.grounding.checking import Judgement, SpotChecker
from pincite.grounding.evidence_window import Window, window
from pincite.grounding.signals import ByRule, Signals, by_rule, signals
from pincite.grounding.spots import Spot
from pincite.models.onnx_claim_checker import ClaimReading, OnnxClaimModel
from pincite.values import Value

_WORD: Final = re.compile(r"[$€£]?\w+(?:[.,'’:-]\w+)*%?|[^\w\s]+")
SHOWN: Final = 2
"""Spots that a verdict points at."""
WINDOWS: Final = 1
"""Of the evidence that are read for a claim, at most."""


class Calibration(Value):
    """`checker.json` beside the weights, as the training command writes it."""

    weights: dict[str, float]
    """One for each of the `Signals`."""
    bias: float
    supported_from: float = Field(gt=0, lt=1)
    """Probability from which a claim is called supported: the one operating point."""
    doubtful_from: float = 0.0
    """Logit of a mark from which its word is shown as not borne out."""

    def probability(self, found: Signals) -> float:
        pairs = zip(Signals._fields, found, strict=True)
        total = self.bias + sum(self.weights[name] * value for name, value in pairs)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


class _Read(NamedTuple):
    """One window, and what became of the claim in it."""

    near: Window
    reading: ClaimReading
    rules: ByRule
    probability: float


class TrainedJudge:
    """Implements `SpotJudge`; loads its weights at the first claim.

    Long evidence is read in up to `windows` windows, each of the nearest that is left: a further
    one only where none so far bears the claim out. The one that supports most counts.
    """

    def __init__(self, folder: Path, *, threads: int = 1, windows: int = WINDOWS) -> None:
        self._model = OnnxClaimModel(folder, threads=threads)
        told = json.loads((folder / "checker.json").read_text(encoding="utf-8"))
        self._calibration = Calibration.model_validate(told)
        self._windows = windows

    @property
    def id(self) -> str:
        return f"trained-1/{self._model.id}"

    @property
    def supported_from(self) -> float:
        return self._calibration.supported_from

    def judge(self, claim: str, spots: Sequence[Spot]) -> Judgement:
        found = self._read(claim, spots)
        label = self._label(found)
        doubtful = doubtful_words(claim, found.reading, self._calibration.doubtful_from)
        reason = _reason(label, _longest(claim, doubtful), found.rules)
        return Judgement(label, found.probability, reason, found.near.spots[:SHOWN], doubtful)

    def _read(self, claim: str, spots: Sequence[Spot]) -> _Read:
        best = self._read_window(claim, window(claim, spots))
        read = {id(spot) for spot in best.near.spots}
        for _ in range(self._windows - 1):
            left = [spot for spot in spots if id(spot) not in read]
            if best.probability >= self.supported_from or not left:
                break
            more = self._read_window(claim, window(claim, left))
            read.update(id(spot) for spot in more.near.spots)
            best = max(best, more, key=lambda each: each.probability)
        return best

    def _read_window(self, claim: str, near: Window) -> _Read:
        reading = self._model.read(near.text, claim)
        rules = by_rule(claim, near)
        logits = (reading.supported, reading.contradicted, reading.unsupported)
        worst = max((mark.logit for mark in reading.marks), default=0.0)
        found = signals(claim, logits, worst, rules)
        return _Read(near, reading, rules, self._calibration.probability(found))

    def _label(self, found: _Read) -> Label:
        if found.probability >= self.supported_from:
            return Label.SUPPORTED
        against = found.reading.contradicted > found.reading.unsupported
        return Label.CONTRADICTED if against else Label.UNSUPPORTED


class TrainedChecker(SpotChecker):
    """Implements `ClaimChecker` by the weights in a folder, as the training command writes it."""

    def __init__(self, folder: Path, *, threads: int = 1, windows: int = WINDOWS) -> None:
        super().__init__(TrainedJudge(folder, threads=threads, windows=windows))


def _reason(label: Label, doubtful: str, rules: ByRule) -> str:
    if label is Label.SUPPORTED:
        return "The source says so in other words."
    if label is Label.CONTRADICTED:
        what = f" about “{doubtful}”" if doubtful else ""
        return f"The source says something else{what}."
    for missing, what in ((rules.numbers, "figure"), (rules.names, "name")):
        if missing:
            return f"The {what} “{missing[0]}” is not in the source."
    if doubtful:
        return f"The source does not say “{doubtful}”."
    return "The source speaks of something else, or of part of this only."


def doubtful_words(
    claim: str, reading: ClaimReading, from_logit: float = 0.0
) -> tuple[tuple[int, int], ...]:
    """Characters of whole words that the evidence does not bear out; neighbours are one span."""
    marked = [mark for mark in reading.marks if mark.logit > from_logit]
    spans: list[tuple[int, int]] = []
    for word in _WORD.finditer(claim):
        if not any(mark.start < word.end() and mark.end > word.start() for mark in marked):
            continue
        if spans and not claim[spans[-1][1] : word.start()].strip():
            spans[-1] = (spans[-1][0], word.end())
        else:
            spans.append(word.span())
    return tuple(spans)


def _longest(claim: str, spans: Sequence[tuple[int, int]]) -> str:
    start, end = max(spans, key=lambda span: span[1] - span[0], default=(0, 0))
    return claim[start:end]
