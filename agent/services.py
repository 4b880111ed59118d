"""What the nodes of the graph are given at run time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pincite.answers import Answer, MadeWith
from pincite.config import Agent
from pincite.elements import Element, Passage, PassageId, Scope, Source, SourceId
from pincite.evidence import Coverage
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

    def put_answer(self, answer: Answer, scope: Scope) -> None: ...


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
    keep: int = 8
    """Passages that a search puts forward (`retrieval.keep`)."""
    made_with: MadeWith = field(default_factory=MadeWith)
    """What answers record of it."""
