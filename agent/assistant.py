"""The front of the agent: one question in, the events of its answer out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from agent.prompts import prompt
from agent.run import Run, logger
from agent.services import AgentServices
from agent.state import Turn, opened
from pincite.asking import AS_EVER, Wishes
from pincite.egress import Allowed, each_sending
from pincite.elements import Scope, SourceId
from pincite.errors import BadSettings, MissingModel, ModelUnavailable, PinciteError
from pincite.events import AskEvent, Failed
from pincite.extractions import Asked, Extracted, Extracting
from pincite.grounding.memory import remembering
from pincite.models.ports import ChatModel

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from agent.conversations import Conversations
    from agent.graph import AnswerGraph

LONGEST_QUESTION = 4_000
"""Characters; what is longer is no question and would push the evidence out of the context."""


class Assistant:
    """Answers questions from a library. Cheap to build: LangGraph loads at first use."""

    def __init__(self, services: AgentServices, checkpoints: Path) -> None:
        """`checkpoints` is the SQLite file in which conversations are remembered."""
        self._services = services
        self._encoder = remembering(services.encoder)
        self._checkpoints = checkpoints
        self._conversations: Conversations | None = None
        self._lock = asyncio.Lock()

    @property
    def services(self) -> AgentServices:
        """What answers are made with."""
        return self._services

    async def warm_up(self) -> None:
        """Load the graph, the encoder and the model, and let the model read the fixed prompt.

        A model that is not in the store is no error: answers are then verbatim quotes.
        """
        await asyncio.gather(
            asyncio.to_thread(_graph_builder), asyncio.to_thread(self._encoder.warm_up)
        )
        if self._services.chat is not None:
            await _warm_chat(self._services.chat)

    async def ask(
        self,
        question: str,
        scope: Scope,
        *,
        conversation: str | None = None,
        wishes: Wishes = AS_EVER,
    ) -> AsyncGenerator[AskEvent, None]:
        """Events in the order of `pincite.events`; the last one is `answer` or `failed`.

        With `conversation` the question may refer to earlier ones of the same asker. Closing the
        generator stops the computation.
        """
        try:
            asked = self._events(question, scope, conversation, wishes)
            async with aclosing(asked) as events:
                async for event in events:
                    yield event
        except PinciteError as exc:
            yield Failed(error=type(exc).__name__, message=str(exc))
        except Exception:  # noqa: BLE001 - the edge: clients get a last event in every case
            logger.exception("a question could not be dealt with")
            message = (
                "Something in Pincite broke while it answered; the log of the service says what."
            )
            yield Failed(error="InternalError", message=message)

    async def extract(
        self, asked: Asked, scope: Scope
    ) -> AsyncGenerator[Extracting | Extracted, None]:
        """A table over every file of the scope; see `Extractor.extract`."""
        if self._services.extractor is None:
            raise BadSettings("this assistant was built without what makes tables of files")
        allowed = await self._allowed(scope)
        made = self._services.extractor.extract(asked, scope)
        async with aclosing(each_sending(allowed, made)) as events:
            async for event in events:
                yield event

    async def _events(
        self, question: str, scope: Scope, conversation: str | None, wishes: Wishes
    ) -> AsyncGenerator[AskEvent, None]:
        graph, config = await self._graph(scope, conversation)
        allowed = await self._allowed(scope, await _earlier(graph, config))
        run = Run(
            services=self._services,
            encoder=self._encoder,
            scope=scope,
            wishes=wishes,
            allowed=allowed,
        )
        state = opened(question.strip()[:LONGEST_QUESTION])
        # LangGraph's overloads name a type parameter that they leave open.
        stream = cast("Any", graph).astream(
            state,
            config,
            context=run,
            stream_mode="custom",
            durability="exit" if conversation else None,
        )
        async with aclosing(each_sending(allowed, stream)) as events:
            async for event in events:
                yield event

    async def _allowed(self, scope: Scope, earlier: Sequence[Turn] = ()) -> Allowed:
        """Where a question over `scope` may be sent that may refer to `earlier` ones."""
        egress = self._services.egress
        if egress is None:
            return Allowed()
        also = {name for turn in earlier for name in turn.get("collections", [])}
        if any("collections" not in turn for turn in earlier):
            everything = Scope(principals=scope.principals, collections=frozenset())
            also |= (await asyncio.to_thread(egress.asked, everything)).collections
        return await asyncio.to_thread(egress.asked, scope, also)

    async def _graph(
        self, scope: Scope, conversation: str | None
    ) -> tuple[AnswerGraph, RunnableConfig]:
        build_graph = await asyncio.to_thread(_graph_builder)
        if conversation is None:
            return build_graph(None), {}
        from agent.conversations import thread_of

        memory = await self._opened()
        thread = thread_of(conversation, scope)
        return build_graph(memory.saver), {"configurable": {"thread_id": thread}}

    async def _opened(self) -> Conversations:
        from agent.conversations import Conversations

        async with self._lock:
            if self._conversations is None:
                self._conversations = await Conversations.open(self._checkpoints)
            return self._conversations

    async def forget(self, source: SourceId) -> None:
        """Remove every conversation that looked at `source`, so that no byte of it is left."""
        if await asyncio.to_thread(self._checkpoints.exists):
            await (await self._opened()).forget_source(source)

    async def forget_conversation(self, conversation: str, scope: Scope) -> None:
        """Remove what is remembered of one conversation of this asker."""
        if await asyncio.to_thread(self._checkpoints.exists):
            await (await self._opened()).forget(conversation, scope)

    async def close(self) -> None:
        """Close the file of conversations."""
        async with self._lock:
            if self._conversations is not None:
                await self._conversations.close()
                self._conversations = None


async def _earlier(graph: AnswerGraph, config: RunnableConfig) -> Sequence[Turn]:
    """What the conversation remembers; nothing where the question stands alone."""
    if not config:
        return ()
    snapshot = await graph.aget_state(config)
    return cast("Sequence[Turn]", snapshot.values.get("turns", ()))


def _graph_builder() -> Callable[[BaseCheckpointSaver[Any] | None], AnswerGraph]:
    """Import LangGraph: about 1.5 s of computing, so in a thread and not for `--help`."""
    from agent.graph import build_graph

    return build_graph


async def _warm_chat(chat: ChatModel) -> None:
    try:
        await chat.warm_up()
        if chat.endpoint == "local":
            messages = prompt("write").messages(evidence="", question="")
            async with aclosing(chat.stream(messages, max_tokens=1)) as items:
                async for _ in items:
                    pass
    except (MissingModel, ModelUnavailable) as exc:
        logger.warning("the language model is not ready: %s", exc)
