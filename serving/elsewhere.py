"""Models on other machines: what they are sent, what stands in for them, what is written down."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from agent.services import Elsewhere
from pincite.config import (
    JudgeReranker,
    LiteLLMChat,
    LiteLLMEncoder,
    LiteLLMPictureJudge,
    LlamaCppChat,
    OnnxEncoder,
    Settings,
)
from pincite.egress import is_here
from pincite.models.encoder_here import EncoderHere
from pincite.models.factory import chat_model, embedded_at, text_encoder
from pincite.models.outgoing import LOG, CallLog, Outgoing
from pincite.models.ports import ChatModel, TextEncoder
from pincite.models.store import ModelStore

_MIB = 1 << 20


class Chats(NamedTuple):
    """Who answers."""

    chat: ChatModel | None
    """As configured; None in quotes-only mode."""
    stand_in: ChatModel | None
    """Of this machine, for what may not be sent to `chat`."""
    mute: str | None
    """Why there is none that was configured."""


def call_log(settings: Settings) -> CallLog:
    path: Path = settings.data_dir / LOG
    return CallLog(path, most_bytes=settings.egress.log_mib * _MIB)


def outgoing(settings: Settings) -> Outgoing:
    return Outgoing(call_log(settings))


def chats(settings: Settings, store: ModelStore, gate: Outgoing) -> Chats:
    """A model that is configured but not there is no reason to stop: quotes need none."""
    wanted = settings.chat
    if isinstance(wanted, LiteLLMChat):
        chat = chat_model(wanted, store, gate)
        leaves = chat is not None and not is_here(chat.endpoint)
        return Chats(chat, _stand_in(store) if leaves else None, None)
    if not isinstance(wanted, LlamaCppChat) or wanted.file is not None:
        return Chats(chat_model(wanted, store), None, None)
    if (state := store.state(wanted.model)) != "ready":
        mute = (
            f"the chat model {wanted.model} is {state}, so answers are verbatim quotes; "
            f"run: pincite models pull {wanted.model}"
        )
        return Chats(None, None, mute)
    return Chats(chat_model(wanted, store), None, None)


def _stand_in(store: ModelStore) -> ChatModel | None:
    """The model that ships, where its weights are here; they are loaded when it is needed."""
    settings = LlamaCppChat()
    return chat_model(settings, store) if store.state(settings.model) == "ready" else None


def encoder_for_answers(settings: Settings, encoder: TextEncoder, store: ModelStore) -> TextEncoder:
    """What quotes are chosen and claims are checked with: never the index, so any one will do."""
    endpoint = embedded_at(settings.encoder)
    if is_here(endpoint):
        return encoder
    return EncoderHere(encoder, endpoint, text_encoder(OnnxEncoder(), store))


def elsewhere(settings: Settings) -> tuple[Elsewhere, ...]:
    """What is asked of other machines beside the answer itself."""
    from pincite.models.litellm_hosts import endpoint_of

    asked = (
        ("search by meaning", settings.encoder, LiteLLMEncoder),
        ("the second look at what was found", settings.reranker, JudgeReranker),
        ("the look at cited pictures", settings.picture_judge, LiteLLMPictureJudge),
    )
    return tuple(
        Elsewhere(what, endpoint_of(part.model, part.api_base))
        for what, part, kind in asked
        if isinstance(part, kind)
    )
