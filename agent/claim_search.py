"""Looks in the library once more for what bears out a claim that the evidence at hand does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agent.run import Run
from agent.selection import citation
from pincite.answers import CheckedSentence, Citation, Claim, Label
from pincite.elements import ElementId
from pincite.models.ports import Numbered

PASSAGES: Final = 3
"""Read for a claim; what says it is near it."""


def find_elsewhere(run: Run, sentence: CheckedSentence) -> bool:
    """Add what bears out its unsupported claims to the run's evidence; whether there was any.

    A search of the asker's scope for each such claim, and a check of what it finds. What was added
    has numbers of its own, which no claim cites yet: the sentence is to be checked again.
    """
    known = {item.element.id for item in run.evidence}
    before = len(known)
    for checked in sentence.claims:
        if checked.verdict.label is Label.UNSUPPORTED:
            for item, cited in _bearing_out(run, checked.claim, known):
                known.add(item.element.id)
                run.evidence, run.citations = (*run.evidence, item), (*run.citations, cited)
    if added := len(known) - before:
        run.steps.append(f"searched for a claim without evidence, and found it in {added} elements")
    return added > 0


def _bearing_out(
    run: Run, claim: Claim, known: set[ElementId]
) -> Iterator[tuple[Numbered, Citation]]:
    found = run.services.retriever.search(claim.text, run.scope, keep=PASSAGES)
    fresh = [(hit, e) for hit in found for e in hit.elements if e.id not in known]
    items = [
        Numbered(number=1, element=element, source_name=hit.source.name) for hit, element in fresh
    ]
    verdict = run.services.checker.check(claim.model_copy(update={"cites": ()}), items)
    if verdict.label is not Label.SUPPORTED:
        return
    first = 1 + max((item.number for item in run.evidence), default=0)
    bearing = [(hit, element) for hit, element in fresh if element.id in verdict.supports]
    for number, (hit, element) in enumerate(bearing, first):
        yield (
            Numbered(number=number, element=element, source_name=hit.source.name),
            citation(number, element, hit.source, element.text),
        )
