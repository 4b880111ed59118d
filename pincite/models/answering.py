"""Which chat model may read a text."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pincite.egress import Allowed
from pincite.models.ports import ChatModel


@runtime_checkable
class Several(Protocol):
    """A chat model of several endpoints, of which some may be asked and some not."""

    def within(self, allowed: Allowed) -> ChatModel | None:
        """What is left of it; None where none may be asked."""
        ...


def answering(
    chat: ChatModel | None, stand_in: ChatModel | None, allowed: Allowed
) -> ChatModel | None:
    """The configured model, or else the one of this machine; None where neither may answer."""
    if chat is None:
        return None
    if isinstance(chat, Several):
        return chat.within(allowed) or stand_in
    return chat if allowed.permits(chat.endpoint) else stand_in
