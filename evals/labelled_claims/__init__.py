"""Claims of Pincite's own answers, labelled twice; see the README beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pincite.answers import Claim, Label
from pincite.elements import Cell, Element, How, Kind, SourceId, Table, element_id
from pincite.grounding.claims import claims_of
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


class SplitClaim(Value):
    """A claim of such an answer, as the product split it when the labels were made."""

    id: str
    answer: str
    sentence: int = 0
    """Place of its sentence in the answer, from 0."""
    claim: Claim


def split_in(file: Path) -> Iterator[SplitClaim]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield SplitClaim.model_validate_json(line)


def split(told: Told) -> Iterator[SplitClaim]:
    """A quote means what it means in its source, so it is split without what stands before it."""
    is_quoted = told.id.endswith("/quotes")
    place = 0
    for number, sentence in enumerate(told.sentences):
        before = () if is_quoted else told.sentences[:number]
        for claim in claims_of(sentence, "" if is_quoted else told.question, before):
            place += 1
            yield SplitClaim(id=f"{told.id}/{place}", answer=told.id, sentence=number, claim=claim)


class Labelled(Value):
    """What one labeller said of one claim, without having seen a verdict."""

    claim: str
    label: Label
    atomic: bool = True
    """Whether it is one statement."""
    alone: bool = True
    """Whether it can be understood, and checked, without what stands around it."""


def labels_in(file: Path) -> Iterator[Labelled]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield Labelled.model_validate_json(line)
