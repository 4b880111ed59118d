"""From a stream of pieces to drafted sentences."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Final

from agent.plain_text import answer_text, may_be_fetched
from pincite.answers import DraftSentence, SentenceId
from pincite.events import AskEvent, Delta, Draft
from pincite.grounding.marks import without_marks
from pincite.grounding.sentences import SentenceStream
from pincite.grounding.words import folded
from pincite.models.ports import ChatModel, ChatPiece, ChatUsage, Message

_NOT_FOUND: Final = re.compile(r"^\W*(?:answer:\s*)?not[\s_-]?found\b", re.IGNORECASE)
STOP: Final = ("\nQUESTION:", "\nEVIDENCE", "END OF EVIDENCE")
MOST_SENTENCES: Final = 12


class Writer:
    """Drives one generation; drafts go into a queue as they are complete."""

    def __init__(
        self,
        chat: ChatModel,
        emit: Callable[[AskEvent], None],
        drafts: asyncio.Queue[DraftSentence | None],
        *,
        max_tokens: int,
    ) -> None:
        self._chat = chat
        self._emit = emit
        self._drafts = drafts
        self._max_tokens = max_tokens
        self._stream = SentenceStream()
        self._seen: set[str] = set()
        self._count = 0
        self._over = False
        self._given = ""
        self.usage: ChatUsage | None = None
        self.said_not_found = False

    async def write(self, messages: Sequence[Message]) -> None:
        """Until the model ends, repeats itself, or says that nothing was found."""
        self._given = "\n".join(message.content for message in messages if message.role == "user")
        generation = self._chat.stream(messages, max_tokens=self._max_tokens, stop=STOP)
        async with aclosing(generation) as items:
            async for item in items:
                if isinstance(item, ChatUsage):
                    self.usage = item
                    break
                if isinstance(item, ChatPiece):
                    self._take(item.text)
                if self._over:
                    break
        self._finish()

    def _take(self, piece: str) -> None:
        done = self._stream.feed(piece)
        for sentence in done:
            self._draft(sentence)
        text = self._stream.rest if done else piece
        if text and not self._over and not may_be_fetched(self._stream.rest):
            self._emit(Delta(sentence=self._next, text=text))

    def _finish(self) -> None:
        """The last sentence, unless it was cut off in the middle."""
        rest = self._stream.rest
        cut = self.usage is not None and self.usage.stopped_by == "length"
        if rest and not self._over and not (cut and self._count):
            self._draft(rest)

    @property
    def _next(self) -> SentenceId:
        return SentenceId(f"s{self._count + 1}")

    def _draft(self, text: str) -> None:
        if self._over:
            return
        text = answer_text(text, self._given)
        bare = folded(without_marks(text))
        if _NOT_FOUND.match(text):
            self.said_not_found = self._over = True
        elif bare in self._seen or self._count >= MOST_SENTENCES:
            self._over = True
        elif bare.strip(" .-*"):
            draft = DraftSentence(id=self._next, text=text)
            self._seen.add(bare)
            self._count += 1
            self._emit(Draft(sentence=draft))
            self._drafts.put_nowait(draft)
