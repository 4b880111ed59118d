"""Which chat model may read a text."""

from __future__ import annotations

from pincite.egress import Allowed
from pincite.models.ports import ChatModel


def answering(
    chat: ChatModel | None, stand_in: ChatModel | None, allowed: Allowed
) -> ChatModel | None:
    """The configured model, or else the one of this machine; None where neither may answer."""
    if chat is None or allowed.permits(chat.endpoint):
        return chat
    return stand_in
