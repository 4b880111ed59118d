"""The one table that turns an error into an HTTP answer, and back again in `RemoteService`."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from pincite import errors
from pincite.errors import PinciteError

_LOG = logging.getLogger(__name__)

STATUS: dict[type[PinciteError], int] = {
    errors.UnknownSource: 404,
    errors.UnknownCollection: 404,
    errors.UnknownPicture: 404,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.UserError: 400,
    errors.CorruptSource: 422,
    errors.DiskFull: 507,
    errors.DataFolderBusy: 503,
    errors.SetupError: 500,
    errors.UpstreamError: 503,
}
"""Looked up along the error's own line of parents, nearest first."""

INTERNAL = "something went wrong inside Pincite; the service's log says what"


def status_of(error: PinciteError) -> int:
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)


def from_wire(name: str, message: str) -> PinciteError:
    """The same class that the service raised; SetupError where the name is not one of ours."""
    found = {cls.__name__: cls for cls in _descendants(PinciteError)}
    cls = found.get(name, errors.SetupError)
    # Some classes make their message from other arguments; here it is already made.
    return cls.__new__(cls, message)


def _descendants(cls: type[PinciteError]) -> Iterator[type[PinciteError]]:
    for child in cls.__subclasses__():
        yield child
        yield from _descendants(child)


def problem(status: int, error: str, message: str) -> JSONResponse:
    return JSONResponse({"error": error, "message": message}, status_code=status)


def install(app: FastAPI) -> None:
    """Every answer that is not a success has the body `{error, message}`."""
    app.add_exception_handler(PinciteError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PinciteError)  # noqa: S101
    return problem(status_of(error), type(error).__name__, str(error))


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    return problem(422, "BadRequest", f"{where}: {first['msg']}" if where else first["msg"])


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    name = {404: "NotFound", 405: "MethodNotAllowed"}.get(error.status_code, "BadRequest")
    return problem(error.status_code, name, str(error.detail))


async def _gone(_: Request, error: Exception) -> JSONResponse:
    """Nobody reads this: the client left in the middle of its request."""
    return problem(400, "ClientGone", str(error))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    return problem(500, "InternalError", INTERNAL)
