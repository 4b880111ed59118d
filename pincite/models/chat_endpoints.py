"""Finding servers of language models: Ollama, vLLM and whatever speaks the OpenAI protocol."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import httpx

from pincite.config import LiteLLMChat
from pincite.errors import BadSettings, ModelUnavailable
from pincite.values import Value

Protocol = Literal["ollama", "openai"]
Reach = Literal["this machine", "local network", "internet"]

USUAL_PORTS = {
    11434: "Ollama",
    8000: "vLLM",
    8080: "llama.cpp server",
    1234: "LM Studio",
    4000: "LiteLLM proxy",
}
"""Where such servers listen unless told otherwise; asked on 127.0.0.1 only."""
TIMEOUT_S = 3.0


class ChatEndpoint(Value):
    """A server that answered, and what it offers."""

    url: str
    """Without a trailing slash and without `/v1`."""
    protocol: Protocol
    server: str
    """As a person calls it."""
    models: tuple[str, ...]

    def settings(self, model: str, api_key: str | None = None) -> LiteLLMChat:
        """How LiteLLM is told to use it. Raises BadSettings: no such model there."""
        if model not in self.models:
            offered = ", ".join(self.models) or "none"
            raise BadSettings(f"{self.url} has no model {model!r}; it has: {offered}")
        prefix, base = ("ollama_chat", self.url)
        if self.protocol == "openai":
            prefix, base = ("openai", f"{self.url}/v1")
        return LiteLLMChat.model_validate(
            {"model": f"{prefix}/{model}", "api_base": base, "api_key": api_key}
        )


class KeyNeeded(ModelUnavailable):
    """The server asks for a key, or for another one."""


async def usual_endpoints(ports: Iterable[int] = tuple(USUAL_PORTS)) -> list[ChatEndpoint]:
    """Ask this machine's usual ports at once; no other machine is asked."""

    async def ask(port: int) -> ChatEndpoint | None:
        try:
            return await endpoint_at(f"http://127.0.0.1:{port}")
        except ModelUnavailable:
            return None

    found = await asyncio.gather(*map(ask, ports))
    return [endpoint for endpoint in found if endpoint is not None]


async def endpoint_at(url: str, api_key: str | None = None) -> ChatEndpoint:
    """Ask one address what it is and what it offers; only lists are asked for.

    Raises:
        KeyNeeded: it wants a (different) key.
        ModelUnavailable: nothing answers there, or nothing that we can speak to.
        BadSettings: not an address.
    """
    base = _base(url)
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    # A proxy of the environment must not come between us and our own machine.
    trust = reach_of(base) != "this machine"
    async with httpx.AsyncClient(timeout=TIMEOUT_S, headers=headers, trust_env=trust) as client:
        try:
            ollama = _names(await client.get(f"{base}/api/tags"), "models", "name")
            if ollama is not None:
                return ChatEndpoint(url=base, protocol="ollama", server="Ollama", models=ollama)
            listed = await client.get(f"{base}/v1/models")
        except httpx.HTTPError as exc:
            raise ModelUnavailable(
                f"nothing answers at {base}; start the server or give another address"
            ) from exc
    if listed.status_code in {401, 403}:
        raise KeyNeeded(f"{base} wants an API key; put it in a file and add --api-key-file FILE")
    offered = _names(listed, "data", "id")
    if offered is None:
        raise ModelUnavailable(f"{base} answers, but lists no models as Ollama or OpenAI would")
    return ChatEndpoint(url=base, protocol="openai", server=_server(base, listed), models=offered)


def reach_of(url: str) -> Reach:
    """How far a text goes that is sent there; a name that cannot be resolved counts as far."""
    host = urlsplit(url).hostname or ""
    addresses = _addresses(host)
    if addresses and all(address.is_loopback for address in addresses):
        return "this machine"
    if addresses and all(address.is_private or address.is_link_local for address in addresses):
        return "local network"
    return "internet"


def _addresses(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    if host == "localhost":
        return [ipaddress.ip_address("127.0.0.1")]
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]


def _base(url: str) -> str:
    full = url if "://" in url else f"http://{url}"
    parts = urlsplit(full)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSettings(f"{url!r} is not an address like http://127.0.0.1:11434")
    if parts.username or parts.password:
        raise BadSettings("the address must not contain a key; use --api-key-file FILE")
    return full.rstrip("/").removesuffix("/v1")


def _names(answer: httpx.Response, listed: str, key: str) -> tuple[str, ...] | None:
    """None where the answer is not such a list."""
    if answer.status_code != httpx.codes.OK.value:
        return None
    try:
        body: Any = answer.json()
        return tuple(str(entry[key]) for entry in body[listed])
    except (ValueError, KeyError, TypeError):
        return None


def _server(base: str, listed: httpx.Response) -> str:
    entries = cast("list[dict[str, Any]]", listed.json()["data"])
    owner = str(entries[0].get("owned_by", "")) if entries else ""
    names = {"vllm": "vLLM", "llamacpp": "llama.cpp server", "sglang": "SGLang"}
    return names.get(owner.lower(), f"OpenAI-style server at {urlsplit(base).netloc}")
