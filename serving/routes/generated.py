"""Pictures that a model draws on request; no route of sources or answers knows them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from pincite.errors import UpstreamError
from pincite.generated import (
    DrawingEvent,
    GeneratedId,
    GeneratedPicture,
    PictureDrawn,
    PictureWish,
)
from serving.sse import EventStream, left
from serving.wiring import scope_of, wired

router = APIRouter()
_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


class Shelved(BaseModel):
    pictures: list[GeneratedPicture]


@router.post("/v1/generated", response_model=GeneratedPicture)
async def draw(request: Request, body: PictureWish) -> Response | GeneratedPicture:
    """The picture's description; or its events, with `Accept: text/event-stream`.

    Whoever hangs up ends the work before the next step.
    """
    events = wired(request).service.studio.draw(body, scope_of(request))
    if "text/event-stream" in request.headers.get("accept", ""):
        return EventStream(events)
    drawing = asyncio.create_task(_drawn(events))
    leaving = asyncio.create_task(left(request.receive))
    try:
        await asyncio.wait({drawing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not drawing.done():
            raise ClientDisconnect
        return drawing.result()
    finally:
        for task in (drawing, leaving):
            task.cancel()
        await asyncio.gather(drawing, leaving, return_exceptions=True)


async def _drawn(events: AsyncGenerator[DrawingEvent, None]) -> GeneratedPicture:
    async with aclosing(events):
        async for event in events:
            if isinstance(event, PictureDrawn):
                return event.picture
    raise UpstreamError("the drawing ended without a picture; try again")


@router.get("/v1/generated")
async def pictures(request: Request) -> Shelved:
    """Those that the asker asked for, the newest first."""
    return Shelved(pictures=await wired(request).service.studio.pictures(scope_of(request)))


@router.get("/v1/generated/{picture}.png")
async def png(request: Request, picture: str) -> Response:
    """With its visible label and its provenance in text fields."""
    found = await wired(request).service.studio.png(GeneratedId(picture), scope_of(request))
    headers = {"content-security-policy": _POLICY, "cache-control": "private, max-age=600"}
    return Response(found, media_type="image/png", headers=headers)


@router.delete("/v1/generated/{picture}", status_code=204)
async def delete(request: Request, picture: str) -> Response:
    await wired(request).service.studio.delete(GeneratedId(picture), scope_of(request))
    return Response(status_code=204)
