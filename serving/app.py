"""The HTTP service: routes behind the guard."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from pincite.config import Server
from serving import http_errors
from serving.routes import (
    egress,
    evidence,
    extractions,
    feedback,
    generated,
    health,
    page,
    places,
    questions,
    sources,
)
from serving.security import Gate, Guard
from serving.service import Service
from serving.wiring import Wired

_MAX_JSON_BODY = 64 * 1024


def create_app(service: Service, *, gate: Gate, server: Server, incoming: Path) -> Guard:
    """The guarded service; `incoming` is a private folder for uploads, near the blobs.

    The guard is outermost, so that even the answer to an unforeseen error carries its headers.
    """
    api = create_api(service, server=server, incoming=incoming)
    return Guard(api, gate=gate, locked=page.locked_page(), max_body=_MAX_JSON_BODY)


def create_api(service: Service, *, server: Server, incoming: Path) -> FastAPI:
    """The bare routes; never served without the guard."""
    app = FastAPI(
        title="Pincite",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        # Off whatever the environment says: nothing leaves this machine unasked.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.wired = Wired(
        service=service, incoming=incoming, max_upload_mib=server.max_upload_mib
    )
    http_errors.install(app)
    for module in (
        health,
        sources,
        places,
        questions,
        extractions,
        egress,
        feedback,
        evidence,
        generated,
        page,
    ):
        app.include_router(module.router)
    return app
