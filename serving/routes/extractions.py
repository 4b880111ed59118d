"""Tables over all files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Literal

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from pincite.errors import UpstreamError
from pincite.extractions import Asked, Extracted, Extracting, Extraction
from retrievers.filters import split
from serving.extraction_files import MEDIA_TYPES, written_as
from serving.sse import EventStream, left
from serving.wiring import scope_of, wired

router = APIRouter()


class Wanted(Asked):
    collections: tuple[str, ...] = ()
    """Empty means all."""
    sources: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    """`KEY=VALUE`, as on the command line."""
    format: Literal["json", "csv", "xlsx"] = "json"


@router.post("/v1/extract")
async def extract(request: Request, body: Wanted) -> Response:
    """The table in the format asked for; or its events, with `Accept: text/event-stream`."""
    asked = Asked.model_validate(body.model_dump(include=set(Asked.model_fields)))
    scope = scope_of(request, body.collections, body.sources)
    filters = [split(each) for each in body.filters]
    events = wired(request).service.extract(asked, scope, filters=filters)
    if "text/event-stream" in request.headers.get("accept", ""):
        return EventStream(events)
    making = asyncio.create_task(_table(events))
    leaving = asyncio.create_task(left(request.receive))
    try:
        await asyncio.wait({making, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not making.done():
            raise ClientDisconnect
        return _file(making.result(), body.format)
    finally:
        for task in (making, leaving):
            task.cancel()
        await asyncio.gather(making, leaving, return_exceptions=True)


async def _table(events: AsyncGenerator[Extracting | Extracted, None]) -> Extraction:
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Extracted):
                return event.table
    raise UpstreamError("the extraction ended without a table")


def _file(table: Extraction, form: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="table.{form}"'}
    return Response(written_as(table, form), media_type=MEDIA_TYPES[form], headers=headers)
