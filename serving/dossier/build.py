"""Gathers what an answer rests on, as its asker may see it, into one ZIP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pincite.answers import Answer, Answered, AnswerId, Citation
from pincite.elements import Element, ElementId, How, Kind, Medium, Scope, SourceId
from pincite.errors import PinciteError, UnknownSource
from serving.dossier.contents import (
    DOSSIER,
    ENDINGS,
    EVIDENCE,
    PAGE,
    Dossier,
    Piece,
    SourceRecord,
    rested_on,
)
from serving.dossier.packing import packed
from serving.dossier.page import page
from serving.dossier.standing import holds
from serving.exhibits import Exhibit, exhibit
from serving.outgoing import without_drafts
from serving.places import cited
from serving.service import Service

NO_RECORD = (
    "This answer was given by a version that kept no record: the checker, the thresholds, the "
    "steps, and the evidence that was read beside what is cited are not known."
)


@dataclass
class _Gathered:
    """What was found so far."""

    notes: list[str] = field(default_factory=list[str])
    exhibits: dict[int, Exhibit] = field(default_factory=dict[int, Exhibit])
    excerpts: dict[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass(frozen=True)
class _Wanted:
    """A piece of evidence as the answer knows it."""

    number: int
    element: ElementId
    fingerprint: str | None
    citation: Citation | None


async def dossier(service: Service, answer: AnswerId, scope: Scope) -> bytes:
    """The ZIP; takes about 0.1 s for each page that is cited.

    Raises:
        UnknownSource: there is no such answer, what it rests on was deleted, or the scope may not
            see all of it.
    """
    given = without_drafts(await service.answer(answer, scope))
    gathered = _Gathered()
    if given.record is None:
        gathered.notes.append(NO_RECORD)
    pieces = await _pieces(service, given, scope, gathered)
    made = Dossier(
        made_at=datetime.now(UTC).replace(microsecond=0),
        made_by=(await service.health()).version,
        answer=given,
        sources=await _sources(service, given, pieces, scope),
        evidence=tuple(pieces),
        notes=tuple(gathered.notes),
    )
    return await asyncio.to_thread(_packed, made, gathered)


def _packed(made: Dossier, gathered: _Gathered) -> bytes:
    pictures = {
        piece.file: gathered.exhibits[piece.number].content
        for piece in made.evidence
        if piece.number in gathered.exhibits
    }
    files = {
        DOSSIER: made.model_dump_json(indent=1).encode(),
        PAGE: page(made, gathered.exhibits).encode(),
        **pictures,
        **gathered.excerpts,
    }
    return packed(files, made.made_at)


# --- evidence -------------------------------------------------------------------------------------


def _wanted(answer: Answer) -> list[_Wanted]:
    """What was put before the checker; of a refusal, what was found nearest."""
    citations = {citation.element: citation for citation in answer.citations}
    shown = answer.record.shown if answer.record else ()
    known = {each.element: each.fingerprint for each in shown}
    if not shown or not isinstance(answer, Answered):
        return [
            _Wanted(citation.number, element, known.get(element), citation)
            for element, citation in citations.items()
        ]
    return [
        _Wanted(each.number, each.element, each.fingerprint, citations.get(each.element))
        for each in shown
    ]


async def _pieces(
    service: Service, answer: Answer, scope: Scope, gathered: _Gathered
) -> list[Piece]:
    names = rested_on(answer)
    pieces: list[Piece] = []
    lost: list[int] = []
    for wanted in _wanted(answer):
        piece = await _piece(service, wanted, scope)
        if piece is None:
            lost.append(wanted.number)
            continue
        if piece.how_known == "as_cited" and wanted.citation:
            gathered.notes.append(
                f"[{piece.number}] {cited(wanted.citation)} was read anew or removed since, so "
                "the dossier holds the words that were cited then."
            )
        if wanted.element in names:
            piece = await _exhibited(service, piece, scope, gathered)
        pieces.append(piece)
    if lost:
        numbers = ", ".join(f"[{number}]" for number in lost)
        gathered.notes.append(
            f"Evidence that was read but not cited ({numbers}) can no longer be had as it was; "
            "without it the checker may say something else."
        )
    return pieces


async def _piece(service: Service, wanted: _Wanted, scope: Scope) -> Piece | None:
    try:
        found = await service.element(wanted.element, scope)
    except UnknownSource:
        found = None
    citation = wanted.citation
    if found is not None:
        element = found.model_copy(update={"words": (), "crop": None})
        if wanted.fingerprint == found.fingerprint:
            return Piece(number=wanted.number, element=element, how_known="as_shown")
        if wanted.fingerprint is None and citation and holds(found, citation.quote):
            return Piece(number=wanted.number, element=element, how_known="as_read_now")
    if citation is None:
        return None
    return Piece(number=wanted.number, element=_as_cited(citation), how_known="as_cited")


def _as_cited(citation: Citation) -> Element:
    """The element as far as a citation keeps it."""
    if citation.kind is Kind.SPEECH or citation.medium is Medium.AUDIO:
        how = How.SPEECH
    else:
        how = How.TEXT_LAYER if citation.confidence is None else How.OCR
    return Element(
        id=citation.element,
        source=citation.source,
        kind=citation.kind,
        text=citation.quote,
        locators=citation.locators,
        how=how,
        confidence=citation.confidence,
    )


async def _exhibited(service: Service, piece: Piece, scope: Scope, gathered: _Gathered) -> Piece:
    """With its picture or clip; with its text where there is neither."""
    element = piece.element
    try:
        shown = await exhibit(service, element.source, element.locators, scope, drawn="image/png")
    except PinciteError as exc:
        shown = None
        gathered.notes.append(f"There is no picture or clip of [{piece.number}]: {exc}.")
    if shown is None:
        name = f"{EVIDENCE}{piece.number}.txt"
        gathered.excerpts[name] = element.text.encode("utf-8", "replace")
    else:
        name = f"{EVIDENCE}{piece.number}.{ENDINGS[shown.media_type]}"
        gathered.exhibits[piece.number] = shown
    return piece.model_copy(update={"file": name})


# --- sources --------------------------------------------------------------------------------------


async def _sources(
    service: Service, answer: Answer, pieces: Iterable[Piece], scope: Scope
) -> tuple[SourceRecord, ...]:
    citations = {c.source: c for c in (*answer.citations, *(q.citation for q in answer.quotes))}
    ids = dict.fromkeys([*(piece.element.source for piece in pieces), *citations])
    return tuple([await _source(service, id_, citations.get(id_), scope) for id_ in ids])


async def _source(
    service: Service, id_: SourceId, citation: Citation | None, scope: Scope
) -> SourceRecord:
    try:
        source = (await service.source(id_, scope)).source
    except UnknownSource:
        if citation is None:
            raise
        return SourceRecord(
            id=id_,
            name=citation.source_name,
            medium=citation.medium,
            version=citation.source_version,
        )
    return SourceRecord(
        id=id_,
        name=source.name,
        medium=source.medium,
        version=source.version,
        content=source.content,
        added_at=source.added_at,
        dated=source.dated,
    )
