"""The rows of one source: readings by rules and by a model, the best of each column, checked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from agent.extracting.by_model import by_model
from agent.extracting.readings import SURE, Reading, best, from_fields
from agent.extracting.tables import from_tables, items
from agent.extracting.texts import from_texts, placed, question_of
from agent.selection import Candidate, candidates, citation
from pincite.answers import Claim, Label
from pincite.egress import now
from pincite.elements import (
    Element,
    ElementId,
    Kind,
    Passage,
    PassageId,
    Scope,
    Source,
    SourceId,
)
from pincite.errors import MissingModel
from pincite.evidence import Evidence
from pincite.extractions import Asked, Cell, Column, EmptyCell, FoundCell, Row
from pincite.models.answering import answering
from pincite.models.ports import ChatModel, ClaimChecker, Numbered, TextEncoder
from retrievers.ports import Retriever

WHOLE: Final = 24
"""Passages up to which a source is read whole; of a longer one, what a search in it finds."""
FOUND: Final = 6
"""Passages that such a search puts forward for each column."""


_STRUCTURED: Final = frozenset({Kind.FIELD, Kind.TABLE, Kind.TITLE})


class Shelf(Protocol):
    """The part of the text store that extraction needs; thread-safe."""

    def sources(self, scope: Scope) -> list[Source]: ...

    def fingerprint(self, source: SourceId) -> str: ...

    def elements_of(self, source: SourceId, kinds: Collection[Kind]) -> list[Element]: ...

    def elements(self, ids: Sequence[ElementId]) -> dict[ElementId, Element]: ...

    def passage_ids(self, source: SourceId, parser: str | None = None) -> list[PassageId]: ...

    def passages(
        self, ids: Sequence[PassageId]
    ) -> dict[PassageId, tuple[Passage, tuple[Element, ...]]]: ...

    def kept_rows(self, source: SourceId, asked: str, read: str) -> tuple[Row, ...] | None: ...

    def keep_rows(self, source: SourceId, asked: str, read: str, rows: tuple[Row, ...]) -> None: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What rows are made with."""

    shelf: Shelf
    retriever: Retriever
    encoder: TextEncoder
    checker: ClaimChecker
    chat: ChatModel | None = None
    stand_in: ChatModel | None = None
    """A model of this machine for what may not be sent to `chat`."""

    @property
    def answering(self) -> ChatModel | None:
        """The model that may read the text at hand."""
        return answering(self.chat, self.stand_in, now())


