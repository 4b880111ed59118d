"""A service that plays a fixed part: for tests of surfaces, without any pipeline behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import cast

from ingestion.audit import Loss
from pincite.answers import (
    Answer,
    Answered,
    AnswerId,
    DraftSentence,
    Voice,
)
from pincite.asking import AS_EVER, Wishes
from pincite.config import FakeImageGenerator
from pincite.drawing.opening import studio
from pincite.drawing.studio import Studio
from pincite.elements import (
    Element,
    ElementId,
    Medium,
    Passage,
    PassageId,
    Scope,
    SourceId,
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
from pincite.extractions import (
    Asked,
    Extracted,
    Extracting,
)
from pincite.feedback import Feedback, Objection, feedback_on
from serving.service import (
    Accepted,
    Accounted,
    Alike,
    CollectionRule,
    Health,
    IngestProgress,
    Placed,
    Query,
    SourceStatus,
    Upload,
)
from tests.unit.serving.scripted_library import (
    ANSWER,
    CALL,
    COVERAGE,
    ELEMENTS,
    NOON,
    NOTES,
    PLACED,
    REPORT,
    STATUSES,
    page_png,
    table,
    wav,
)


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
        self.studio: Studio = studio(FakeImageGenerator(), folder, version="0.1.0")

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
        self,
        question: str,
        scope: Scope,
        *,
        conversation: str | None = None,
        wishes: Wishes = AS_EVER,
    ) -> AsyncGenerator[AskEvent, None]:
        self._hear("wishes", wishes)
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

    async def extract(
        self, asked: Asked, scope: Scope, *, filters: Sequence[tuple[str, str]] = ()
    ) -> AsyncGenerator[Extracting | Extracted, None]:
        self._hear("extract", (asked, scope, filters))
        yield Extracting(done=1, total=2, name=REPORT.name)
        yield Extracting(done=2, total=2, name=CALL.name, kept=True)
        yield Extracted(table=table(asked))

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

    async def rules(self, scope: Scope) -> list[CollectionRule]:
        self._hear("rules", scope)
        hosts = ("api.example.com",)
        return [
            CollectionRule(
                collection="default", sources=1, hosts=hosts, own=True, chat_may_read=True
            )
        ]

    async def allow(self, collection: str, hosts: Sequence[str] | None) -> None:
        self._hear("allow", (collection, hosts))

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
