"""A service that plays a fixed part: for tests of surfaces, without any pipeline behind it."""

from __future__ import annotations

import asyncio
import io
import math
import struct
import wave
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from PIL import Image, ImageDraw

from ingestion.audit import Loss
from pincite.answers import (
    Answer,
    Answered,
    AnswerId,
    CheckedClaim,
    CheckedSentence,
    Citation,
    Claim,
    DraftSentence,
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
    Passage,
    PassageId,
    Scope,
    Source,
    SourceId,
    Word,
)
from pincite.errors import PinciteError, UnknownSource
from pincite.events import (
    AskEvent,
    Checked,
    Delta,
    Draft,
    Finished,
    Quotes,
    Reading,
    Revised,
    Searched,
)
from pincite.evidence import Coverage, Evidence, Findings
from pincite.feedback import Feedback, Objection, feedback_on
from pincite.locators import Locator, PageBox, TextSpan, TimeSpan
from serving.service import (
    Accepted,
    Accounted,
    Alike,
    Health,
    IngestProgress,
    Placed,
    Query,
    SourceStatus,
    UnitStatus,
    Upload,
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


class ScriptedService:
    """Gives out the values above; `heard` says with what each method was called."""

    def __init__(self, folder: Path, *, answer: Answer = ANSWER, pause_s: float = 0) -> None:
        self.folder = folder
        self.answer_given = answer
        self.pause_s = pause_s
        self.heard: list[tuple[str, object]] = []
        self.uploaded: list[tuple[str, bytes]] = []
        self.objections: list[Feedback] = []
        self.error: PinciteError | None = None
        self.ask_closed = asyncio.Event()
        self.statuses = list(STATUSES)

    def _hear(self, what: str, detail: object = None) -> None:
        self.heard.append((what, detail))
        if self.error is not None:
            raise self.error

    def _find(self, wanted: SourceId) -> SourceStatus:
        for one in self.statuses:
            if one.source.id == wanted:
                return one
        raise UnknownSource(f"there is no source {wanted}")

    async def ingest(
        self, paths: Sequence[Path], *, collection: str, readers: frozenset[str]
    ) -> AsyncGenerator[IngestProgress, None]:
        self._hear("ingest", (tuple(paths), collection, readers))
        accepted = tuple(
            Accepted(name=path.name, outcome="added", source=SourceId("s1")) for path in paths
        )
        yield IngestProgress(
            at=NOON, accepted=accepted, units_done=0, units_total=12, now="harbour report.pdf"
        )
        yield IngestProgress(
            at=NOON, finished=(STATUSES[0],), units_done=12, units_total=12, done=True
        )

    async def add(
        self, uploads: Sequence[Upload], *, collection: str, readers: frozenset[str]
    ) -> list[Accepted]:
        self._hear("add", (collection, readers, tuple(u.origin for u in uploads)))
        self.uploaded += [(upload.name, upload.path.read_bytes()) for upload in uploads]
        return [Accepted(name=u.name, outcome="added", source=REPORT.id) for u in uploads]

    async def watch(self, scope: Scope) -> AsyncGenerator[IngestProgress, None]:
        self._hear("watch", scope)
        for done in (0, 6, 12):
            yield IngestProgress(
                at=NOON, units_done=done, units_total=12, eta_s=9, now="page 7", done=done == 12
            )
            await asyncio.sleep(self.pause_s)

    async def resume(self) -> int:
        return 0

    async def sources(self, scope: Scope) -> list[SourceStatus]:
        self._hear("sources", scope)
        return [one.model_copy(update={"units": ()}) for one in self.statuses]

    async def source(self, source: SourceId, scope: Scope) -> SourceStatus:
        self._hear("source", scope)
        return self._find(source)

    async def delete(self, source: SourceId, scope: Scope, *, now: bool) -> None:
        self._hear("delete", (source, now))
        self.statuses.remove(self._find(source))

    async def stop(self, source: SourceId, scope: Scope) -> None:
        self._hear("stop", self._find(source).source.id)

    async def retry(self, source: SourceId, scope: Scope) -> int:
        self._hear("retry", self._find(source).source.id)
        return 3

    async def account(self, scope: Scope) -> Accounted:
        self._hear("account", scope)
        loss = Loss(source=REPORT, unit=7, why="4 elements were read, 0 are kept")
        return Accounted(sources=3, units=14, losses=(loss,))

    async def duplicates(self, scope: Scope) -> list[Alike]:
        self._hear("duplicates", scope)
        return [Alike(one=REPORT, other=NOTES, share=0.91)]

    async def placed(self, prefix: str, collection: str) -> list[Placed]:
        self._hear("placed", (prefix, collection))
        return list(PLACED)

    async def place(self, source: SourceId, *, origin: str, stamp: str) -> None:
        self._hear("place", (source, origin, stamp))

    async def displace(self, source: SourceId, origin: str) -> bool:
        self._hear("displace", (source, origin))
        return True

    async def search(self, query: Query, scope: Scope, *, keep: int) -> Findings:
        self._hear("search", (query, scope, keep))
        if query.audio:
            self._hear("audio", query.audio.path.read_bytes())
        found = ELEMENTS[0]
        passage = Passage(
            id=PassageId("s1.p30000"),
            source=REPORT.id,
            elements=(found.id,),
            text=found.text,
            page=3,
        )
        evidence = Evidence(
            passage=passage,
            elements=(found,),
            source=REPORT,
            score=0.03,
            rank=1,
            found_by=("dense", "words"),
            similarity=0.7,
        )
        return Findings(
            evidence=(evidence,), searched=query.question, decisions=("only harbour report.pdf",)
        )

    async def coverage(self, scope: Scope) -> Coverage:
        return COVERAGE

    async def ask(
        self, question: str, scope: Scope, *, conversation: str | None = None
    ) -> AsyncGenerator[AskEvent, None]:
        self._hear("ask", (question, scope, conversation))
        try:
            for event in self._events(question):
                yield event
                await asyncio.sleep(self.pause_s)
        finally:
            self.ask_closed.set()

    def _events(self, question: str) -> list[AskEvent]:
        answer = self.answer_given
        events: list[AskEvent] = [
            Searched(query=question, found=8, coverage=COVERAGE),
            Quotes(quotes=answer.quotes),
        ]
        if isinstance(answer, Answered):
            events.append(Reading(citations=answer.citations))
            for one in answer.sentences:
                text = one.revised_from or one.text
                words = text.split(" ")
                events += [Delta(sentence=one.id, text=f"{word} ") for word in words]
                events.append(Draft(sentence=DraftSentence(id=one.id, text=text)))
                events.append((Revised if one.revised_from else Checked)(sentence=one))
        return [*events, Finished(answer=answer)]

    async def answer(self, answer: AnswerId, scope: Scope) -> Answer:
        self._hear("answer", answer)
        if answer != self.answer_given.id:
            raise UnknownSource(f"there is no answer {answer}")
        return self.answer_given

    async def dossier(self, answer: AnswerId, scope: Scope) -> bytes:
        from serving.dossier.build import dossier

        self._hear("dossier", answer)
        return await dossier(self, answer, scope)

    async def object_to(self, answer: AnswerId, objection: Objection, scope: Scope) -> Feedback:
        self._hear("object_to", objection)
        made = feedback_on(await self.answer(answer, scope), objection, "local", NOON)
        self.objections.append(made)
        return made

    async def feedback(self, scope: Scope) -> list[Feedback]:
        self._hear("feedback")
        return self.objections

    async def element(self, element: ElementId, scope: Scope) -> Element:
        self._hear("element", element)
        for one in ELEMENTS:
            if one.id == element:
                return one
        raise UnknownSource(f"there is no element {element}")

    async def elements(self, source: SourceId, unit: int, scope: Scope) -> list[Element]:
        self._hear("elements", (source, unit))
        return [one for one in ELEMENTS if one.source == source]

    async def picture(self, source: SourceId, page: int, scope: Scope, *, dpi: int) -> bytes:
        self._hear("picture", (source, page, dpi))
        self._find(source)
        return page_png(595 * dpi // 72, 842 * dpi // 72)

    async def frame(self, source: SourceId, at_s: float, scope: Scope) -> bytes:
        self._hear("frame", (source, at_s))
        self._find(source)
        return page_png(640, 360)

    async def original(self, source: SourceId, scope: Scope) -> tuple[Path, str]:
        self._hear("original", source)
        medium = self._find(source).source.medium
        path = self.folder / f"{source}.bin"
        path.write_bytes(wav() if medium is Medium.AUDIO else b"<script>alert(1)</script>")
        kinds = {Medium.AUDIO: "audio/x-wav", Medium.PDF: "application/pdf"}
        return path, kinds.get(medium, "text/html")

    async def health(self) -> Health:
        return Health(
            version="0.1.0",
            mode="answers",
            model="scripted",
            voice=Voice.SMALL_LOCAL_MODEL,
            notice=None,
        )


def searched(service: ScriptedService) -> tuple[Query, Scope, int]:
    """What the one search was asked for."""
    [heard] = [what for name, what in service.heard if name == "search"]
    return cast("tuple[Query, Scope, int]", heard)
