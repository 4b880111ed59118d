"""Checker v1: rules for numbers, dates, names and negation, with semantic and lexical support."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple

from pincite.answers import Claim, Label, Verdict
from pincite.elements import Element, ElementId, How, Kind
from pincite.grounding.claims import why_not_checkable
from pincite.grounding.features import Findings, Reading, compare, is_verbatim
from pincite.grounding.memory import remembering
from pincite.grounding.score import SUPPORTED_FROM, probability
from pincite.grounding.spots import Spot, spots_of
from pincite.models.ports import Numbered, TextEncoder, Vectors

REMEMBERED: Final = 512
"""Elements whose sentences are kept: the claims of one answer rest on the same few."""
UNSURE_READING: Final = 0.8
"""OCR or speech confidence below which the reader is told."""
CONTRADICTED_AT_MOST: Final = 0.05
LACKING_AT_MOST: Final = 0.3
"""Probability of a claim with a number or name that the evidence does not hold."""
SAME_TOPIC: Final = 0.5
"""Cosine from which two statements about other numbers are about the same thing."""


class _Judgement(NamedTuple):
    label: Label
    probability: float
    reason: str
    spots: tuple[Spot, ...]
    """What it rests on, strongest first."""


_NOTHING: Final = _Judgement(Label.UNSUPPORTED, 0.02, "No source says this.", ())


class RuleChecker:
    """Implements `ClaimChecker`; needs a text encoder and nothing else. Thread-safe."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = remembering(encoder)
        self._known: OrderedDict[tuple[ElementId, str], list[Spot]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return f"rules-1/{self._encoder.id}"

    def check(self, claim: Claim, evidence: Sequence[Numbered]) -> Verdict:
        if why := why_not_checkable(claim.text):
            return Verdict(label=Label.NOT_CHECKABLE, probability=0.5, reason=why)
        numbers = {item.number for item in evidence}
        invented = tuple(n for n in claim.cites if n not in numbers)
        cited = [item for item in evidence if item.number in claim.cites]
        if cited and all(_is_picture(item.element) for item in cited):
            why = "It rests on a picture, which this checker cannot look at."
            return Verdict(
                label=Label.NOT_CHECKABLE, probability=0.5, reason=why, invented=invented
            )
        judgement = self._weigh(claim, cited, evidence)
        if invented:
            names = ", ".join(f"[{n}]" for n in invented)
            judgement = judgement._replace(
                label=Label.UNSUPPORTED,
                probability=min(judgement.probability, LACKING_AT_MOST),
                reason=f"It cites {names}, which is no piece of the evidence.",
            )
        return _verdict(judgement, invented)

    def _weigh(
        self, claim: Claim, cited: Sequence[Numbered], evidence: Sequence[Numbered]
    ) -> _Judgement:
        """By what is cited; failing that, by everything that was put forward."""
        reading = Reading.of(claim.text)
        vector = self._encoder.embed_query(claim.text)
        first = self._judge(reading, vector, cited) if cited else _NOTHING
        if first.label is Label.SUPPORTED:
            return first
        others = [item for item in evidence if item not in cited]
        second = self._judge(reading, vector, others)
        if second.label is Label.SUPPORTED:
            return second._replace(reason=_elsewhere(second, cited, others))
        if not cited or (first.label is Label.UNSUPPORTED and not first.spots):
            return second if not cited else first
        return first

    def _judge(self, claim: Reading, vector: Vectors, items: Sequence[Numbered]) -> _Judgement:
        spots = [spot for item in items for spot in self._spots(item.element)]
        if not spots:
            captions = any(not item.element.how.may_support for item in items)
            only = "It rests only on what a machine wrote about a picture."
            return _NOTHING._replace(reason=only) if captions else _NOTHING
        verbatim = next((spot for spot in spots if is_verbatim(claim.text, spot)), None)
        if verbatim:
            return _Judgement(Label.SUPPORTED, 0.99, "Word for word in the source.", (verbatim,))
        vectors = self._encoder.embed_documents([spot.text for spot in spots])
        findings = compare(claim, vector, spots, vectors)
        return judge(findings) if findings else _NOTHING

    def _spots(self, element: Element) -> list[Spot]:
        key = (element.id, element.text)
        with self._lock:
            if key not in self._known:
                self._known[key] = spots_of(element)
            self._known.move_to_end(key)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return self._known[key]


def judge(findings: Findings) -> _Judgement:
    """The rules: what contradicts, what is lacking, and otherwise the probability."""
    features, spots = findings.features, (findings.best, *findings.nearest[1:2])
    likely = probability(features)
    about_the_same = features.cosine >= SAME_TOPIC
    if findings.instead and about_the_same:
        said, stated = findings.missing_numbers[0], " and ".join(findings.other_numbers[:2])
        reason = f"The claim has “{said}” where the source has “{stated}”."
        least = min(likely, CONTRADICTED_AT_MOST)
        return _Judgement(Label.CONTRADICTED, least, reason, (findings.instead,))
    if findings.turned and about_the_same:
        reason = f"The source says the opposite: {findings.turned}."
        return _Judgement(Label.CONTRADICTED, min(likely, CONTRADICTED_AT_MOST), reason, spots[:1])
    for lacking, what in ((findings.missing_numbers, "figure"), (findings.missing_names, "name")):
        if lacking:
            reason = f"The {what} “{lacking[0]}” is not in the source."
            return _Judgement(Label.UNSUPPORTED, min(likely, LACKING_AT_MOST), reason, spots[:1])
    if likely >= SUPPORTED_FROM:
        return _Judgement(Label.SUPPORTED, likely, "The source says so in other words.", spots)
    reason = "The source speaks of something else, or of part of this only."
    return _Judgement(Label.UNSUPPORTED, likely, reason, spots[:1])


def _elsewhere(judgement: _Judgement, cited: Sequence[Numbered], others: Sequence[Numbered]) -> str:
    where = judgement.spots[0].element.id
    number = next(item.number for item in others if item.element.id == where)
    if not cited:
        return f"It cites nothing; [{number}] bears it out."
    wrong = ", ".join(f"[{n}]" for n in dict.fromkeys(item.number for item in cited))
    return f"Borne out by [{number}], not by {wrong} which it cites."


def _verdict(judgement: _Judgement, invented: tuple[int, ...]) -> Verdict:
    elements = [spot.element for spot in judgement.spots]
    sure = [e.confidence for e in elements if e.confidence is not None]
    lowest = min(sure, default=None)
    reason = judgement.reason
    if lowest is not None and lowest < UNSURE_READING:
        how = "heard" if elements[0].how is How.SPEECH else "read"
        reason = f"{reason} The source was {how} with {lowest:.0%} confidence only."
    return Verdict(
        label=judgement.label,
        probability=round(judgement.probability, 4),
        supports=tuple(dict.fromkeys(element.id for element in elements)),
        reason=reason,
        read_confidence=lowest,
        invented=invented,
    )


def _is_picture(element: Element) -> bool:
    return element.kind in {Kind.FIGURE, Kind.PHOTO} and not element.text.strip()
