"""The front of the agent: one question in, the events of its answer out."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from agent.services import AgentServices
from pincite.elements import Scope, SourceId
from pincite.events import AskEvent


class Assistant:
    """Answers questions from a library. Cheap to build: LangGraph loads at first use."""

    def __init__(self, services: AgentServices, checkpoints: Path) -> None:
        """`checkpoints` is the SQLite file in which conversations are remembered."""
        self._services = services
        self._checkpoints = checkpoints

    async def warm_up(self) -> None:
        """Load the graph, the encoder and the model, and let the model read the fixed prompt.

        A model that is not in the store is no error: answers are then verbatim quotes.
        """
        raise NotImplementedError

    def ask(
        self, question: str, scope: Scope, *, conversation: str | None = None
    ) -> AsyncGenerator[AskEvent, None]:
        """Events in the order of `pincite.events`; the last one is `answer` or `failed`.

        With `conversation` the question may refer to earlier ones of the same asker. Closing the
        generator stops the computation.
        """
        raise NotImplementedError

    async def forget(self, source: SourceId) -> None:
        """Remove every conversation that looked at `source`, so that no byte of it is left."""
        raise NotImplementedError

    async def forget_conversation(self, conversation: str, scope: Scope) -> None:
        """Remove what is remembered of one conversation of this asker."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the file of conversations."""
        raise NotImplementedError
