"""The claim that a place of an answer makes, and the checker's word on it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from agent.run import Run
from agent.structured.own_words import own_words
from pincite.answers import CheckedClaim, Claim, Label
from pincite.elements import Element, SourceId
from pincite.grounding.spots import spots_of


async def checked(
    run: Run, label: str, written: str, number: int, only: Collection[SourceId] = ()
) -> CheckedClaim:
    """That what `label` names is `written`; cites what bears it out. Its place is set later.

    With `only` it is held against these sources alone.
    """
    evidence = [item for item in run.evidence if not only or item.element.source in only]
    cited = next((item.element for item in evidence if item.number == number), None)
    said = _said(label, written, cited) if cited is not None else ""
    text = said or f"{label}: {written}"
    added = () if said else ((0, len(label) + 2),)
    claim = Claim(text=text, start=0, end=len(text), cites=(number,), added=added)
    verdict = await asyncio.to_thread(run.services.checker.check, claim, evidence)
    numbers = {item.element.id: item.number for item in evidence}
    bearing = [numbers[id_] for id_ in verdict.supports if id_ in numbers]
    if verdict.label is Label.SUPPORTED and bearing and number not in bearing:
        claim = claim.model_copy(update={"cites": (bearing[0],)})
    return CheckedClaim(claim=claim, verdict=verdict)


def _said(label: str, written: str, element: Element) -> str:
    """The same in the source's own words, where label and value stand together there."""
    found = (own_words(label, written, spot.text) for spot in spots_of(element))
    return next(filter(None, found), "")


def placed(checked: CheckedClaim, start: int, end: int) -> CheckedClaim:
    """At characters [start, end) of its sentence."""
    claim = checked.claim.model_copy(update={"start": start, "end": end})
    return checked.model_copy(update={"claim": claim})
