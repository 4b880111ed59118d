"""A library in memory: documents as lists of sentences, searched by shared words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pincite.answers import Answer
from pincite.elements import (
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
    element_id,
    passage_id,
)
from pincite.errors import UnknownSource
from pincite.evidence import Coverage, Evidence
from pincite.locators import PageBox
from pincite.models.fakes import FakeTextEncoder
from pincite.models.ports import Numbered

WHERE = PageBox(left=50, top=100, right=500, bottom=120, page=1, page_width=595, page_height=842)


def element(text: str, ordinal: int = 0, source: str = "s1", **more: object) -> Element:
    fields: dict[str, object] = {
        "id": element_id(SourceId(source), ordinal),
        "source": source,
        "kind": Kind.TEXT,
        "text": text,
        "locators": (WHERE,),
        "how": How.TEXT_LAYER,
        **more,
    }
    return Element.model_validate(fields)


def numbered(*texts: str) -> list[Numbered]:
    return [Numbered(number=n, element=element(text, n)) for n, text in enumerate(texts, 1)]


class MemoryLibrary:
    """Library and retriever in one; every document is one passage of one element per paragraph."""

    def __init__(self, documents: Mapping[str, Sequence[str]] | None = None) -> None:
        self._encoder = FakeTextEncoder()
        self._sources: dict[SourceId, Source] = {}
        self._passages: dict[PassageId, tuple[Passage, tuple[Element, ...]]] = {}
        self.answers: list[Answer] = []
        self.known: dict[str, Answer] = {}
        self.searched: list[str] = []
        for name, paragraphs in (documents or {}).items():
            self.add(name, paragraphs)

    def add(self, name: str, paragraphs: Sequence[str], **more: object) -> SourceId:
        source = SourceId(f"source{len(self._sources) + 1}")
        self._sources[source] = Source(
            id=source,
            content="0" * 64,  # pyright: ignore[reportArgumentType]
            name=name,
            origin=name,
            medium=Medium.PDF,
            added_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for place, text in enumerate(paragraphs):
            item = element(text, place, source, **more)
            id_ = passage_id(source, place)
            passage = Passage(id=id_, source=source, elements=(item.id,), text=text, page=1)
            self._passages[id_] = (passage, (item,))
        return source

    def search(self, question: str, scope: Scope, *, keep: int) -> list[Evidence]:
        self.searched.append(question)
        asked = self._encoder.embed_query(question)
        scored = sorted(
            (
                (float(self._encoder.embed_query(passage.text) @ asked), id_)
                for id_, (passage, _) in self._passages.items()
                if scope.admits(self._sources[passage.source])
            ),
            reverse=True,
        )
        return [
            Evidence(
                passage=self._passages[id_][0],
                elements=self._passages[id_][1],
                source=self._sources[self._passages[id_][0].source],
                score=score,
                rank=rank,
                found_by=("dense",),
                similarity=score,
            )
            for rank, (score, id_) in enumerate(scored[:keep], 1)
        ]

    def passages(
        self, ids: Sequence[PassageId]
    ) -> dict[PassageId, tuple[Passage, tuple[Element, ...]]]:
        return {id_: self._passages[id_] for id_ in ids if id_ in self._passages}

    def source(self, source: SourceId, scope: Scope | None = None) -> Source:
        found = self._sources.get(source)
        if found is None or (scope is not None and not scope.admits(found)):
            raise UnknownSource("no such source")
        return found

    def names(self, scope: Scope) -> list[tuple[SourceId, str]]:
        return [(id_, each.name) for id_, each in self._sources.items() if scope.admits(each)]

    def put_answer(self, answer: Answer, scope: Scope, recalled_by: str = "") -> None:
        del scope
        self.answers.append(answer)
        if recalled_by:
            self.known[recalled_by] = answer

    def recall(self, recalled_by: str, scope: Scope) -> Answer | None:
        del scope
        return self.known.get(recalled_by)

    def state(self, scope: Scope) -> str:
        return " ".join(id_ for id_, each in self._sources.items() if scope.admits(each))

    def coverage(self, scope: Scope) -> Coverage:
        del scope
        total = len(self._sources)
        return Coverage(
            sources_read=total, sources_total=total, pages_read=total, pages_total=total
        )

    def elements(self) -> dict[ElementId, Element]:
        return {item.id: item for _, items in self._passages.values() for item in items}
