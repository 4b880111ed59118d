"""What a citation points at: page pictures, elements, and the original file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse

from pincite.elements import Element, ElementId, SourceId
from serving.uploads import safe_name
from serving.wiring import scope_of, wired

router = APIRouter()

_INLINE = frozenset(
    {
        "application/pdf",
        "image/bmp",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "image/webp",
    }
)
"""Pictures without scripts; SVG and HTML are never shown in our origin."""
_PLAYED = ("audio/", "video/")
_ORIGINAL_POLICY = "default-src 'none'; media-src 'self'; frame-ancestors 'none'; sandbox"
_PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_KEEP = "private, max-age=600"


class OneRange(FileResponse):
    """A file of which one range may be asked for; several give the whole file."""

    max_ranges = 1


@router.get("/v1/elements/{element}")
async def element(request: Request, element: str) -> Element:
    return await wired(request).service.element(ElementId(element), scope_of(request))


@router.get("/v1/sources/{source}/units/{unit}")
async def unit(
    request: Request, source: str, unit: Annotated[int, Path(ge=1, le=1_000_000)]
) -> list[Element]:
    """Everything read from one page, picture, stretch or document, in reading order."""
    return await wired(request).service.elements(SourceId(source), unit, scope_of(request))


@router.get("/v1/sources/{source}/pages/{page}.png")
async def picture(
    request: Request,
    source: str,
    page: Annotated[int, Path(ge=1, le=1_000_000)],
    dpi: Annotated[int, Query(ge=36, le=300)] = 110,
) -> Response:
    """The page as a reader sees it."""
    png = await wired(request).service.picture(SourceId(source), page, scope_of(request), dpi=dpi)
    headers = {"content-security-policy": _PICTURE_POLICY, "cache-control": _KEEP}
    return Response(png, media_type="image/png", headers=headers)


@router.get("/v1/sources/{source}/frames/{at_ms}.png")
async def frame(
    request: Request, source: str, at_ms: Annotated[int, Path(ge=0, le=1_000_000_000)]
) -> Response:
    """The picture that a player shows at a millisecond of a video."""
    png = await wired(request).service.frame(SourceId(source), at_ms / 1000, scope_of(request))
    headers = {"content-security-policy": _PICTURE_POLICY, "cache-control": _KEEP}
    return Response(png, media_type="image/png", headers=headers)


@router.get("/v1/sources/{source}/original")
async def original(request: Request, source: str) -> Response:
    """The file itself, with byte ranges. Only what cannot run scripts is shown in the browser."""
    service, scope = wired(request).service, scope_of(request)
    path, media_type = await service.original(SourceId(source), scope)
    shown = media_type in _INLINE or media_type.startswith(_PLAYED)
    name = (await service.source(SourceId(source), scope)).source.name
    return OneRange(
        path,
        media_type=media_type if shown else "application/octet-stream",
        filename=safe_name(name),
        content_disposition_type="inline" if shown else "attachment",
        headers={"content-security-policy": _ORIGINAL_POLICY},
    )
