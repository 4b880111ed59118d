"""What a dossier holds: the content of its `dossier.json`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal

from pydantic import Field

from pincite.answers import Answer, Answered
from pincite.elements import ContentId, Element, ElementId, Medium, SourceId
from pincite.models.ports import Numbered
from pincite.values import Value
from serving.exhibits import Exhibit

DOSSIER: Final = "dossier.json"
PAGE: Final = "dossier.html"
HASHES: Final = "hashes.txt"
EVIDENCE: Final = "evidence/"
ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "audio/wav": "wav"}

Exhibits = Mapping[int, Exhibit]
"""Pictures and clips by the number of their piece of evidence."""


class SourceRecord(Value):
    """A source as it was when the dossier was made; says nothing about places or readers."""

    id: SourceId
    name: str
    medium: Medium
    version: int
    content: ContentId | None = None
    """SHA-256 of its bytes; None where it is not known any more."""
    added_at: datetime | None = None
    dated: date | None = None


class Piece(Value):
    """A piece of evidence that the claims were held against."""

    number: int = Field(ge=1)
    element: Element
    how_known: Literal["as_shown", "as_read_now", "as_cited"]
    """`as_shown`: exactly what was put before the checker. `as_read_now`: the answer kept no
    fingerprint, and what is read there now holds the quote. `as_cited`: it reads differently now or
    is gone, so this is the quote that the answer kept."""
    file: str = ""
    """Of its picture, clip or excerpt in the ZIP; empty for what no claim rests on."""


class Dossier(Value):
    format: Literal["pincite-dossier/1"] = "pincite-dossier/1"
    made_at: datetime
    """In UTC."""
    made_by: str
    """Version of Pincite that made the dossier; `answer.record` names the one that answered."""
    answer: Answer
    """Without drafts: nothing that no check has passed leaves the library."""
    sources: tuple[SourceRecord, ...]
    evidence: tuple[Piece, ...]
    notes: tuple[str, ...] = ()
    """One sentence for each thing that is not known or not as it was."""

    @property
    def numbered(self) -> list[Numbered]:
        """As a checker takes it."""
        names = {source.id: source.name for source in self.sources}
        return [
            Numbered(
                number=piece.number,
                element=piece.element,
                source_name=names.get(piece.element.source, ""),
            )
            for piece in self.evidence
        ]

    @property
    def is_exact(self) -> bool:
        """Whether all evidence is what was put before the checker then."""
        record = self.answer.record
        return record is not None and {(s.number, s.element) for s in record.shown} == {
            (p.number, p.element.id) for p in self.evidence if p.how_known == "as_shown"
        }


def rested_on(answer: Answer) -> set[ElementId]:
    """Elements that it cites, or that a verdict names."""
    found = {citation.element for citation in answer.citations}
    if isinstance(answer, Answered):
        claims = [claim for sentence in answer.sentences for claim in sentence.claims]
        found |= {element for claim in claims for element in claim.verdict.supports}
    return found
