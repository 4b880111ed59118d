"""What all checkers of claims share: which evidence counts, in which order, and the wording.

What differs is the `SpotJudge`, which weighs one claim against spots.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from pincite.answers import Claim, Label, Verdict
from pincite.elements import Element, ElementId, How, Kind
from pincite.grounding.checkable import why_not_checkable
from pincite.grounding.features import is_verbatim
from pincite.grounding.labels import under_another
from pincite.grounding.spots import Spot, spots_of
from pincite.grounding.words import content
from pincite.models.ports import Numbered

REMEMBERED: Final = 512
"""Elements whose sentences are kept: the claims of one answer rest on the same few."""
UNSURE_READING: Final = 0.8
"""OCR or speech confidence below which a verdict is lowered and the reader is told."""
INVENTED_AT_MOST: Final = 0.3
"""Probability of a claim that cites what is not there."""

MISPLACED_AT_MOST: Final = 0.05
"""Probability of a claim that gives a label the value of another one."""


class Judgement(NamedTuple):
    label: Label
    probability: float
    """That the claim is supported."""
    reason: str
    spots: tuple[Spot, ...]
    """What it rests on, strongest first."""
    doubtful: tuple[tuple[int, int], ...] = ()
    """Characters of the claim that are not borne out, as in `Verdict`."""


NOTHING: Final = Judgement(Label.UNSUPPORTED, 0.02, "No source says this.", ())


class SpotJudge(Protocol):
    """Weighs a claim that can be checked against spots that may support it."""

    @property
    def id(self) -> str: ...

    @property
    def supported_from(self) -> float:
        """Probability from which it calls a claim supported, if no rule forbids it."""
        ...

    def judge(self, claim: str, spots: Sequence[Spot]) -> Judgement:
        """`spots` is never empty. Thread-safe."""
        ...


class SpotChecker:
    """Implements `ClaimChecker` by a judge. Thread-safe."""

    def __init__(self, judge: SpotJudge) -> None:
        self._judge = judge
        self._known: OrderedDict[tuple[ElementId, str, str], list[Spot]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return self._judge.id

    @property
    def supported_from(self) -> float:
        """Of its judge."""
        return self._judge.supported_from

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
                probability=min(judgement.probability, INVENTED_AT_MOST),
                reason=f"It cites {names}, which is no piece of the evidence.",
            )
        return _verdict(judgement, invented, self.supported_from)

    def _weigh(
        self, claim: Claim, cited: Sequence[Numbered], evidence: Sequence[Numbered]
    ) -> Judgement:
        """By what is cited; failing that, by everything that was put forward."""
        first = self._held_against(claim, cited) if cited else NOTHING
        if first.label is Label.SUPPORTED:
            return first
        others = [item for item in evidence if item not in cited]
        second = self._held_against(claim, others)
        if second.label is Label.SUPPORTED:
            return second._replace(reason=_elsewhere(second, cited, others))
        if not cited or (first.label is Label.UNSUPPORTED and not first.spots):
            return second if not cited else first
        return first

    def _held_against(self, claim: Claim, items: Sequence[Numbered]) -> Judgement:
        spots = [spot for item in items for spot in self._spots(item)]
        if not spots:
            captions = any(not item.element.how.may_support for item in items)
            only = "It rests only on what a machine wrote about a picture."
            return NOTHING._replace(reason=only) if captions else NOTHING
        verbatim = next((spot for spot in spots if _is_verbatim(claim, spot)), None)
        if verbatim:
            return Judgement(Label.SUPPORTED, 0.99, "Word for word in the source.", (verbatim,))
        if elsewhere := under_another(claim.text, spots):
            reason = f"In the source that stands under “{elsewhere.label}”."
            return Judgement(Label.CONTRADICTED, MISPLACED_AT_MOST, reason, (elsewhere.spot,))
        return self._judge.judge(claim.text, spots)

    def _spots(self, item: Numbered) -> list[Spot]:
        element, name = item.element, item.source_name
        key = (element.id, element.text, name)
        with self._lock:
            if key not in self._known:
                self._known[key] = spots_of(element, name)
            self._known.move_to_end(key)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return self._known[key]


def _is_verbatim(claim: Claim, spot: Spot) -> bool:
    """Whether the spot has its words, and speaks of what was added to them."""
    if is_verbatim(claim.text, spot) or is_verbatim(claim.sentence, spot):
        return True
    if not claim.added:
        return False
    around = frozenset(content(f"{spot.surroundings} {spot.element.text}"))
    added = content(" ".join(claim.text[start:end] for start, end in claim.added))
    return is_verbatim(claim.said, spot) and around.issuperset(added)


def _elsewhere(judgement: Judgement, cited: Sequence[Numbered], others: Sequence[Numbered]) -> str:
    where = judgement.spots[0].element.id
    number = next(item.number for item in others if item.element.id == where)
    if not cited:
        return f"It cites nothing; [{number}] bears it out."
    wrong = ", ".join(f"[{n}]" for n in dict.fromkeys(item.number for item in cited))
    return f"Borne out by [{number}], not by {wrong} which it cites."


def _verdict(judgement: Judgement, invented: tuple[int, ...], supported_from: float) -> Verdict:
    elements = [spot.element for spot in judgement.spots]
    sure = [e.confidence for e in elements if e.confidence is not None]
    lowest = min(sure, default=None)
    if lowest is not None and lowest < UNSURE_READING:
        judgement = _lowered(judgement, lowest, supported_from)
    return Verdict(
        label=judgement.label,
        probability=round(judgement.probability, 4),
        supports=tuple(dict.fromkeys(element.id for element in elements)),
        reason=judgement.reason,
        read_confidence=lowest,
        invented=invented,
        doubtful=judgement.doubtful,
    )


def _lowered(judgement: Judgement, confidence: float, supported_from: float) -> Judgement:
    """What rests on a doubtful reading is at most as sure as that; told in the reason."""
    heard = judgement.spots[0].element.how is How.SPEECH
    told = f"The source was {'heard' if heard else 'read'} with {confidence:.0%} confidence only."
    likely = judgement.probability
    if judgement.label is Label.SUPPORTED:
        likely *= confidence / UNSURE_READING
        if likely < supported_from:
            told = f"{told} That is too little to call it supported."
            judgement = judgement._replace(label=Label.UNSUPPORTED)
    return judgement._replace(probability=likely, reason=f"{judgement.reason} {told}")


def _is_picture(element: Element) -> bool:
    return element.kind in {Kind.FIGURE, Kind.PHOTO} and not element.text.strip()
