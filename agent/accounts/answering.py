"""The accounts of the filing that a question names, put into an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from agent.accounts.questions import Reckoned, is_whole, reckoned
from agent.accounts.reckoning import Told, reckon
from agent.accounts.statements import AccountRow, scale_in, statements
from agent.extracting.extractor import Extractor
from agent.ready import Ready
from agent.run import Run
from agent.selection import citation
from pincite.answer_form import Form
from pincite.answers import CheckedClaim, CheckedSentence, Claim, Label, SentenceId, Verdict
from pincite.elements import Element, ElementId, Scope, Source
from pincite.evidence import Evidence
from pincite.grounding.checking import UNSURE_READING
from pincite.locators import Locator
from pincite.models.ports import Numbered
from retrievers.asking import FILE_NAME

SURE: Final = 0.9
"""That the lines are those that were meant; the arithmetic itself is certain."""
MOST: Final = 3
"""Files that are looked at, the best found first."""


async def from_accounts(run: Run, question: str, evidence: Sequence[Evidence]) -> Ready | None:
    """None where no figure of accounts is asked for, or no file that is meant has all lines."""
    extractor = run.services.extractor
    wanted = reckoned(question)
    if extractor is None or wanted is None or run.wishes.form is not Form.SHORT:
        return None
    for source in _meant(evidence)[:MOST]:
        said = " ".join(each.passage.text for each in evidence if each.source.id == source.id)
        if not is_whole(wanted, source.name, said):
            continue
        scope = run.scope.model_copy(update={"sources": frozenset({source.id})})
        told = await asyncio.to_thread(_told, extractor, scope, wanted)
        if told is not None:
            return _ready(told, source, wanted)
    return None


def _meant(evidence: Sequence[Evidence]) -> list[Source]:
    """The files that the question names; the only one where there is but one."""
    every = {item.source.id: item.source for item in evidence}
    named = {item.source.id: item.source for item in evidence if FILE_NAME in item.found_by}
    return [*(named or (every if len(every) == 1 else {})).values()]


def _told(extractor: Extractor, scope: Scope, wanted: Reckoned) -> Told | None:
    found = statements(table for _, table in extractor.tables(scope))
    if found and not found.scale:
        found = replace(found, scale=scale_in(extractor.texts(scope, found.pages)))
    told = reckon(wanted, found) if found else None
    if told is None or any(_is_doubtful(row.element.confidence) for row in told.rows):
        return None
    return told


def _is_doubtful(confidence: float | None) -> bool:
    """Figures that may be misread are not reckoned with."""
    return confidence is not None and confidence < UNSURE_READING


def _ready(told: Told, source: Source, wanted: Reckoned) -> Ready:
    by_element: dict[ElementId, int] = {}
    for row in told.rows:
        by_element.setdefault(row.element.id, len(by_element) + 1)
    quoted = {
        number: " | ".join(row.spot.text for row in told.rows if row.element.id == id_)
        for id_, number in by_element.items()
    }
    elements = {row.element.id: row.element for row in told.rows}
    return Ready(
        sentences=tuple(
            _sentence(place, text, by_element, told.figures)
            for place, text in enumerate(told.texts, 1)
        ),
        citations=tuple(
            citation(number, elements[id_], source, quoted[number]).model_copy(
                update={"locators": _places(elements[id_], told.rows)}
            )
            for id_, number in by_element.items()
        ),
        evidence=tuple(
            Numbered(number=number, element=elements[id_], source_name=source.name)
            for id_, number in by_element.items()
        ),
        step=f"computed “{wanted.measure.name}” from the statements in {source.name}",
    )


def _places(table: Element, rows: Sequence[AccountRow]) -> tuple[Locator, ...]:
    """Of the cells of its rows that were reckoned with; the whole table where they have none."""
    wanted = {row.spot.row for row in rows if row.element.id == table.id}
    cells = table.table.cells if table.table else ()
    places = tuple(cell.locator for cell in cells if cell.row in wanted and cell.locator)
    return places or table.locators


def _sentence(
    place: int, text: str, by_element: Mapping[ElementId, int], figures: tuple[str, ...]
) -> CheckedSentence:
    """Borne out by all rows that were reckoned with."""
    verdict = Verdict(
        label=Label.SUPPORTED,
        probability=SURE,
        supports=tuple(by_element),
        reason="Computed from the cells of these rows.",
        computed_from=figures,
    )
    numbers = tuple(by_element.values())
    claim = Claim(text=text, start=0, end=len(text), cites=numbers)
    marks = "".join(f"[{number}]" for number in numbers)
    return CheckedSentence(
        id=SentenceId(f"s{place}"),
        text=f"{text} {marks}",
        claims=(CheckedClaim(claim=claim, verdict=verdict),),
    )
