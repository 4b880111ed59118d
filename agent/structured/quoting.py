"""Sentences of the sources in the places of an answer, and the numbers by which they are cited."""

from __future__ import annotations

from agent.run import Run
from agent.selection import ANSWERS_FROM, citation
from agent.structured.grid import Filled
from pincite.elements import Element, Source
from pincite.models.ports import Numbered


def said_of(run: Run, wanted: str, source: str) -> Filled | None:
    """The best sentence of a source on it, if that may be an answer of its own."""
    ranked = run.looked_for.get(wanted, [])
    told = next((each for each in ranked if each.source.id == source), None)
    if told is None or told.relevance < ANSWERS_FROM:
        return None
    number = cite(run, told.spot.element, told.source, told.spot.text)
    return Filled(" ".join(told.spot.text.split()), number)


def cite(run: Run, element: Element, source: Source, quote: str) -> int:
    """By which number the element is cited; it becomes evidence where it was none."""
    known = {item.element.id: item.number for item in run.evidence}
    if element.id in known:
        return known[element.id]
    number = 1 + max((item.number for item in run.evidence), default=0)
    item = Numbered(number=number, element=element, source_name=source.name)
    run.evidence = (*run.evidence, item)
    run.citations = (*run.citations, citation(number, element, source, quote))
    return number
