"""The HTTP service: routes behind the guard."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from pincite.config import Server
from serving import http_errors
from serving.routes import evidence, health, page, questions, sources
from serving.security import Gate, Guard
from serving.service import Service
from serving.wiring import Wired

_MAX_JSON_BODY = 64 * 1024


def create_app(service: Service, *, gate: Gate, server: Server, incoming: Path) -> FastAPI:
    """`incoming` is a private folder for uploads, on the same file system as the blobs."""
    app = FastAPI(title="Pincite", docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    app.state.wired = Wired(
        service=service, incoming=incoming, max_upload_mib=server.max_upload_mib
    )
    http_errors.install(app)
    for module in (health, sources, questions, evidence, page):
        app.include_router(module.router)
    app.add_middleware(Guard, gate=gate, locked=page.locked_page(), max_body=_MAX_JSON_BODY)
    return app
