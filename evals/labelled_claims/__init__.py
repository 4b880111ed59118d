"""Claims of Pincite's own answers, labelled twice; see the README beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pincite.elements import Cell, Element, How, Kind, SourceId, Table, element_id
from pincite.locators import TextSpan
from pincite.models.ports import Numbered
from pincite.values import Value

_SOURCE = SourceId("labelled")


class Evidence(Value):
    """What a checker reads of an element; where it stands is left out."""

    number: int
    kind: Kind = Kind.TEXT
    text: str
    how: How = How.TEXT_LAYER
    confidence: float | None = None
    heading_path: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()

    @classmethod
    def of(cls, number: int, element: Element) -> Self:
        cells = element.table.cells if element.table else ()
        return cls(
            number=number,
            kind=element.kind,
            text=element.text,
            how=element.how,
            confidence=element.confidence,
            heading_path=element.heading_path,
            cells=tuple(cell.model_copy(update={"locator": None}) for cell in cells),
        )

    @property
    def numbered(self) -> Numbered:
        element = Element(
            id=element_id(_SOURCE, self.number),
            source=_SOURCE,
            kind=self.kind,
            text=self.text,
            locators=(TextSpan(start=0, end=len(self.text)),),
            how=self.how,
            confidence=self.confidence,
            heading_path=self.heading_path,
            table=Table(cells=self.cells, html="") if self.cells else None,
        )
        return Numbered(number=self.number, element=element)


class Told(Value):
    """An answer as it was drafted, with all evidence that it was written from."""

    id: str
    """Of the question, and `model` or `quotes`: who wrote it."""
    question: str
    sentences: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def told_in(file: Path) -> Iterator[Told]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield Told.model_validate_json(line)
