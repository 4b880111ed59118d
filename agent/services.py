"""What the nodes of the graph are given at run time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from agent.extracting.extractor import Extractor
from agent.views import View
from pincite.answers import Answer, MadeWith
from pincite.config import Agent
from pincite.egress import Egress
from pincite.elements import Element, Kind, Passage, PassageId, Scope, Source, SourceId
from pincite.evidence import Coverage
from pincite.generated import DrawingEvent, PictureWish
from pincite.models.ports import ChatModel, ClaimChecker, PassageReader, TextEncoder
from retrievers.ports import Retriever


class Library(Protocol):
    """The part of the text store that answering needs; thread-safe."""

    def passages(
        self, ids: Sequence[PassageId]
    ) -> dict[PassageId, tuple[Passage, tuple[Element, ...]]]:
        """Ids that are gone are left out."""
        ...

    def source(self, source: SourceId, scope: Scope | None = None) -> Source:
        """Raises UnknownSource."""
        ...

    def names(self, scope: Scope) -> list[tuple[SourceId, str]]:
        """Ids and file names of all that the scope admits."""
        ...

    def put_answer(self, answer: Answer, scope: Scope, recalled_by: str = "") -> None: ...

    def recall(self, recalled_by: str, scope: Scope) -> Answer | None:
        """An answer that was kept with this digest, if the scope may see all it rests on."""
        ...

    def state(self, scope: Scope) -> str:
        """Changes when anything in the scope does."""
        ...


class Places(Protocol):
    """Pictures of where elements stand."""

    async def seen(self, element: Element, scope: Scope, view: View) -> tuple[bytes, ...]:
        """PNG files, row by row; about 0.1 s for a page that was not drawn before.

        Raises:
            UnsupportedMedia: it stands on no page and in no picture.
            UnknownSource: nothing that the scope may see.
            CorruptSource: its page cannot be drawn.
        """
        ...


class Files(Protocol):
    """What a model that opens files itself may look into; thread-safe."""

    def sources(self, scope: Scope) -> list[Source]: ...

    def elements_on(self, source: SourceId, unit: int) -> list[Element]:
        """Of a page, or of a whole document; in reading order. Raises UnknownSource."""
        ...

    def elements_of(self, source: SourceId, kinds: Collection[Kind]) -> list[Element]:
        """All of some kinds, in reading order. Raises UnknownSource."""
        ...


class Elsewhere(NamedTuple):
    """A configured model that something beside the evidence is sent to."""

    what: str
    """For the reader, e.g. `search by meaning`."""
    endpoint: str


class Draws(Protocol):
    """The part of the studio that answering needs."""

    def draw(self, wish: PictureWish, scope: Scope) -> AsyncGenerator[DrawingEvent, None]:
        """See `pincite.drawing.studio.Studio.draw`."""
        ...


@dataclass(frozen=True, slots=True)
class AgentServices:
    """Everything an answer is made with; built once by the composition root."""

    retriever: Retriever
    encoder: TextEncoder
    checker: ClaimChecker
    chat: ChatModel | None
    """None for quotes-only mode."""
    library: Library
    coverage: Callable[[Scope], Coverage]
    """How much of the scope had been read; called in a thread."""
    settings: Agent
    reader: PassageReader | None = None
    """None where its weights are absent; what was found is then weighed without it."""
    places: Places | None = None
    """None where evidence is only read; a model that sees is then given text like any other."""
    files: Files | None = None
    """None where a model that calls tools is to search only."""
    studio: Draws | None = None
    """Draws where a question asks for a picture; None where that cannot be had."""
    keep: int = 8
    """Passages that a search puts forward (`retrieval.keep`)."""
    made_with: MadeWith = field(default_factory=MadeWith)
    """What answers record of it."""
    egress: Egress | None = None
    """What may leave this machine; nothing where it is None."""
    stand_in: ChatModel | None = None
    """A model of this machine that answers where `chat` may not."""
    languages: tuple[str, ...] = ()
    """That the encoder and the checker know; empty where nothing is known of that."""
    elsewhere: tuple[Elsewhere, ...] = ()
    """Beside `chat`: models that are left out where they may not be asked."""
    extractor: Extractor | None = None
    """Makes tables over all files; None where questions about all of them are answered as others
    are, and say so."""
