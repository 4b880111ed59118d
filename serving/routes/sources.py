"""Files: add, list, look at, delete, and watch how they are read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from pincite.elements import SourceId
from pincite.evidence import Coverage
from serving.service import Accepted, Accounted, Alike, SourceStatus
from serving.sse import EventStream
from serving.uploads import receive_form
from serving.wiring import LOCAL, scope_of, wired

router = APIRouter()

Collections = Annotated[list[str], Query(alias="collection")]


class AcceptedUploads(BaseModel):
    accepted: list[Accepted]


class Library(BaseModel):
    sources: list[SourceStatus]
    coverage: Coverage
    max_upload_mib: int


@router.post("/v1/sources", status_code=202)
async def add(request: Request) -> AcceptedUploads:
    """Multipart: fields `collection`, `reader`, `origin`, then files.

    What became of each file; reading goes on in the background.
    """
    here = wired(request)
    form = await receive_form(request, here.incoming, max_bytes=here.max_upload_mib << 20)
    try:
        accepted = await here.service.add(
            form.uploads,
            collection=form.first("collection", "default"),
            readers=frozenset(form.fields.get("reader", [LOCAL])),
        )
    finally:
        form.remove_files()
    return AcceptedUploads(accepted=accepted)


@router.get("/v1/sources")
async def library(request: Request, collections: Collections = []) -> Library:  # noqa: B006
    here = wired(request)
    scope = scope_of(request, collections)
    return Library(
        sources=await here.service.sources(scope),
        coverage=await here.service.coverage(scope),
        max_upload_mib=here.max_upload_mib,
    )


@router.get("/v1/sources/{source}")
async def one(request: Request, source: str) -> SourceStatus:
    """With the state of every page, picture or stretch."""
    return await wired(request).service.source(SourceId(source), scope_of(request))


@router.delete("/v1/sources/{source}", status_code=204)
async def delete(request: Request, source: str, *, now: bool = False) -> Response:
    """With `now` the answer comes when no byte is left in any file."""
    await wired(request).service.delete(SourceId(source), scope_of(request), now=now)
    return Response(status_code=204)


@router.get("/v1/account")
async def account(request: Request, collections: Collections = []) -> Accounted:  # noqa: B006
    """Every file compared with what was kept of it; opens each file once."""
    return await wired(request).service.account(scope_of(request, collections))


@router.get("/v1/duplicates")
async def duplicates(request: Request, collections: Collections = []) -> list[Alike]:  # noqa: B006
    """Sources that say almost the same."""
    return await wired(request).service.duplicates(scope_of(request, collections))


class Begun(BaseModel):
    units: int


@router.post("/v1/sources/{source}/stop", status_code=204)
async def stop(request: Request, source: str) -> Response:
    """Read no more of it for now; what was read stays."""
    await wired(request).service.stop(SourceId(source), scope_of(request))
    return Response(status_code=204)


@router.post("/v1/sources/{source}/retry", status_code=202)
async def retry(request: Request, source: str) -> Begun:
    """Try again what was not read: failed, stopped and in quarantine; how many units that is."""
    return Begun(units=await wired(request).service.retry(SourceId(source), scope_of(request)))


@router.get("/v1/ingest/events")
async def events(request: Request, collections: Collections = []) -> Response:  # noqa: B006
    """Server-sent events: progress of reading, until nothing is left to read."""
    return EventStream(wired(request).service.watch(scope_of(request, collections)))
