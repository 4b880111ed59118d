"""Goes through every file of a scope, keeps what it found, and says what it could not look at."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Sequence
from typing import Final, NamedTuple

from agent.extracting.days import settled
from agent.extracting.labels import stems
from agent.extracting.source_rows import SourceRows, Tools
from pincite.elements import Element, ElementId, Kind, Scope, Source, SourceId
from pincite.errors import UnknownSource
from pincite.evidence import Coverage
from pincite.extractions import (
    Asked,
    Extracted,
    Extracting,
    Extraction,
    FileState,
    FoundCell,
    Row,
)

RULES: Final = "rules-8"
"""Changes with the rules, so that what older ones found is not given out again."""


SALES: Final = frozenset({"receipt", "invoice", "bill"})
_RUNNING: Final = frozenset(Kind) - {Kind.TABLE}
SHORT: Final = 8
"""Passages of a file up to which it is short."""
FIRST, BEGINNING = 2, 1_500
"""Passages, and characters of each, that say what a file is."""


class Shelved(NamedTuple):
    """A file of the scope, with how far it was read."""

    source: Source
    state: FileState


class Extractor:
    """Makes tables; what was found in a file is kept until it reads differently."""

    def __init__(
        self,
        tools: Tools,
        files: Callable[[Scope], Sequence[Shelved]],
        coverage: Callable[[Scope], Coverage],
    ) -> None:
        """`files` gives every file that the scope admits; both are called in a thread."""
        self._tools = tools
        self._files = files
        self._coverage = coverage

    async def extract(
        self, asked: Asked, scope: Scope, *, seconds: float | None = None
    ) -> AsyncGenerator[Extracting | Extracted, None]:
        """One event for each file, then the table.

        Closing the generator interrupts; the cells of the files that are done stay, and are not
        made again. After `seconds` the other files are named as not looked at.
        """
        began = time.monotonic()
        files = await asyncio.to_thread(self._files, scope)
        ways = SourceRows(self._tools, asked)
        key = self._key(asked, scope)
        rows: list[Row] = []
        states: list[FileState] = []
        for done, (source, state) in enumerate(files, 1):
            late = seconds is not None and time.monotonic() - began > seconds
            made, kept = (None, False)
            if state.is_in_table and not late:
                made, kept = await self._rows(ways, source, scope, key)
            if state.is_in_table and made is None:
                why = "there was no time to look at it" if late else "it was deleted meanwhile"
                state = state.model_copy(update={"state": "left", "why": why})
            rows += made or ()
            states.append(state)
            yield Extracting(done=done, total=len(files), name=source.name, kept=kept)
        coverage = await asyncio.to_thread(self._coverage, scope)
        table = Extraction(
            asked=asked, rows=numbered(settled(rows)), files=tuple(states), coverage=coverage
        )
        yield Extracted(table=table)

    def of_kind(self, kind: str, table: Extraction) -> frozenset[SourceId]:
        """Files of the table that are, say, receipts; all where `kind` is empty.

        By their name, by their first words, or because they were read as sales.
        """
        names = {row.source: row.name for row in table.rows}
        return frozenset(
            source for source, name in names.items() if not kind or self._is(kind, source, name)
        )

    def tables(self, scope: Scope) -> Iterator[tuple[Source, Element]]:
        """Of all files of the scope, as far as they were read."""
        for source, _ in self._files(scope):
            for element in self._tools.shelf.elements_of(source.id, {Kind.TABLE}):
                yield source, element

    def texts(self, scope: Scope, pages: Collection[int]) -> str:
        """All running text of some pages of the files in the scope."""
        elements = (
            element
            for source, _ in self._files(scope)
            for element in self._tools.shelf.elements_of(source.id, _RUNNING)
            if any(at.kind == "page" and at.page in pages for at in element.locators)
        )
        return "\n".join(element.text for element in elements)

    def short_text(self, source: Source) -> str:
        """All words of a short file; empty for a longer one, and for one that is gone."""
        shelf = self._tools.shelf
        try:
            ids = shelf.passage_ids(source.id)
            if len(ids) > SHORT:
                return ""
            return "\n".join(passage.text for passage, _ in shelf.passages(ids).values())
        except UnknownSource:
            return ""

    def elements(self, ids: Sequence[ElementId]) -> dict[ElementId, Element]:
        """Those that are still there."""
        return self._tools.shelf.elements(ids)

    def _is(self, kind: str, source: SourceId, name: str) -> bool:
        wanted, shelf = stems(kind), self._tools.shelf
        if wanted <= stems(name):
            return True
        try:
            if kind in SALES and any(
                element.field and element.field.name == "total"
                for element in shelf.elements_of(source, {Kind.FIELD})
            ):
                return True
            first = shelf.passages(shelf.passage_ids(source)[:FIRST])
        except UnknownSource:
            return False
        return any(wanted <= stems(passage.text[:BEGINNING]) for passage, _ in first.values())

    async def _rows(
        self, ways: SourceRows, source: Source, scope: Scope, key: str
    ) -> tuple[tuple[Row, ...] | None, bool]:
        """The rows, and whether they were kept from before; None where the source is gone."""
        shelf = self._tools.shelf
        try:
            read = await asyncio.to_thread(shelf.fingerprint, source.id)
            kept = await asyncio.to_thread(shelf.kept_rows, source.id, key, read)
            if kept is not None:
                return kept, True
            made = await ways.rows(source, scope)
            await asyncio.to_thread(shelf.keep_rows, source.id, key, read, made)
        except UnknownSource:
            return None, False
        return made, False

    def _key(self, asked: Asked, scope: Scope) -> str:
        """Of everything beside the file that its rows depend on."""
        chat = self._tools.answering if asked.with_model else None
        narrowed = f"{scope.pages} {sorted(scope.kinds)} {sorted(scope.languages)}"
        parts = (
            RULES,
            self._tools.checker.id,
            self._tools.encoder.id,
            f"{chat.name}@{chat.endpoint}" if chat else "",
            asked.model_dump_json(),
            narrowed,
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def numbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with citations that are numbered through the whole table."""
    number = 0
    told: list[Row] = []
    for row in rows:
        cells = list(row.cells)
        for place, cell in enumerate(cells):
            if isinstance(cell, FoundCell):
                number += 1
                cited = cell.citation.model_copy(update={"number": number})
                cells[place] = cell.model_copy(update={"citation": cited})
        told.append(row.model_copy(update={"cells": tuple(cells)}))
    return tuple(told)
