"""The sources, evidence and answers that the scripted service gives out."""

from __future__ import annotations

import io
import math
import struct
import wave
from datetime import UTC, datetime

from PIL import Image, ImageDraw

from pincite.answers import (
    Answered,
    AnswerId,
    CheckedClaim,
    CheckedSentence,
    Citation,
    Claim,
    Label,
    ModelUse,
    Quote,
    RefusalReason,
    Refused,
    SentenceId,
    Verdict,
    Voice,
)
from pincite.elements import (
    ContentId,
    Element,
    ElementId,
    How,
    Kind,
    Medium,
    Source,
    SourceId,
    Word,
)
from pincite.evidence import Coverage
from pincite.extractions import (
    Asked,
    EmptyCell,
    Extraction,
    FileState,
    FoundCell,
    Row,
    TextValue,
)
from pincite.locators import Locator, PageBox, TextSpan, TimeSpan
from serving.service import (
    Placed,
    SourceStatus,
    UnitStatus,
)

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
COVERAGE = Coverage(sources_read=2, sources_total=3, pages_read=13, pages_total=14, pages_failed=1)
FALSE_DRAFT = "The harbour opened in 1871."
LIE = "The crane lifts 900 tonnes."


def source(name: str, medium: Medium, number: int) -> Source:
    return Source(
        id=SourceId(f"s{number}"),
        content=ContentId(f"{number:064x}"),
        name=name,
        origin=f"/papers/{name}",
        medium=medium,
        added_at=NOON,
    )


REPORT = source("harbour report.pdf", Medium.PDF, 1)
CALL = source("call.wav", Medium.AUDIO, 2)
NOTES = source("notes.md", Medium.TEXT, 3)


def element(where: Source, ordinal: int, text: str, locator: Locator, kind: Kind) -> Element:
    spoken = isinstance(locator, TimeSpan)
    return Element(
        id=ElementId(f"{where.id}.{ordinal}"),
        source=where.id,
        kind=kind,
        text=text,
        locators=(locator,),
        how=How.SPEECH if spoken else How.TEXT_LAYER,
        confidence=0.91 if spoken else None,
        words=_words(text, locator) if isinstance(locator, PageBox) else (),
    )


def _words(text: str, box: PageBox) -> tuple[Word, ...]:
    """Side by side, equally wide."""
    said = text.split()
    wide = (box.right - box.left) / len(said)
    edges = [(box.left + wide * at, box.left + wide * (at + 1)) for at in range(len(said))]
    return tuple(
        Word(text=word, locator=box.model_copy(update={"left": left, "right": right}))
        for word, (left, right) in zip(said, edges, strict=True)
    )


_BOX = PageBox(page=3, left=72, top=120, right=523, bottom=160, page_width=595, page_height=842)
ELEMENTS = (
    element(REPORT, 30000, "The harbour opened in 1872 after four years of work.", _BOX, Kind.TEXT),
    element(
        CALL, 10000, "The crane lifts forty tonnes.", TimeSpan(start_s=2, end_s=4), Kind.SPEECH
    ),
    element(NOTES, 10000, "The mole is 310 metres long.", TextSpan(start=0, end=28), Kind.TEXT),
)


def citation(number: int) -> Citation:
    cited = ELEMENTS[number - 1]
    where = next(s for s in (REPORT, CALL, NOTES) if s.id == cited.source)
    return Citation(
        number=number,
        element=cited.id,
        source=where.id,
        source_name=where.name,
        source_version=1,
        medium=where.medium,
        kind=cited.kind,
        locators=cited.locators,
        quote=cited.text,
        confidence=cited.confidence,
    )


CITATIONS = tuple(citation(number) for number in (1, 2, 3))


