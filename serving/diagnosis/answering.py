"""The language model and the index: whether what is configured answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

import httpx

from pincite.config import (
    FakeChat,
    Index,
    LiteLLMChat,
    LlamaCppChat,
    NoChat,
    OnnxEncoder,
    Settings,
)
from pincite.errors import ModelUnavailable
from pincite.models.chat_endpoints import KeyNeeded, endpoint_at, reach_of
from pincite.models.factory import embedded_at, text_encoder
from pincite.models.store import ModelStore
from serving.diagnosis.findings import Finding
from serving.diagnosis.reading import weight

AREA = "answers"
QUOTES_ONLY = "quotes-only mode: answers are verbatim quotes with their citations"
OLLAMA_URL = "http://127.0.0.1:11434"
TIMEOUT_S = 5.0


def chat(settings: Settings, store: ModelStore) -> Iterator[Finding]:
    match settings.chat:
        case NoChat():
            yield Finding(area=AREA, state="works", says=f"{QUOTES_ONLY}, as configured")
        case FakeChat():
            says = "a stand-in for tests composes the answers"
            yield Finding(area=AREA, state="degraded", says=says, mend="pincite connect --local")
        case LlamaCppChat() as own if own.file is not None:
            yield from _own_files(own)
        case LlamaCppChat(model=name):
            yield weight(store, name)
            if not store.has(name):
                mend = f"pincite models pull {name}"
                yield Finding(area=AREA, state="degraded", says=QUOTES_ONLY, mend=mend)
            else:
                yield Finding(area=AREA, state="works", says=f"composed by {name} in this process")
        case LiteLLMChat() as remote:
            yield from _remote(remote)
        case _:
            assert_never(settings.chat)


def _own_files(own: LlamaCppChat) -> Iterator[Finding]:
    for path in filter(None, (own.model, own.mmproj)):
        if not Path(path).expanduser().is_file():
            says = f"there is no file {path}"
            mend = "correct PINCITE_CHAT__MODEL or PINCITE_CHAT__MMPROJ"
            yield Finding(area=AREA, state="broken", says=says, mend=mend)
            return
    sees = ", which sees" if own.mmproj else ""
    says = f"composed by {Path(own.model).name}{sees}, in this process"
    yield Finding(area=AREA, state="works", says=says)


def encoder(settings: Settings, store: ModelStore) -> Iterator[Finding]:
    """What is not of the store, which has findings of its own; loads no weights."""
    if isinstance(settings.encoder, OnnxEncoder) and not Path(settings.encoder.model).parts[1:]:
        return
    host = embedded_at(settings.encoder)
    says = f"by meaning, with {text_encoder(settings.encoder, store).id}"
    if host != "local":
        says += f", which is asked at {host}"
    yield Finding(area="search", state="works", says=says)


def index(settings: Index) -> Iterator[Finding]:
    url = settings.url or ""
    if settings.kind == "memory":
        says = "the index is kept in memory and is lost when the process ends"
        mend = "PINCITE_INDEX__KIND=edge"
        yield Finding(area="index", state="degraded", says=says, mend=mend)
    elif settings.kind == "qdrant" and url.startswith(("http://", "https://")):
        yield _qdrant(url)
    else:
        yield Finding(area="index", state="works", says=f"{settings.kind}, on this disk")


def _remote(remote: LiteLLMChat) -> Iterator[Finding]:
    provider, _, model = remote.model.partition("/")
    url = remote.api_base or (OLLAMA_URL if provider.startswith("ollama") else None)
    if url is None:
        says = f"{remote.model} at its provider; doctor does not call it"
        yield Finding(area=AREA, state="unchecked", says=says)
        return
    key = remote.api_key.get_secret_value() if remote.api_key else None
    where = f"{remote.model} at {url} ({reach_of(url)})"
    try:
        offered = asyncio.run(endpoint_at(url, key)).models
    except KeyNeeded:
        yield _unreachable(f"{where} refuses the API key")
    except ModelUnavailable as exc:
        yield _unreachable(str(exc))
    else:
        if model in offered or f"{model}:latest" in offered:
            sees = "; cited figures, photos, tables and scans are shown to it"
            says = f"composed by {where}{sees if remote.vision else ''}"
            yield Finding(area=AREA, state="works", says=says)
        else:
            yield _unreachable(f"{url} has no model {model!r}; it has: {', '.join(offered)}")


def _unreachable(says: str) -> Finding:
    mend = "start that server, or: pincite connect (or: pincite connect --local)"
    return Finding(area=AREA, state="broken", says=says, mend=mend)


def _qdrant(url: str) -> Finding:
    trust = reach_of(url) != "this machine"
    try:
        answer = httpx.get(f"{url.rstrip('/')}/readyz", timeout=TIMEOUT_S, trust_env=trust)
        answer.raise_for_status()
    except httpx.HTTPError as exc:
        says = f"the Qdrant server at {url} does not answer ({type(exc).__name__})"
        mend = "start it, or set PINCITE_INDEX__KIND=edge"
        return Finding(area="index", state="broken", says=says, mend=mend)
    return Finding(area="index", state="works", says=f"Qdrant server at {url}")
