"""Where sources lie, for a client that keeps a library in step with a folder or a bucket.

Whoever holds the token owns the library: places are told whatever the readers of a source.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from pincite.elements import SourceId
from serving.service import Placed
from serving.wiring import wired

router = APIRouter()


class Place(BaseModel):
    source: str
    origin: str
    stamp: str


class Displaced(BaseModel):
    deleted: bool


@router.get("/v1/places")
async def placed(request: Request, prefix: str, collection: str = "default") -> list[Placed]:
    """Places that begin with `prefix`."""
    return await wired(request).service.placed(prefix, collection)


@router.post("/v1/places", status_code=204)
async def place(request: Request, body: Place) -> Response:
    """A source lies there now, and its file looks like `stamp`."""
    await wired(request).service.place(SourceId(body.source), origin=body.origin, stamp=body.stamp)
    return Response(status_code=204)


@router.delete("/v1/places")
async def displace(request: Request, source: str, origin: str) -> Displaced:
    """It lies there no more; with its last place a source is deleted."""
    return Displaced(deleted=await wired(request).service.displace(SourceId(source), origin))
