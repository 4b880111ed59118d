"""Puts what was computed into the answer, with the cells that it was computed from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from agent.calculating import Change, change
from agent.run import Run
from agent.selection import citation
from pincite.answers import (
    CheckedClaim,
    CheckedSentence,
    Claim,
    Label,
    SentenceId,
    Verdict,
)
from pincite.events import AskEvent, Checked, Reading
from pincite.grounding.checking import UNSURE_READING
from pincite.models.ports import Numbered

SURE: Final = 0.95
"""That the row is the one that was asked about; the sum itself is certain."""


def calculate(run: Run, emit: Callable[[AskEvent], None], question: str) -> None:
    """Add the change between two years, where that is asked for and a row of a table has both.

    It stands in the place of sentences of which none is borne out.
    """
    found = change(question, run.scored)
    if found is None or _is_doubtful(found):
        return
    if not any(sentence.label is Label.SUPPORTED for sentence in run.sentences):
        run.sentences, run.said_not_found = [], False
    number = _number(run, found)
    emit(Reading(citations=run.citations))
    sentence = _sentence(found, number, f"s{len(run.sentences) + 1}")
    run.sentences.append(sentence)
    run.steps.append("computed the change between two cells of a table")
    emit(Checked(sentence=sentence))


def _is_doubtful(found: Change) -> bool:
    """Figures that may be misread are not computed with."""
    read = found.candidate.spot.element.confidence
    return read is not None and read < UNSURE_READING


def _number(run: Run, found: Change) -> int:
    """By which the row's table is cited; it becomes evidence where it was none."""
    element, source = found.candidate.spot.element, found.candidate.source
    known = {item.element.id: item.number for item in run.evidence}
    if element.id in known:
        return known[element.id]
    number = 1 + max((item.number for item in run.evidence), default=0)
    item = Numbered(number=number, element=element, source_name=source.name)
    told = citation(number, element, source, found.candidate.spot.text)
    run.evidence, run.citations = (*run.evidence, item), (*run.citations, told)
    return number


def _sentence(found: Change, number: int, id_: str) -> CheckedSentence:
    text = f"{found.text} [{number}]"
    claim = Claim(text=found.text, start=0, end=len(found.text), cites=(number,))
    verdict = Verdict(
        label=Label.SUPPORTED,
        probability=SURE,
        supports=(found.candidate.spot.element.id,),
        reason="Computed from the two cells of this row.",
        read_confidence=found.candidate.spot.element.confidence,
    )
    checked = CheckedClaim(claim=claim, verdict=verdict)
    return CheckedSentence(id=SentenceId(id_), text=text, claims=(checked,))
