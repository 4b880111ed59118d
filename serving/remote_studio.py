"""Pictures on request from a running service."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter

from pincite.elements import Scope
from pincite.generated import (
    DRAWING_EVENT,
    DrawingEvent,
    GeneratedId,
    GeneratedPicture,
    PictureWish,
)
from serving.remote_wire import not_failed

_PICTURES = TypeAdapter(list[GeneratedPicture])


Send = Callable[..., Awaitable[httpx.Response]]
"""Method, path, scope and what else a request has → the answer; raises errors of ours."""
Events = Callable[..., AbstractAsyncContextManager[AsyncGenerator[str, None]]]
"""The same → the data of each event."""


class RemoteStudio:
    """Implements `Studio`."""

    def __init__(self, send: Send, events: Events) -> None:
        self._send = send
        self._events = events

    async def draw(self, wish: PictureWish, scope: Scope) -> AsyncGenerator[DrawingEvent, None]:
        body = wish.model_dump(mode="json")
        async with self._events("POST", "/v1/generated", scope, json=body) as lines:
            async for data in lines:
                yield DRAWING_EVENT.validate_json(not_failed(data))

    async def pictures(self, scope: Scope) -> list[GeneratedPicture]:
        answer = await self._send("GET", "/v1/generated", scope)
        return _PICTURES.validate_python(answer.json()["pictures"])

    async def png(self, picture: GeneratedId, scope: Scope) -> bytes:
        return (await self._send("GET", f"{_path(picture)}.png", scope)).content

    async def delete(self, picture: GeneratedId, scope: Scope) -> None:
        await self._send("DELETE", _path(picture), scope)


def _path(picture: GeneratedId) -> str:
    return f"/v1/generated/{quote(picture, safe='')}"
