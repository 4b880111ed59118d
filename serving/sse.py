"""Server-sent events: frames, a heartbeat, and an end to the work when the listener leaves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pincite.errors import PinciteError
from pincite.events import Failed
from pincite.values import Value
from serving.http_errors import INTERNAL

_LOG = logging.getLogger(__name__)
_HEARTBEAT_S = 10.0
_AHEAD = 64
"""Frames that may wait for a slow listener before the work waits too."""


def frame(event: Value) -> bytes:
    """One event; JSON without line breaks, so that no text can forge a second one."""
    kind = getattr(event, "kind", "progress")
    return f"event: {kind}\ndata: {event.model_dump_json()}\n\n".encode()


class EventStream(Response):
    """Sends the events of a generator; closes the generator when the listener disconnects."""

    media_type = "text/event-stream"

    def __init__(
        self, events: AsyncGenerator[Value, None], *, heartbeat_s: float = _HEARTBEAT_S
    ) -> None:
        super().__init__(headers={"x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._events = events
        self._heartbeat_s = heartbeat_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        frames: asyncio.Queue[bytes | None] = asyncio.Queue(_AHEAD)
        pump = asyncio.create_task(self._pump(frames))
        writer = asyncio.create_task(self._write(frames, send))
        leaving = asyncio.create_task(left(receive))
        try:
            await asyncio.wait({writer, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (pump, writer, leaving):
                task.cancel()
            await asyncio.gather(pump, writer, leaving, return_exceptions=True)

    async def _pump(self, frames: asyncio.Queue[bytes | None]) -> None:
        """Run the generator in one task from its first step to its close."""
        try:
            async with aclosing(self._events) as events:
                async for event in events:
                    await frames.put(frame(event))
        except PinciteError as exc:
            await frames.put(frame(Failed(error=type(exc).__name__, message=str(exc))))
        except Exception:  # noqa: BLE001 - the process edge: the listener must get an end
            _LOG.exception("an event stream broke off")
            await frames.put(frame(Failed(error="InternalError", message=INTERNAL)))
        await frames.put(None)

    async def _write(self, frames: asyncio.Queue[bytes | None], send: Send) -> None:
        while True:
            try:
                body = await asyncio.wait_for(frames.get(), self._heartbeat_s)
            except TimeoutError:
                body = b": still here\n\n"
            more = body is not None
            await send({"type": "http.response.body", "body": body or b"", "more_body": more})
            if not more:
                return


async def left(receive: Receive) -> None:
    """Return when the client has gone; only after the body of its request was read."""
    while (await receive())["type"] != "http.disconnect":
        pass
