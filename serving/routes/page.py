"""The web page: a fixed set of files of the package, looked up by name and never by path."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

router = APIRouter()

_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


@cache
def assets() -> dict[str, tuple[bytes, str]]:
    """Name → bytes and media type of everything in `ui/web`."""
    folder = files("ui") / "web"
    known = {item.name: item.name.rpartition(".")[2] for item in folder.iterdir()}
    return {
        name: ((folder / name).read_bytes(), _TYPES[suffix])
        for name, suffix in known.items()
        if suffix in _TYPES
    }


def locked_page() -> str:
    return assets()["locked.html"][0].decode()


@router.get("/")
async def index() -> Response:
    return _asset("index.html")


@router.get("/web/{name}")
async def asset(name: str) -> Response:
    return _asset(name)


def _asset(name: str) -> Response:
    if name not in assets():
        raise HTTPException(404, "no such file")
    body, media_type = assets()[name]
    return Response(body, media_type=media_type, headers={"cache-control": "no-cache"})