def sentence(
    number: int,
    text: str,
    label: Label,
    *,
    reason: str = "The cited words say so.",
    cites: tuple[int, ...] = (1,),
    revised_from: str | None = None,
    doubtful: tuple[tuple[int, int], ...] = (),
) -> CheckedSentence:
    claim = Claim(text=text, start=0, end=len(text), cites=cites)
    likely = {Label.SUPPORTED: 0.97, Label.CONTRADICTED: 0.02}.get(label, 0.3)
    supports = tuple(ELEMENTS[n - 1].id for n in cites) if label is Label.SUPPORTED else ()
    verdict = Verdict(label=label, probability=likely, supports=supports, reason=reason)
    return CheckedSentence(
        id=SentenceId(f"t{number}"),
        text=text,
        claims=(CheckedClaim(claim=claim, verdict=verdict, doubtful=doubtful),),
        revised_from=revised_from,
    )


SENTENCES = (
    sentence(
        1,
        "The harbour opened in 1872 [1].",
        Label.SUPPORTED,
        revised_from=FALSE_DRAFT,
    ),
    sentence(
        2,
        LIE,
        Label.CONTRADICTED,
        reason="The recording says 40 tonnes, the sentence 900.",
        cites=(2,),
        doubtful=((16, 26),),
    ),
    sentence(3, "Its mole is 310 metres long [3].", Label.SUPPORTED, cites=(3,)),
)
QUOTE = Quote(citation=CITATIONS[0], text=CITATIONS[0].quote, relevance=0.82)
ANSWER = Answered(
    id=AnswerId("a1"),
    question="When did the harbour open?",
    coverage=COVERAGE,
    quotes=(QUOTE,),
    citations=CITATIONS,
    seconds=2.4,
    model=ModelUse(model="scripted", prompt_tokens=210, output_tokens=41, prompt_version="1"),
    sentences=SENTENCES,
    voice=Voice.SMALL_LOCAL_MODEL,
)
REFUSAL = Refused(
    id=AnswerId("a2"),
    question="Who paid?",
    coverage=COVERAGE,
    quotes=(),
    citations=CITATIONS[:1],
    seconds=0.3,
    reason=RefusalReason.NO_EVIDENCE,
    message="The library does not say who paid.",
    looked_for=("who paid", "harbour funding"),
)


def status(where: Source, state: str, *, failed: int = 0, total: int = 3) -> SourceStatus:
    units = tuple(
        UnitStatus(
            unit=number,
            state="failed" if number > total - failed else "done",
            how=None if number > total - failed else "text_layer",
            why="the page is damaged" if number > total - failed else None,
            elements=0 if number > total - failed else 7,
        )
        for number in range(1, total + 1)
    )
    return SourceStatus.model_validate(
        {
            "source": where,
            "state": state,
            "units_total": total,
            "units_done": total - failed,
            "units_failed": failed,
            "units": units,
        }
    )


STATUSES = (
    status(REPORT, "incomplete", failed=1, total=12),
    status(CALL, "complete", total=1),
    status(NOTES, "complete", total=1),
)


PLACED = tuple(
    Placed(
        source=one.id,
        content=one.content,
        size=7,
        origin=one.origin,
        readers=one.readers,
        version=1,
        stamp="7:x",
    )
    for one in (REPORT, CALL)
)


def page_png(width: int = 595, height: int = 842) -> bytes:
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    scale = width / 595
    for line in range(12):
        draw.text((72 * scale, (130 + 40 * line) * scale), ELEMENTS[0].text, fill="black")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def wav(seconds: float = 6, rate: int = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (int(6000 * math.sin(i / 9)) for i in range(int(seconds * rate)))
        file.writeframes(b"".join(struct.pack("<h", s) for s in samples))
    return out.getvalue()


def table(asked: Asked) -> Extraction:
    """A value of the first column in the report, and a call that could not be read."""
    verdict = Verdict(label=Label.SUPPORTED, probability=0.9, reason="It says so.")
    cell = FoundCell(
        value=TextValue(text="=1872"),
        written="=1872",
        citation=citation(1),
        verdict=verdict,
        by="field",
    )
    empty = (EmptyCell(),) * (len(asked.columns) - 1)
    return Extraction(
        asked=asked,
        rows=(Row(source=REPORT.id, name=REPORT.name, cells=(cell, *empty)),),
        files=(
            FileState(source=REPORT.id, name=REPORT.name, state="read"),
            FileState(source=CALL.id, name=CALL.name, state="failed", why="it is no sound"),
        ),
        coverage=COVERAGE,
    )