class SourceRows:
    """Makes the rows of sources."""

    def __init__(self, tools: Tools, asked: Asked) -> None:
        self._tools = tools
        self._asked = asked

    async def rows(self, source: Source, scope: Scope) -> tuple[Row, ...]:
        """At least one; citations are numbered from 1."""
        made = await asyncio.to_thread(self._items, source, scope)
        if not made:
            made = [await self._of_file(source, scope)]
        return await asyncio.to_thread(self._checked, source, made)

    def _items(self, source: Source, scope: Scope) -> list[tuple[Reading | None, ...]]:
        tables = _within(self._tools.shelf.elements_of(source.id, {Kind.TABLE}), scope)
        return items(self._asked, tables)

    async def _of_file(self, source: Source, scope: Scope) -> tuple[Reading | None, ...]:
        readings, scored = await asyncio.to_thread(self._by_rules, source, scope)
        chat = self._tools.answering if self._asked.with_model else None
        open_ = [
            column
            for column, reading in zip(self._asked.columns, readings, strict=True)
            if reading is None or reading.score < SURE
        ]
        if chat is None or not open_ or not scored:
            return readings
        try:
            found = await by_model(chat, open_, scored)
        except MissingModel:
            return readings
        return tuple(
            _surer(reading, found.get(column.name))
            for column, reading in zip(self._asked.columns, readings, strict=True)
        )

    def _by_rules(
        self, source: Source, scope: Scope
    ) -> tuple[tuple[Reading | None, ...], list[Candidate]]:
        """The best reading of each column, and the sentences of what is still open."""
        known = _within(self._tools.shelf.elements_of(source.id, _STRUCTURED), scope)
        chosen: list[Reading | None] = []
        scored: dict[tuple[ElementId, int], Candidate] = {}
        for column in self._asked.columns:
            readings = [*from_fields(column, known), *from_tables(column, known)]
            found = best(readings)
            if found is None or found.score < SURE:
                sentences = self._sentences(column, source, scope)
                scored |= {(each.spot.element.id, each.place): each for each in sentences}
                found = best([*readings, *from_texts(column, sentences)])
            chosen.append(found)
        ranked = sorted(scored.values(), key=lambda each: -each.relevance)
        return tuple(chosen), ranked

    def _sentences(self, column: Column, source: Source, scope: Scope) -> list[Candidate]:
        """Those of the source, the most telling for the column first."""
        question = question_of(column)
        within = scope.model_copy(update={"sources": frozenset({source.id})})
        ids = self._tools.shelf.passage_ids(source.id)
        is_narrowed = bool(scope.pages or scope.kinds or scope.languages)
        if len(ids) > WHOLE or is_narrowed:
            found = self._tools.retriever.search(question, within, keep=FOUND)
        else:
            found = [
                Evidence(
                    passage=passage,
                    elements=elements,
                    source=source,
                    score=0.0,
                    rank=rank,
                    found_by=("whole",),
                )
                for rank, (passage, elements) in enumerate(
                    self._tools.shelf.passages(ids).values(), 1
                )
            ]
        return candidates(question, found, self._tools.encoder)

    # --- checking ---------------------------------------------------------------------------------

    def _checked(
        self, source: Source, made: Sequence[tuple[Reading | None, ...]]
    ) -> tuple[Row, ...]:
        number, rows = 0, list[Row]()
        for place, readings in enumerate(made, 1):
            cells: list[Cell] = []
            for reading in readings:
                cells.append(self._cell(reading, number + 1, source) if reading else EmptyCell())
                number += isinstance(cells[-1], FoundCell)
            item = place if len(made) > 1 else None
            rows.append(Row(source=source.id, name=source.name, item=item, cells=tuple(cells)))
        return tuple(rows)

    def _cell(self, reading: Reading, number: int, source: Source) -> Cell:
        """What a model chose must be borne out; what the rules found is shown with its verdict."""
        element = reading.element
        if reading.by in ("text", "model"):
            whole = self._tools.shelf.elements([element.id]).get(element.id, element)
            reading = placed(reading, whole)
        if reading.said:
            element = element.model_copy(
                update={"text": reading.said, "table": None, "field": None, "words": ()}
            )
        added = ((0, reading.added),) if reading.added else ()
        claim = Claim(
            text=reading.claim, start=0, end=len(reading.claim), cites=(number,), added=added
        )
        evidence = [Numbered(number=number, element=element, source_name=source.name)]
        verdict = self._tools.checker.check(claim, evidence)
        if reading.by == "model" and verdict.label is not Label.SUPPORTED:
            return EmptyCell(why=f"a model read “{reading.written}”, which is not borne out")
        cited = citation(number, element, source, reading.quote)
        return FoundCell(
            value=reading.value,
            written=reading.written,
            citation=cited.model_copy(update={"locators": reading.locators}),
            claim=reading.claim,
            verdict=verdict,
            by=reading.by,
            is_sure=_is_sure(reading),
        )


def _is_sure(reading: Reading) -> bool:
    """A field, a cell of a table with a text layer, or words right behind their label."""
    is_drawn = reading.by == "table" and reading.element.confidence is not None
    is_named = reading.by in ("field", "table") or (reading.by == "text" and bool(reading.said))
    return is_named and not is_drawn and reading.score >= SURE


def _surer(reading: Reading | None, told: Reading | None) -> Reading | None:
    if reading is None or (told is not None and told.score > reading.score):
        return told or reading
    return reading


def _within(elements: Sequence[Element], scope: Scope) -> list[Element]:
    """Those on the pages that the scope is narrowed to."""
    if scope.pages is None:
        return list(elements)
    first, last = scope.pages
    return [
        element
        for element in elements
        if any(at.kind == "page" and first <= at.page <= last for at in element.locators)
    ]
