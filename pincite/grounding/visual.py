"""Claims that rest on charts and photos: a model that sees looks at the picture itself.

What a machine wrote about a picture never supports a claim, whoever wrote it. Here no caption is
read: the picture is shown beside the claim, and the verdict says that a model looked.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from pincite.answers import Claim, Label, Verdict
from pincite.elements import BlobKey, Element, Kind
from pincite.errors import UpstreamError, Withheld
from pincite.grounding.checkable import why_not_checkable
from pincite.grounding.checking import SpotChecker
from pincite.models.ports import Numbered, PictureJudge, Sight

PICTURES: Final = frozenset({Kind.FIGURE, Kind.PHOTO})
SEEN: Final = 0.9
"""Probability of a claim that the model says the picture shows; it is a model's word."""
NOT_SEEN: Final = 0.05
MOST: Final = 2
"""Pictures that are looked at for one claim."""
REMEMBERED: Final = 512


class VisualChecker:
    """Implements `ClaimChecker`: by text first; what text does not bear out, by cited pictures.

    Without cited pictures nothing is looked at. A model that does not answer changes no verdict.
    Thread-safe.
    """

    def __init__(
        self, texts: SpotChecker, judge: PictureJudge, picture: Callable[[BlobKey], bytes]
    ) -> None:
        """`picture` gives the PNG of an element's `crop`; raises FileNotFoundError."""
        self._texts = texts
        self._judge = judge
        self._picture = picture
        self._known: OrderedDict[tuple[str, str], Sight] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return f"{self._texts.id} + pictures-1/{self._judge.id}"

    @property
    def supported_from(self) -> float:
        """Of claims that rest on text."""
        return self._texts.supported_from

    def check(self, claim: Claim, evidence: Sequence[Numbered]) -> Verdict:
        verdict = self._texts.check(claim, evidence)
        cited = [item.element for item in evidence if item.number in claim.cites]
        pictures = [each for each in cited if each.kind in PICTURES and each.crop]
        only = len(pictures) == len(cited)
        weak = verdict.label in {Label.UNSUPPORTED, Label.NOT_CHECKABLE}
        if verdict.invented or why_not_checkable(claim.text) or not pictures:
            return verdict
        if not weak and not (only and verdict.label is Label.CONTRADICTED):
            return verdict
        return self._looked(claim, pictures[:MOST], verdict)

    def _looked(self, claim: Claim, pictures: Sequence[Element], verdict: Verdict) -> Verdict:
        """By the first picture that shows it, or else by one that shows something else."""
        found: list[tuple[Element, Sight]] = []
        for element in pictures:
            try:
                found.append((element, self._sight(element, claim.text)))
            except FileNotFoundError:
                continue
            except (UpstreamError, Withheld) as exc:
                did = "may not be sent this one" if isinstance(exc, Withheld) else "did not answer"
                why = f"The model that looks at pictures {did}."
                return verdict.model_copy(update={"reason": f"{verdict.reason} {why}"})
        for wanted in ("yes", "no"):
            for element, sight in found:
                if sight.shows == wanted:
                    return _by_sight(element, sight)
        if not found:
            return verdict
        why = "A model looked at the picture and cannot tell."
        return verdict.model_copy(update={"reason": f"{verdict.reason} {why}"})

    def _sight(self, element: Element, claim: str) -> Sight:
        png = self._picture(element.crop or BlobKey(""))
        key = (hashlib.sha256(png).hexdigest(), claim)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        sight = self._judge.look(png, claim)
        with self._lock:
            self._known[key] = sight
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return sight


def _by_sight(element: Element, sight: Sight) -> Verdict:
    shows = sight.shows == "yes"
    what = "and says that it shows this" if shows else "and says that it shows something else"
    seen = f" It saw: “{sight.seen}”." if sight.seen else ""
    return Verdict(
        label=Label.SUPPORTED if shows else Label.CONTRADICTED,
        probability=SEEN if shows else NOT_SEEN,
        supports=(element.id,),
        reason=f"A model looked at the picture {what}.{seen}",
    )
