"""What a remote service says over HTTP, and what it makes of the answers."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from typing import IO, Any
from urllib.parse import quote

import httpx

from pincite.elements import Scope
from pincite.errors import ModelUnavailable, PinciteError, UserError
from pincite.events import Failed
from serving.http_errors import from_wire
from serving.service import Upload
from serving.wiring import AS


async def data_of(answer: httpx.Response) -> AsyncGenerator[str, None]:
    """Split at line feeds only: JSON may hold other characters that end a line elsewhere."""
    rest = b""
    async for piece in answer.aiter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"data: "):
                yield line.removeprefix(b"data: ").decode()


def asker(scope: Scope | None, more: Mapping[str, Any]) -> dict[str, Any]:
    asked = dict(more)
    if scope is None:
        return asked | {"headers": {}}
    asked["headers"] = {AS: quote(min(scope.principals))}
    if "json" not in asked and scope.collections:
        asked["params"] = {**asked.get("params", {}), "collection": sorted(scope.collections)}
    return asked


def only_asker(scope: Scope) -> Scope:
    """For a request whose body says the rest."""
    return scope.model_copy(update={"collections": frozenset()})


def opened(upload: Upload) -> IO[bytes]:
    try:
        return upload.path.open("rb")
    except OSError as exc:
        raise UserError(f"{upload.name} cannot be opened: {exc.strerror}") from exc


def narrowed(scope: Scope) -> dict[str, list[str]]:
    return {"collections": sorted(scope.collections), "sources": sorted(scope.sources)}


def not_failed(data: str) -> str:
    """Raises what a stream of progress ended with."""
    event = json.loads(data)
    if event.get("kind") == "failed":
        failed = Failed.model_validate(event)
        raise from_wire(failed.error, failed.message)
    return data


def raise_for(answer: httpx.Response) -> None:
    if not answer.is_error:
        return
    try:
        body = answer.json()
        error: PinciteError = from_wire(body["error"], body["message"])
    except (ValueError, KeyError, TypeError):
        error = ModelUnavailable(f"the running service answered with status {answer.status_code}")
    raise error


def gone(exc: httpx.HTTPError) -> ModelUnavailable:
    return ModelUnavailable(
        f"the running service does not answer ({type(exc).__name__}); "
        "stop `pincite serve`, start it again, and repeat the command"
    )
