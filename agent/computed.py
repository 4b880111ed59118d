"""Puts what was computed into the answer, with the cells that it was computed from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from agent.arithmetic import Computed, Operand, figures
from agent.calculating import Change, change
from agent.run import Run
from agent.selection import Piece, citation
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
MOST_SUMS: Final = 3
"""Of those that were worked out while evidence was gathered; the last ones."""


def calculate(run: Run, emit: Callable[[AskEvent], None], question: str) -> None:
    """Add the change between two years, where that is asked for and a row of a table has both.

    And the sums that were worked out while evidence was gathered. What is computed stands in the
    place of sentences of which none is borne out.
    """
    found = change(question, run.scored)
    sums = _last_sums(run.gathered.computed)
    if found is not None and not _is_doubtful(found) and not sums:
        candidate = found.candidate
        place = Piece(0, candidate.spot.element, candidate.source, candidate.spot.text)
        why = "Computed from the two cells of this row."
        _add(run, emit, _Stated(found.text, (place,), why, found.cells))
        run.steps.append("computed the change between two cells of a table")
    for each in sums:
        pieces = tuple({operand.piece.number: operand.piece for operand in each.operands}.values())
        why = "Computed by Pincite from figures that stand in the cited places."
        written = tuple(dict.fromkeys(map(_as_written, each.operands)))
        _add(run, emit, _Stated(f"{each.written} = {each.result}.", pieces, why, written))


class _Stated(NamedTuple):
    text: str
    places: tuple[Piece, ...]
    why: str
    figures: tuple[str, ...]
    """That it was computed from, as they are written."""


def _as_written(operand: Operand) -> str:
    """The cell that has the figure, or the sentence."""
    cells = (text for _, text in operand.spot.columns if operand.value in figures(text))
    return next(cells, operand.spot.text)


def _last_sums(computed: Sequence[Computed]) -> list[Computed]:
    """Those that went into no other, the last ones; each once."""
    into = {value for each in computed for value in each.from_others}
    left = {each.written: each for each in computed if each.shown not in into}
    return list(left.values())[-MOST_SUMS:]


def _add(run: Run, emit: Callable[[AskEvent], None], stated: _Stated) -> None:
    if not any(sentence.label is Label.SUPPORTED for sentence in run.sentences):
        run.sentences, run.said_not_found = [], False
    numbers = tuple(sorted(_number(run, place) for place in stated.places))
    emit(Reading(citations=run.citations))
    sentence = _sentence(stated, numbers, f"s{len(run.sentences) + 1}")
    run.sentences.append(sentence)
    emit(Checked(sentence=sentence))


def _is_doubtful(found: Change) -> bool:
    """Figures that may be misread are not computed with."""
    read = found.candidate.spot.element.confidence
    return read is not None and read < UNSURE_READING


def _number(run: Run, place: Piece) -> int:
    """By which it is cited; it becomes evidence where it was none."""
    element, source = place.element, place.source
    known = {item.element.id: item.number for item in run.evidence}
    if element.id in known:
        return known[element.id]
    number = 1 + max((item.number for item in run.evidence), default=0)
    item = Numbered(number=number, element=element, source_name=source.name)
    told = citation(number, element, source, place.text)
    run.evidence, run.citations = (*run.evidence, item), (*run.citations, told)
    return number


def _sentence(stated: _Stated, numbers: tuple[int, ...], id_: str) -> CheckedSentence:
    text = f"{stated.text} {''.join(f'[{number}]' for number in numbers)}"
    claim = Claim(text=stated.text, start=0, end=len(stated.text), cites=numbers)
    elements = [place.element for place in stated.places]
    read = [each.confidence for each in elements if each.confidence is not None]
    verdict = Verdict(
        label=Label.SUPPORTED,
        probability=SURE,
        supports=tuple(element.id for element in elements),
        reason=stated.why,
        read_confidence=min(read, default=None),
        computed_from=stated.figures,
    )
    checked = CheckedClaim(claim=claim, verdict=verdict)
    return CheckedSentence(id=SentenceId(id_), text=text, claims=(checked,))
